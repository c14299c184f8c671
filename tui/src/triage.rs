//! A list of notifications with the selected one whole beside it, and what is done with them: a component for whatever
//! screen shows notifications, so that all of them do it alike.
//!
//! It is as pure as a screen. The screen that holds a [`Triage`] hands it what the user wants ([`Triage::act`]), asks for
//! more pages itself, and says what is to be asked anew when a change was refused.

pub mod exchange;
pub mod inbox;
pub mod layout;
mod moves;
mod receipts;
mod view;

use ratatui::layout::Rect;

use self::{inbox::Inbox, layout::Layout, receipts::Receipt};
use crate::{action::Action, effect::Effect, model::shared::Shared, screens::Tab};

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
    /// Changes under way, to be undone if they are refused.
    pub receipts: Vec<Receipt>,
}

/// What the keys act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list of notifications.
    List,
    /// The selected notification.
    Detail,
}

impl Triage {
    /// Of a screen; nothing is known yet.
    pub fn of(tab: Tab) -> Self {
        Self { tab, inbox: Inbox::default(), focus: Focus::List, detail_scroll: 0, receipts: Vec::new() }
    }

    /// Which part of the screen shows what.
    pub fn layout(&self, body: Rect) -> Layout {
        Layout::of(body, self.focus)
    }

    /// The user wants something that is the same on every such screen.
    pub fn act(&mut self, shared: &mut Shared, action: Action) -> Vec<Effect> {
        match action {
            Action::Back => self.back(),
            Action::SwitchFocus => self.switch_focus(),
            Action::MarkRead => return self.mark(shared, true),
            Action::MarkUnread => return self.mark(shared, false),
            Action::MarkAllRead => return self.mark_all(shared),
            action => self.go(shared, action),
        }
        Vec::new()
    }
}
