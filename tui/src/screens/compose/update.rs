//! What changes the screen Compose, and what is asked because of it.

pub(super) mod choose;
mod count;
pub(super) mod edit;
mod keeping;
mod sending;
#[cfg(test)]
mod tests;

use ratatui::layout::Position;

use super::{
    Compose,
    exchange::{self, Signal},
    layout::places,
    model::{Asked, Editors, Kept},
    notes::notes,
    view,
};
use crate::{
    action::Action,
    draft::{Draft, Field},
    effect::Effect,
    message::Gesture,
    model::{
        overlay::{Answer, Overlay, Question},
        shared::Shared,
    },
    screens::{Tab, Told},
    theme::Tone,
    update::{beyond, scrolled},
};

/// The user wants something.
pub(super) fn act(screen: &mut Compose, shared: &mut Shared, action: Action) -> Vec<Effect> {
    match action {
        Action::NextField | Action::Down | Action::Accept => edit::go(screen, 1),
        Action::PreviousField | Action::Up => edit::go(screen, -1),
        Action::Top => screen.field = Field::To,
        Action::Bottom => screen.field = Field::SendAt,
        Action::Back if screen.typing => screen.typing = false,
        Action::PageUp | Action::PageDown => {
            let rows = screen.layout(shared.body()).preview.height;
            screen.scroll = scrolled(screen.scroll, action, rows);
        }
        Action::Preview => screen.preview = !screen.preview,
        Action::EditField => choose::edit(screen, shared),
        Action::NextChoice => choose::step(screen, shared, 1),
        Action::PreviousChoice => choose::step(screen, shared, -1),
        Action::EditOutside => return edit::outside(screen, shared),
        Action::Send => return sending::ask(screen, shared),
        Action::Discard => ask_to_discard(screen, shared),
        _ => {}
    }
    Vec::new()
}

/// Something happened around it.
pub(super) fn tell(screen: &mut Compose, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
    match told {
        Told::Shown => {
            let mut effects = keeping::restore(screen, shared);
            effects.extend(learn(screen, shared));
            effects
        }
        Told::Hidden => {
            (screen.typing, screen.count.wanted) = (false, false);
            screen.keep(shared)
        }
        Told::Connected => {
            // Who is connected, and who mutes what, may be others by now.
            screen.count.asked = None;
            screen.learned.take_if(|learned| learned.types.is_empty());
            Vec::new()
        }
        Told::Tick => {
            let mut effects = keeping::restore(screen, shared);
            effects.extend(screen.keep(shared));
            if shared.tab == Tab::Compose {
                effects.extend(learn(screen, shared));
                effects.extend(count::tick(screen, shared));
            }
            effects
        }
        Told::Lost | Told::Campus | Told::Happening(_) => Vec::new(),
    }
}

/// Asks what there is to choose from, once.
fn learn(screen: &mut Compose, shared: &Shared) -> Vec<Effect> {
    if screen.learned.is_some() || !shared.link.is_up() {
        return Vec::new();
    }
    // Once on a connection, however it is answered.
    screen.learned = Some(exchange::Learned::default());
    vec![exchange::Effect::Learn.into()]
}

impl Compose {
    /// The network answers, or the folder of drafts.
    pub fn receive(&mut self, shared: &mut Shared, signal: Signal) -> Vec<Effect> {
        match signal {
            Signal::Learned(Ok(learned)) => self.learned = Some(*learned),
            Signal::Learned(Err(fault)) => {
                if shared.link.is_up() {
                    shared.complain(format!("failed to read the types: {fault}"));
                }
            }
            Signal::Restored { account, result } if Some(&account) == shared.account().as_ref() => {
                keeping::restored(self, shared, result);
            }
            Signal::Restored { .. } | Signal::Kept => {}
            Signal::NotKept(why) => {
                // Again at the next tick: perhaps the disk has room by then.
                self.changed = true;
                shared.complain(format!("the draft is not kept: {why}"));
            }
            Signal::Counted { ticket, result } => count::counted(self, shared, ticket, result),
            Signal::Sent { ticket, result } => return sending::sent(self, shared, ticket, result),
        }
        Vec::new()
    }

    /// Another screen has something to write.
    pub fn write(&mut self, shared: &mut Shared, draft: Draft) -> Vec<Effect> {
        if self.sending.is_some() {
            // It would be taken for the one that was sent, and thrown away once that has arrived.
            shared.complain("a draft is being sent; write this one when that is done");
            return Vec::new();
        }
        if self.kept != Kept::Here || self.draft.is_empty() {
            // What is kept, if anything is, has to be seen first.
            if self.kept == Kept::Here {
                self.begin(shared, draft);
                return Vec::new();
            }
            self.asked = Some(Asked::Replace(Box::new(draft)));
            return Vec::new();
        }
        self.ask_to_replace(shared, draft);
        Vec::new()
    }

