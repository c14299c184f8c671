//! Pages: the newest when it is shown and from time to time, older ones as one scrolls.

use chrono::TimeDelta;

use super::{moves, watch};
use crate::{
    effect::Effect,
    model::{fault::Fault, shared::Shared},
    screens::broadcasts::{
        Broadcasts,
        exchange::{self, Page},
    },
};

/// What others schedule nobody is told of: so often the newest are asked for again.
const REFRESH: TimeDelta = TimeDelta::seconds(30);

/// Asks for the newest page, while it is shown and can be asked for.
pub(super) fn newest(screen: &mut Broadcasts, shared: &mut Shared) -> Vec<Effect> {
    if !screen.shown || !shared.link.is_up() {
        return Vec::new();
    }
    screen.refresh_at = Some(shared.now + REFRESH);
    ask(screen, shared, None)
}

/// A second has passed: perhaps it is time to look again.
pub(super) fn refresh(screen: &mut Broadcasts, shared: &mut Shared) -> Vec<Effect> {
    let due = screen.refresh_at.is_some_and(|at| at <= shared.now);
    if due && screen.fetching.is_none() { newest(screen, shared) } else { Vec::new() }
}

/// Asks for a page; what was asked for before is not taken any more.
pub(super) fn ask(screen: &mut Broadcasts, shared: &mut Shared, after: Option<String>) -> Vec<Effect> {
    let ticket = shared.ticket();
    screen.fetching = Some(ticket);
    vec![exchange::Effect::Page { ticket, campus: shared.campus.clone(), after }.into()]
}

/// A page is there.
pub(super) fn page(
    screen: &mut Broadcasts,
    shared: &mut Shared,
    older: bool,
    result: Result<Page, Fault>,
) -> Vec<Effect> {
    screen.fetching = None;
    match result {
        Ok(page) if older => screen.append(page),
        Ok(page) => screen.refresh(page),
        Err(fault) => {
            // Where the connection itself was lost, that has been said.
            if shared.link.is_up() {
                screen.fault = Some(fault.to_string());
            }
            return Vec::new();
        }
    }
    (screen.known, screen.fault) = (true, None);
    let mut effects = moves::older(screen, shared);
    effects.extend(watch::follow(screen, shared));
    effects
}
