//! What changes the feed, and what is asked because of it.

mod happenings;
pub mod moves;
mod pages;
pub mod receipts;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use super::{Feed, exchange::Signal};
use crate::{action::Action, effect::Effect, model::shared::Shared, screens::Told};

/// The user wants something.
pub fn act(screen: &mut Feed, shared: &mut Shared, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => moves::back(screen),
        Action::SwitchFocus => moves::switch_focus(screen),
        Action::MarkRead => return receipts::mark(screen, shared, true),
        Action::MarkUnread => return receipts::mark(screen, shared, false),
        Action::MarkAllRead => return receipts::mark_all(screen, shared),
        Action::ToggleUnread => return moves::toggle_unread(screen, shared),
        action => return moves::go(screen, shared, action),
    }
    Vec::new()
}

/// Something happened around it.
pub fn tell(screen: &mut Feed, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
    match told {
        Told::Connected => pages::connected(screen, shared),
        Told::Lost => {
            screen.inbox.nothing_comes();
            Vec::new()
        }
        Told::Tick => receipts::see(screen, shared),
        Told::Shown | Told::Hidden | Told::Campus | Told::Happening(_) => Vec::new(),
    }
}

/// The network answers, or tells.
pub fn receive(screen: &mut Feed, shared: &mut Shared, signal: Signal) -> Vec<Effect> {
    match signal {
        Signal::Started { replace, result } => pages::started(screen, shared, replace, result),
        Signal::Page { filter, older, result } => {
            pages::page(screen, shared, filter, older, result);
            Vec::new()
        }
        Signal::Ended { generation, fault } if generation == screen.generation => {
            pages::feed_ended(screen, shared, fault)
        }
        Signal::Event { generation, event } if generation == screen.generation => {
            happenings::happen(screen, shared, *event)
        }
        Signal::Ended { .. } | Signal::Event { .. } => Vec::new(),
        Signal::Marked { ticket, result } => receipts::marked(screen, shared, ticket, result),
        Signal::Seen(result) => {
            receipts::seen(screen, shared, &result);
            Vec::new()
        }
    }
}
