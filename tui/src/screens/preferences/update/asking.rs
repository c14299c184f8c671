//! When it is asked what applies: when the screen is shown, when something changed it elsewhere, and when quiet hours that
//! were told have begun or ended since.

use chrono::TimeDelta;

use crate::{
    effect::Effect,
    model::{event::Happening, fault::Fault, shared::Shared},
    screens::{
        Told as Around,
        preferences::{Preferences, Told, exchange, words},
    },
};

/// What is over is asked for again, but no more often: the server's clock may be behind.
const PATIENCE: TimeDelta = TimeDelta::seconds(10);

/// Something happened around it.
pub(in crate::screens::preferences) fn tell(
    screen: &mut Preferences,
    shared: &Shared,
    told: Around<'_>,
) -> Vec<Effect> {
    match told {
        Around::Shown => screen.shown = true,
        Around::Hidden => screen.shown = false,
        Around::Connected | Around::Happening(Happening::ViewerChanged) => screen.wanted = true,
        Around::Lost => screen.asking = false,
        Around::Campus => select_campus(screen, shared),
        Around::Tick => {
            let over = screen.grid.places.iter().flatten().filter_map(|place| place.quiet.as_ref());
            let over = over.into_iter().any(|hours| words::is_over(hours, shared.now));
            let waited = screen.asked_at.is_none_or(|at| shared.now - at >= PATIENCE);
            screen.wanted |= (over && waited) || strangers(screen, shared);
        }
        Around::Happening(_) => {}
    }
    ask(screen, shared)
}

/// Asks, if there is a reason, a connection and somebody who looks.
pub(super) fn ask(screen: &mut Preferences, shared: &Shared) -> Vec<Effect> {
    let asks =
        screen.wanted && screen.shown && !screen.asking && shared.link.is_up() && shared.viewer.is_some();
    if !asks {
        return Vec::new();
    }
    (screen.wanted, screen.asking) = (false, true);
    screen.asked_at = Some(shared.now);
    screen.generation += 1;
    screen.places(shared);
    screen.resolve();
    let places = screen.columns.iter().map(|column| column.place.clone()).collect();
    vec![exchange::Effect::Ask { generation: screen.generation, places }.into()]
}

/// The answer.
pub(super) fn told(
    screen: &mut Preferences,
    shared: &Shared,
    results: Vec<Result<Told, Fault>>,
) -> Vec<Effect> {
    screen.asking = false;
    for (column, result) in screen.columns.iter_mut().zip(results) {
        match result {
            Ok(told) => (column.told, column.fault) = (Some(told), None),
            // What was known may be old, but it is not wrong because of that.
            Err(fault) => column.fault = Some(fault.to_string()),
        }
    }
    screen.resolve();
    if screen.grid.kinds.is_empty() {
        return Vec::new();
    }
    select_campus_at_first(screen, shared);
    // Something may have changed while this was on its way.
    ask(screen, shared)
}

/// The viewer joined or left a campus.
fn strangers(screen: &Preferences, shared: &Shared) -> bool {
    let campuses = shared.viewer.iter().flat_map(|viewer| &viewer.campuses);
    let campuses = campuses.map(|campus| Some(&campus.key));
    !screen.columns.is_empty()
        && !campuses.eq(screen.columns.iter().skip(1).map(|column| column.place.as_ref()))
}

fn select_campus(screen: &mut Preferences, shared: &Shared) {
    let column = screen.columns.iter().position(|column| column.place == shared.campus);
    screen.column = column.unwrap_or(screen.column);
}

/// The first answer brings the columns.
fn select_campus_at_first(screen: &mut Preferences, shared: &Shared) {
    if screen.generation == 1 {
        select_campus(screen, shared);
    }
}
