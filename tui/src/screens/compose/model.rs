//! What the screen Compose knows: the draft, where it is being written, and what there is to know about it.

use chrono_tz::Tz;
use ratatui::layout::Rect;
use ratatui_textarea::{TextArea, WrapMode};

use super::{
    exchange::{Kind, Learned, Reach},
    layout::Layout,
};
use crate::{
    credentials::Account,
    draft::{Draft, Field, LONGEST_LINK, Place},
    input::Line,
    message::Ticket,
    model::{
        letter::{Letter, Recipients},
        shared::Shared,
    },
};

/// The screen's model.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is true or not, whatever the others are")]
pub struct Compose {
    /// What is being written.
    pub draft: Draft,
    /// The texts of it, as they are edited.
    pub editors: Editors,
    /// Which field the keys act on.
    pub field: Field,
    /// They type into it.
    pub typing: bool,
    /// On a small terminal: what it will look like is shown, instead of the fields.
    pub preview: bool,
    /// Rows that what it will look like is scrolled down by.
    pub scroll: u16,
    /// It was to be sent: whatever is missing is said.
    pub tried: bool,
    /// Where the draft that was kept is.
    pub kept: Kept,
    /// It has changed since it was kept.
    pub changed: bool,
    /// What there is to choose from.
    pub learned: Option<Learned>,
    /// How many it would reach.
    pub count: Count,
    /// What was asked whether to do.
    pub asked: Option<Asked>,
    /// It is being sent.
    pub sending: Option<Ticket>,
    /// The message is in the user's own editor.
    pub outside: Option<Box<Outside>>,
}

/// What the user's own editor was opened for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// Whose draft it is.
    pub account: Account,
    /// It, as it was then.
    pub draft: Draft,
}

/// Where the draft that was kept is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kept {
    /// It has yet to be asked for.
    #[default]
    Unknown,
    /// It is on its way: until it is there, nothing is written over it.
    Coming,
    /// It is here, or there was none.
    Here,
}

/// What was asked whether to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// To send this.
    Send(Box<Letter>),
    /// To write this instead.
    Replace(Box<Draft>),
}

/// How many it would reach: asked when whom and what have stayed the same for a tick.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// What it was at the last tick.
    pub seen: Option<Question>,
    /// What was asked last, and the answer's ticket.
    pub asked: Option<(Question, Ticket)>,
    /// The answer to that; none before it is there.
    pub answer: Option<Result<Reach, String>>,
    /// Somebody waits for it, to send.
    pub wanted: bool,
}

/// Of whom, and as what kind of news.
pub(super) type Question = (Recipients, String);

/// The texts of a draft, each with the place where the next character goes.
#[derive(Debug)]
pub struct Editors {
    /// Only to these.
    pub only: Line,
    /// One line.
    pub title: Line,
    /// Several. The widget remembers where it was scrolled to when it was last drawn; nothing depends on that.
    pub message: TextArea<'static>,
    /// Where to act on it.
    pub link: Line,
    /// When it stops being news.
    pub expires: Line,
    /// When to send it.
    pub send_at: Line,
}

impl Default for Compose {
    fn default() -> Self {
        Self {
            draft: Draft::new(String::new()),
            editors: Editors::of(&Draft::new(String::new())),
            field: Field::To,
            typing: false,
            preview: false,
            scroll: 0,
            tried: false,
            kept: Kept::default(),
            changed: false,
            learned: None,
            count: Count::default(),
            asked: None,
            sending: None,
            outside: None,
        }
    }
}

impl Editors {
    /// For what is written so far.
    pub fn of(draft: &Draft) -> Self {
        let mut message = TextArea::from(draft.message.split('\n'));
        message.set_wrap_mode(WrapMode::WordOrGlyph);
        message.move_cursor(ratatui_textarea::CursorMove::Bottom);
        message.move_cursor(ratatui_textarea::CursorMove::End);
        let line = |text: &String| Line::of(text.clone());
        Self {
            only: line(&draft.only),
            title: line(&draft.title),
            message,
            link: line(&draft.link).with_limit(LONGEST_LINK),
            expires: line(&draft.expires),
            send_at: line(&draft.send_at),
        }
    }

    /// A field's line, where it is one.
    pub fn line(&self, field: Field) -> Option<&Line> {
        match field {
            Field::Only => Some(&self.only),
            Field::Title => Some(&self.title),
            Field::Link => Some(&self.link),
            Field::Expires => Some(&self.expires),
            Field::SendAt => Some(&self.send_at),
            Field::To | Field::Type | Field::Priority | Field::Message => None,
        }
    }

    /// The same, to type into, and the part of the draft that says the same.
    pub fn line_mut<'a>(
        &'a mut self,
        draft: &'a mut Draft,
        field: Field,
    ) -> Option<(&'a mut Line, &'a mut String)> {
        match field {
            Field::Only => Some((&mut self.only, &mut draft.only)),
            Field::Title => Some((&mut self.title, &mut draft.title)),
            Field::Link => Some((&mut self.link, &mut draft.link)),
            Field::Expires => Some((&mut self.expires, &mut draft.expires)),
            Field::SendAt => Some((&mut self.send_at, &mut draft.send_at)),
            Field::To | Field::Type | Field::Priority | Field::Message => None,
        }
    }
}

impl Compose {
    /// Which part of the screen shows what.
    pub(super) fn layout(&self, body: Rect) -> Layout {
        Layout::of(body, self.preview)
    }

    /// Whose wall clock its times go by: the campus's, else the user's.
    pub fn zone(&self, shared: &Shared) -> Tz {
        let campus = match &self.draft.place {
            Some(Place::Campus { key, .. }) => {
                self.learned.as_ref().and_then(|learned| learned.zones.get(key).copied())
            }
            _ => None,
        };
        campus.unwrap_or(shared.options.zone)
    }

    /// The type that is chosen, where the server has one of that name.
    pub fn chosen_kind(&self) -> Option<&Kind> {
        let name = self.draft.kind();
        self.learned.as_ref()?.types.iter().find(|kind| kind.name == name)
    }

    /// How many it would reach, where that is known of just this.
    pub fn reach(&self) -> Option<&Result<Reach, String>> {
        let (asked, _) = self.count.asked.as_ref()?;
        if self.question().as_ref() == Some(asked) { self.count.answer.as_ref() } else { None }
    }

    /// Whom it would reach, and as what kind of news; nothing while that is not chosen.
    pub fn question(&self) -> Option<Question> {
        Some((crate::draft::recipients(&self.draft)?, self.draft.kind().to_owned()))
    }
}
