//! What changes the dashboard: it watches while it is shown and there is a connection.

use chrono::TimeDelta;
use ratatui::layout::Position;

use super::{
    Dashboard, exchange,
    exchange::Signal,
    history::Sample,
    layout::Layout,
    model::{INTERVALS, Sort},
};
use crate::{
    action::Action,
    effect::Effect,
    model::{fault::Fault, shared::Shared},
    screens::Told,
    update::{beyond, scrolled},
};

/// After a subscription has ended by itself, it is asked for again, if that may help.
const RETRY: TimeDelta = TimeDelta::seconds(10);

/// The user wants something.
pub(super) fn act(screen: &mut Dashboard, shared: &Shared, action: Action) -> Vec<Effect> {
    if screen.filter.act(action) {
        return Vec::new();
    }
    match action {
        Action::Filter => screen.filter.open(),
        Action::SortCampuses => (screen.sort, screen.reversed) = (screen.sort.next(), false),
        Action::ReverseCampuses => screen.reversed = !screen.reversed,
        Action::LongerInterval | Action::ShorterInterval => {
            let longer = action == Action::LongerInterval;
            let Some(interval) = beside(screen.interval, longer) else {
                return Vec::new();
            };
            screen.interval = interval;
            return watch(screen, shared);
        }
        action => {
            let rows = Layout::of(screen, shared.body()).campuses.height;
            screen.scroll = scrolled(screen.scroll, action, rows);
        }
    }
    Vec::new()
}

/// Whether an action would do something now.
pub(super) fn works(screen: &Dashboard, action: Action) -> bool {
    match action {
        Action::LongerInterval => beside(screen.interval, true).is_some(),
        Action::ShorterInterval => beside(screen.interval, false).is_some(),
        Action::Back => screen.filter.is_shown(),
        _ => true,
    }
}

/// The next interval in one direction.
fn beside(interval: i32, longer: bool) -> Option<i32> {
    let mut intervals = INTERVALS.into_iter();
    if longer {
        intervals.find(|other| *other > interval)
    } else {
        intervals.rfind(|other| *other < interval)
    }
}

/// Campuses are sorted by the column that is pointed at; twice, the other way round.
pub(super) fn press(screen: &mut Dashboard, shared: &Shared, at: Position) {
    let head = Layout::of(screen, shared.body()).head;
    let pointed = Layout::columns(head).into_iter().find(|(_, column)| column.contains(at));
    let Some((sort, _)): Option<(Sort, _)> = pointed else {
        return;
    };
    screen.reversed = screen.sort == sort && !screen.reversed;
    screen.sort = sort;
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
        Told::Tick if screen.retry_at.is_some_and(|at| at <= shared.now) => watch(screen, shared),
        Told::Lost | Told::Tick | Told::Campus | Told::Happening(_) => Vec::new(),
    }
}

fn watch(screen: &mut Dashboard, shared: &Shared) -> Vec<Effect> {
    if !screen.shown || !shared.link.is_up() {
        return Vec::new();
    }
    screen.retry_at = None;
    screen.generation += 1;
    vec![exchange::Effect::Watch { generation: screen.generation, interval: screen.interval }.into()]
}

impl Dashboard {
    /// The network tells.
    pub fn receive(&mut self, shared: &Shared, signal: Signal) -> Vec<Effect> {
        match signal {
            Signal::Reading { generation, reading } if generation == self.generation => {
                self.history.push(Sample {
                    at: shared.now,
                    every: TimeDelta::seconds(self.interval.into()),
                    published: reading.published_per_second,
                    delivered: reading.delivered_per_second,
                });
                self.reading = Some(*reading);
                self.read_at = Some(shared.now);
                self.fault = None;
            }
            Signal::Ended { generation, fault } if generation == self.generation => {
                let may_help = fault.as_ref().is_none_or(Fault::is_transient);
                self.retry_at = may_help.then(|| shared.now + RETRY);
                let why = fault.map(|fault| fault.to_string());
                self.fault = Some(why.unwrap_or_else(|| "the server ended it".to_owned()));
            }
            Signal::Reading { .. } | Signal::Ended { .. } => {}
        }
        Vec::new()
    }
}

/// After whatever changed: scrolling ends where the campuses do.
pub(super) fn settle(screen: &mut Dashboard, shared: &Shared) {
    // Every message passes here: what nobody sees can wait until it is shown.
    if !screen.shown {
        return;
    }
    let rows = Layout::of(screen, shared.body()).campuses.height;
    screen.scroll = screen.scroll.min(beyond(screen.campuses(shared).len(), rows));
}
