//! A list of notifications with the selected one whole beside it, and what is done with them: a component for whatever
//! screen shows notifications, so that all of them do it alike.
//!
//! It is as pure as a screen. The screen that holds a [`Triage`] hands it what the user wants ([`Triage::act`]), asks for
//! more pages itself, and says what is to be asked anew when a change was refused.

mod address;
pub mod change;
pub mod exchange;
pub mod inbox;
pub mod layout;
mod marks;
mod moves;
pub mod narrow;
mod receipts;
pub mod sort;
mod view;

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;

use self::{
    change::Change,
    exchange::Signal,
    inbox::{Filter, Inbox},
    layout::{Layout, SHARE},
    marks::Marks,
    receipts::Receipts,
    sort::Sort,
};
use crate::{
    action::Action,
    document,
    effect::Effect,
    input::Typed,
    keymap::Context,
    model::{overlay::Overlay, shared::Shared},
    screens::Tab,
};

/// A list of notifications, and what is done with them.
#[derive(Debug)]
pub struct Triage {
    /// Whose it is.
    tab: Tab,
    /// The notifications, and which one is selected.
    pub inbox: Inbox,
    /// What the keys act on.
    pub focus: Focus,
    /// Rows that the detail is scrolled down by.
    pub detail_scroll: u16,
    /// What is marked, for what is done next.
    pub marks: Marks,
    /// What was done, to be undone if it is refused or the user wants.
    pub receipts: Receipts,
    /// It shows what was looked for: "all" are those shown, and no more.
    is_a_part: bool,
    /// So many rows above it are the screen's own.
    pub above: u16,
    /// The words that are looked for, to be shown where they are.
    pub wanted: Vec<String>,
    /// How much of the room the list has, in thousandths.
    share: u16,
    /// The line between list and detail is being dragged.
    is_dragged: bool,
}

/// What the keys act on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Focus {
    /// The list.
    #[default]
    List,
    /// The selected one.
    Detail,
}

impl Triage {
    /// Of a screen; nothing is known yet.
    pub fn of(tab: Tab) -> Self {
        Self {
            tab,
            inbox: Inbox::default(),
            focus: Focus::List,
            detail_scroll: 0,
            marks: Marks::default(),
            receipts: Receipts::default(),
            is_a_part: false,
            above: 0,
            wanted: Vec::new(),
            share: SHARE,
            is_dragged: false,
        }
    }

    /// Of a screen that shows what was looked for.
    pub fn of_a_part(tab: Tab) -> Self {
        Self { is_a_part: true, ..Self::of(tab) }
    }

    /// Where list and detail are: below the rows that are the screen's own, and the line that narrows the list.
    pub fn area(&self, body: Rect) -> Rect {
        let above = self.above.saturating_add(u16::from(self.inbox.narrow().text.is_shown()));
        let above = above.min(body.height);
        Rect { y: body.y + above, height: body.height - above, ..body }
    }

    /// Which part of the screen shows what.
    pub fn layout(&self, body: Rect) -> Layout {
        Layout::of(self.area(body), self.focus, self.share)
    }

    /// Where the user is, if the line that narrows the list is being typed.
    pub fn context(&self) -> Option<Context> {
        self.inbox.narrow().text.context()
    }

    /// The user wants something that is the same on every such screen.
    pub fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect> {
        match action {
            Action::Accept => self.inbox.narrow_to(|narrow| {
                narrow.text.act(Action::Accept);
            }),
            Action::Back if self.context().is_some() => self.widen(),
            Action::Filter => {
                self.end_range();
                self.inbox.narrow_to(|narrow| narrow.text.open());
            }
            Action::Back => self.back(),
            Action::SwitchFocus => self.switch_focus(),
            Action::MarkRead => return self.change(shared, Change::Read),
            Action::MarkUnread => return self.change(shared, Change::Unread),
            Action::Archive => return self.change(shared, Change::Archive),
            Action::Unarchive => return self.change(shared, Change::Unarchive),
            Action::MarkAllRead => return self.mark_all(shared),
            Action::ToggleMark => self.toggle_mark(shared),
            Action::MarkRange => self.mark_range(),
            Action::MarkShown => self.mark_shown(),
            Action::OpenLink => return self.open_link(shared),
            Action::CopyLink => return self.copy_link(shared),
            Action::Explain => return self.explain(),
            Action::SortNext => self.sort(shared, self.inbox.narrow().sort.next()),
            action => self.go(shared, action),
        }
        Vec::new()
    }

