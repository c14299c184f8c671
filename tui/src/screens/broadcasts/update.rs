//! What changes the screen Broadcasts, and what is asked because of it.

pub(super) mod changes;
pub(super) mod moves;
mod pages;
#[cfg(test)]
mod tests;
mod watch;

use super::{Broadcasts, exchange::Signal};
use crate::{
    action::Action,
    effect::Effect,
    model::{broadcast::State, event::Happening, shared::Shared},
    screens::Told,
    triage::Focus,
};

/// The user wants something.
pub(super) fn act(screen: &mut Broadcasts, shared: &mut Shared, action: Action) -> Vec<Effect> {
    // Step by step: out of the detail first, and then out of what the list is narrowed to.
    if action == Action::Back && screen.focus == Focus::Detail && screen.filter.context().is_none() {
        screen.focus = Focus::List;
        return Vec::new();
    }
    if moves::narrow(screen, |filter| filter.act(action)) {
        return moves::older(screen, shared);
    }
    match action {
        Action::Filter => screen.filter.open(),
        Action::SwitchFocus => moves::switch_focus(screen),
        Action::CancelBroadcast => changes::ask_to_cancel(screen, shared),
        Action::Recall => changes::ask_to_recall(screen, shared),
        Action::SendAgain => changes::write_again(screen, shared),
        action => return moves::go(screen, shared, action),
    }
    Vec::new()
}

/// Whether an action would do something now.
pub(super) fn works(screen: &Broadcasts, _shared: &Shared, action: Action) -> bool {
    let selected = screen.selected().filter(|row| !screen.is_changing(&row.id));
    match action {
        Action::CancelBroadcast => selected.is_some_and(|row| row.state == State::Scheduled),
        Action::Recall => selected.is_some_and(|row| row.state == State::Sent && row.outcome.is_some()),
        Action::SendAgain => screen.selected().is_some(),
        Action::Back => screen.focus == Focus::Detail || screen.filter.is_shown(),
        _ => true,
    }
}

/// Something happened around it.
pub(super) fn tell(screen: &mut Broadcasts, shared: &mut Shared, told: Told<'_>) -> Vec<Effect> {
    match told {
        Told::Shown => {
            screen.shown = true;
            pages::newest(screen, shared)
        }
        Told::Hidden => {
            screen.shown = false;
            watch::leave_all(screen)
        }
        Told::Connected => {
            watch::begin_anew(screen);
            pages::newest(screen, shared)
        }
        Told::Lost => {
            watch::begin_anew(screen);
            Vec::new()
        }
        Told::Tick => {
            let mut effects = pages::refresh(screen, shared);
            effects.extend(watch::follow(screen, shared));
            effects
        }
        Told::Campus => {
            screen.forget();
            pages::newest(screen, shared)
        }
        Told::Happening(Happening::Notification { .. } | Happening::Recalled { .. }) => {
            screen.refresh_at = Some(shared.now);
            Vec::new()
        }
        Told::Happening(_) => Vec::new(),
    }
}

impl Broadcasts {
    /// The network answers, or tells.
    pub fn receive(&mut self, shared: &mut Shared, signal: Signal) -> Vec<Effect> {
        match signal {
            Signal::Page { ticket, older, result } if self.fetching == Some(ticket) => {
                return pages::page(self, shared, older, result);
            }
            Signal::Page { .. } => {}
            Signal::Reading { generation, reading } => {
                if generation == self.generation {
                    self.replace(*reading);
                }
            }
            Signal::Ended { generation, id, fault: _ } => {
                if generation == self.generation && self.watched.remove(&id) {
                    self.unheard.insert(id);
                }
            }
            Signal::Cancelled { ticket, result } => changes::cancelled(self, shared, ticket, result),
            Signal::Recalled { ticket, result } => changes::recalled(self, shared, ticket, result),
        }
        Vec::new()
    }
}
