//! What changes the feed, and what is asked because of it.

mod happenings;
mod looks;
mod pages;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use super::{
    Feed,
    exchange::{self, Signal},
};
use crate::{
    action::Action,
    effect::Effect,
    input::Typed,
    message::Pointer,
    model::shared::Shared,
    screens::{Told, wheel},
    triage,
};

/// The user wants something.
pub fn act(screen: &mut Feed, shared: &mut Shared, action: Action) -> Vec<Effect> {
    match action {
        Action::ToggleUnread => pages::toggle_unread(screen, shared),
        action => {
            let mut effects = screen.triage.act(shared, action);
            effects.extend(pages::wanted(screen, shared));
            effects
        }
    }
}

/// The user wants something, and has said which.
pub fn run(screen: &mut Feed, shared: &mut Shared, action: Action, argument: &str) -> Vec<Effect> {
    if let (Action::Sort, Ok(sort)) = (action, argument.parse()) {
        screen.triage.sort(shared, sort);
    }
    pages::wanted(screen, shared)
}

/// Part of the line that narrows the list was typed.
pub fn typed(screen: &mut Feed, shared: &Shared, typed: &Typed) -> Vec<Effect> {
    screen.triage.typed(typed);
    pages::wanted(screen, shared)
}

/// The mouse did something.
pub fn point(screen: &mut Feed, shared: &mut Shared, pointer: Pointer) -> Vec<Effect> {
    screen.triage.point(shared, pointer);
    let mut effects = wheel(screen, shared, pointer.gesture);
    effects.extend(pages::wanted(screen, shared));
    effects
}

/// After whatever changed: the list is that of the chosen campus, and what is selected is on the screen.
pub fn settle(screen: &mut Feed, shared: &Shared) {
    if screen.triage.inbox.narrow().campus != shared.campus {
        screen.triage.inbox.narrow_to(|narrow| narrow.campus.clone_from(&shared.campus));
    }
    screen.triage.settle(shared);
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
        Told::Campus => {
            settle(screen, shared);
            pages::wanted(screen, shared)
        }
        Told::Shown | Told::Hidden | Told::Happening(_) => Vec::new(),
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
        Signal::Page { filter, after, result } => {
            pages::page(screen, shared, filter, after.as_deref(), result)
        }
        Signal::Ended { generation, fault } if generation == screen.generation => {
            pages::feed_ended(shared, fault);
            Vec::new()
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