    /// Part of the line that narrows the list was typed.
    pub fn typed(&mut self, typed: &Typed) {
        self.inbox.narrow_to(|narrow| {
            narrow.text.take(typed);
        });
        self.look();
        self.detail_scroll = 0;
    }

    /// The words that the list is narrowed by are shown where they are.
    fn look(&mut self) {
        if !self.is_a_part {
            self.wanted = self.inbox.narrow().text.words();
        }
    }

    /// Shows the list in another order.
    pub fn sort(&mut self, shared: &mut Shared, sort: Sort) {
        self.end_range();
        self.inbox.narrow_to(|narrow| narrow.sort = sort);
        shared.say(format!("sorted by {}", <&str>::from(sort)));
    }

    /// Knows nothing any more: neither what is marked nor what was done is about what will be listed next.
    pub fn forget(&mut self) {
        self.inbox.forget();
        self.marks.clear();
        self.receipts = Receipts::default();
    }

    /// Whether an action would do something now.
    pub fn works(&self, action: Action) -> bool {
        let selected = self.inbox.selected();
        let marked = !self.marks.is_empty();
        match action {
            Action::Back => self.focus == Focus::Detail || marked || self.inbox.narrow().text.is_shown(),
            Action::Unarchive => {
                marked || selected.is_some_and(|notification| notification.archived_at.is_some())
            }
            _ => true,
        }
    }

    /// What it does not show, for the header.
    pub fn says(&self) -> Vec<String> {
        let inbox = &self.inbox;
        let narrow = inbox.narrow();
        let above = inbox.selection.offset;
        let newer = if narrow.sort == Sort::Newest { "newer" } else { "more" };
        let marked = (!self.marks.is_empty()).then(|| format!("{} marked", self.marks.count(inbox)));
        let above = (above > 0).then(|| format!("↑ {above} {newer}"));
        let unread = (inbox.filter == Filter::Unread).then(|| "unread only".to_owned());
        let sorted = (narrow.sort != Sort::default()).then(|| format!("by {}", <&str>::from(narrow.sort)));
        let campus = narrow.campus.as_ref().map(|key| format!("campus {key} only"));
        [marked, above, unread, sorted, campus].into_iter().flatten().collect()
    }

    /// The network answers. Says whether a change was refused: it is undone here, and what happened meanwhile is to be
    /// asked for.
    pub fn receive(&mut self, shared: &mut Shared, signal: Signal) -> bool {
        match signal {
            Signal::Changed { ticket, result, .. } => return self.changed(shared, ticket, result),
            Signal::Explained { title, result: Ok(explanation), .. } => {
                // Whoever has gone on to something else does not want to be called back.
                if shared.tab == self.tab && shared.overlays.is_empty() {
                    let lines = document::explanation(&title, &explanation, shared.now);
                    shared.open(Overlay::Text { lines, scroll: 0 });
                }
            }
            Signal::Explained { result: Err(fault), .. } => {
                shared.complain(format!("failed to find out why: {fault}"));
            }
            Signal::Opened { result: Ok(()), .. } => {}
            Signal::Opened { result: Err(why), .. } => shared.complain(format!("failed to open: {why}")),
        }
        false
    }

    fn explain(&self) -> Vec<Effect> {
        let selected = self.inbox.selected();
        let asked = selected.map(|notification| {
            let (id, title) = (notification.id.clone(), notification.title.clone());
            exchange::Effect::Explain { tab: self.tab, id, title }.into()
        });
        asked.into_iter().collect()
    }
}
