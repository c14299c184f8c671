//! What changes the dashboard: it watches while it is shown and there is a connection.

use super::{Dashboard, exchange, exchange::Signal, view};
use crate::{
    action::Action,
    effect::Effect,
    model::shared::Shared,
    screens::Told,
    update::{beyond, scrolled},
};

/// The user wants something.
pub(super) fn act(screen: &mut Dashboard, shared: &Shared, action: Action) {
    if screen.filter.act(action) {
        return;
    }
    match action {
        Action::Filter => screen.filter.open(),
        action => screen.scroll = scrolled(screen.scroll, action, shared.body().height),
    }
}

/// Something happened around it.
pub(super) fn tell(screen: &mut Dashboard, shared: &Shared, told: Told<'_>) -> Vec<Effect> {
    match told {
        Told::Shown => {
            screen.shown = true;
            watch(screen, shared)
        }
        Told::Hidden => {
            screen.shown = false;
            screen.generation += 1;
            vec![exchange::Effect::Stop.into()]
        }
        Told::Connected => watch(screen, shared),
        Told::Lost | Told::Tick | Told::Campus | Told::Happening(_) => Vec::new(),
    }
}

fn watch(screen: &mut Dashboard, shared: &Shared) -> Vec<Effect> {
    if !screen.shown || !shared.link.is_up() {
        return Vec::new();
    }
    screen.generation += 1;
    vec![exchange::Effect::Watch { generation: screen.generation }.into()]
}

impl Dashboard {
    /// The network tells.
    pub fn receive(&mut self, _: &Shared, signal: Signal) -> Vec<Effect> {
        match signal {
            Signal::Reading { generation, reading } if generation == self.generation => {
                self.reading = Some(*reading);
                self.fault = None;
            }
            Signal::Ended { generation, fault } if generation == self.generation => {
                let why = fault.map(|fault| fault.to_string());
                self.fault = Some(why.unwrap_or_else(|| "the server ended it".to_owned()));
            }
            Signal::Reading { .. } | Signal::Ended { .. } => {}
        }
        Vec::new()
    }
}

/// After whatever changed: scrolling ends where the numbers do.
pub(super) fn settle(screen: &mut Dashboard, shared: &Shared) {
    let rows = shared.body().height.saturating_sub(u16::from(screen.filter.is_shown()));
    screen.scroll = screen.scroll.min(beyond(view::lines(screen, shared).len(), rows));
}