    /// Writes this from here on.
    pub(super) fn begin(&mut self, shared: &mut Shared, draft: Draft) {
        self.draft = draft;
        if self.draft.key.is_empty() {
            self.draft.key = shared.idempotency_key();
        }
        self.editors = Editors::of(&self.draft);
        (self.tried, self.typing, self.scroll, self.count.wanted) = (false, false, 0, false);
        self.field = if self.draft.place.is_some() { Field::Title } else { Field::To };
        self.changed = !self.draft.is_empty();
    }

    pub(super) fn ask_to_replace(&mut self, shared: &mut Shared, draft: Draft) {
        let text = format!("There is {} already: “{}”.", self.draft.summary(), self.draft.title);
        self.asked = Some(Asked::Replace(Box::new(draft)));
        shared.open(Overlay::Question(Question::confirm(Action::Compose, "Write this one instead?", text)));
    }
}

/// A question is answered.
pub(super) fn answered(screen: &mut Compose, shared: &mut Shared, answer: &Answer) -> Vec<Effect> {
    let asked = screen.asked.take();
    match (answer.to, asked) {
        (Action::Send, Some(Asked::Send(letter))) => return sending::send(screen, shared, letter),
        (Action::Compose, Some(Asked::Replace(draft))) => screen.begin(shared, *draft),
        (Action::Discard, _) => {
            shared.say("discarded");
            return keeping::discard(screen, shared);
        }
        _ => {}
    }
    Vec::new()
}

fn ask_to_discard(screen: &mut Compose, shared: &mut Shared) {
    if screen.is_locked(shared) {
        return;
    }
    if screen.draft.is_empty() {
        shared.say("there is nothing to discard");
        return;
    }
    let text = format!("“{}” is gone then.", screen.draft.title);
    shared.open(Overlay::Question(Question::confirm(Action::Discard, "Throw the draft away?", text)));
}

/// A field is chosen by pointing at it, and written by pointing again.
pub(super) fn press(screen: &mut Compose, shared: &mut Shared, at: Position) -> Vec<Effect> {
    let form = screen.layout(shared.body()).form;
    let places = places(screen.field, &notes(screen, shared), form);
    let hit = places.into_iter().find(|place| place.area.contains(at));
    if let Some(place) = hit {
        let again = place.field == screen.field;
        screen.field = place.field;
        screen.typing = screen.typing && edit::is_text(place.field);
        if again && !screen.typing {
            choose::edit(screen, shared);
        }
    }
    Vec::new()
}

/// The wheel scrolls what it will look like: the fields are all there.
pub(super) fn wheel(screen: &mut Compose, gesture: Gesture) {
    /// Rows at a time.
    const ROWS: u16 = 3;
    match gesture {
        Gesture::WheelUp => screen.scroll = screen.scroll.saturating_sub(ROWS),
        Gesture::WheelDown => screen.scroll = screen.scroll.saturating_add(ROWS),
        Gesture::Press | Gesture::Drag | Gesture::Release => {}
    }
}

/// After whatever changed: the editors look as everything does, and scrolling ends where the text does.
pub(super) fn settle(screen: &mut Compose, shared: &Shared) {
    let theme = &shared.theme;
    let message = &mut screen.editors.message;
    let tone = if screen.typing && screen.field == Field::Message { Tone::Input } else { Tone::Text };
    message.set_style(theme.of(tone));
    message.set_cursor_line_style(theme.of(tone));
    let cursor = if tone == Tone::Input { Tone::Cursor } else { Tone::Text };
    message.set_cursor_style(theme.of(cursor));
    message.set_selection_style(theme.of(Tone::Match));
    // Every message passes here: what nobody sees can wait until it is shown.
    if screen.scroll > 0 && shared.tab == Tab::Compose {
        let area = screen.layout(shared.body()).preview;
        let lines = view::preview_lines(screen, shared, area.width.into()).len();
        screen.scroll = screen.scroll.min(beyond(lines, area.height));
    }
}

impl Compose {
    /// Says why it cannot be changed now, if it cannot.
    pub(super) fn is_locked(&self, shared: &mut Shared) -> bool {
        let why = match self {
            Self { sending: Some(_), .. } => "it is being sent",
            Self { kept: Kept::Coming, .. } => "the draft that was kept is being read",
            _ => return false,
        };
        shared.complain(why);
        true
    }
}
