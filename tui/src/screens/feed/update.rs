//! What changes the feed, and what is asked because of it.

mod happenings;
mod looks;
mod pages;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use ratatui::layout::Position;

use super::{
    Feed,
    exchange::{self, Signal},
};
use crate::{action::Action, effect::Effect, model::shared::Shared, screens::Told, triage};

/// The user wants something.
pub fn act(screen: &mut Feed, shared: &mut Shared, action: Action) -> Vec<Effect> {
    match action {
        Action::ToggleUnread => pages::toggle_unread(screen, shared),
        action => {
            let mut effects = screen.triage.act(shared, action);
            effects.extend(pages::older(screen, shared));
            effects
        }
    }
}

/// The mouse went down somewhere.
pub fn press(screen: &mut Feed, shared: &Shared, at: Position) -> Vec<Effect> {
    screen.triage.press(shared, at);
    pages::older(screen, shared)
}

/// Something happened around it.
pub fn tell(screen: &mut Feed, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
    match told {
        Told::Connected => pages::connected(screen, shared),
        Told::Lost => {
            screen.triage.inbox.nothing_comes();
            Vec::new()
        }
        Told::Tick => looks::see(screen, shared),
        Told::Shown | Told::Hidden | Told::Campus | Told::Happening(_) => Vec::new(),
    }
}

/// What was done with a notification is answered. Of what was refused, what happened meanwhile is asked for.
pub fn answered(screen: &mut Feed, shared: &mut Shared, signal: triage::exchange::Signal) -> Vec<Effect> {
    if screen.triage.receive(shared, signal) && shared.link.is_up() {
        return vec![exchange::Effect::Start { replace: false }.into()];
    }
    Vec::new()
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
        Signal::Seen(result) => {
            looks::seen(screen, shared, &result);
            Vec::new()
        }
    }
}
