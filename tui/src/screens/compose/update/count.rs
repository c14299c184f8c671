//! How many it would reach: asked when whom and what have stayed the same for a tick, so that nobody is counted for what is only
//! passed by.

use super::sending;
use crate::{
    effect::Effect,
    message::Ticket,
    model::{fault::Fault, shared::Shared},
    screens::{
        Tab,
        compose::{
            Compose,
            exchange::{self, Reach},
        },
    },
};

/// A second has passed.
pub(super) fn tick(screen: &mut Compose, shared: &mut Shared) -> Vec<Effect> {
    let question = screen.question();
    let settled = question.is_some() && question == screen.count.seen;
    let asked = screen.count.asked.as_ref().map(|(asked, _)| asked);
    let new = question.as_ref() != asked;
    screen.count.seen = question;
    if settled && new { ask(screen, shared) } else { Vec::new() }
}

/// Asks now.
pub(super) fn ask(screen: &mut Compose, shared: &mut Shared) -> Vec<Effect> {
    let Some((to, kind)) = screen.question().filter(|_| shared.link.is_up()) else {
        return Vec::new();
    };
    let ticket = shared.ticket();
    screen.count.answer = None;
    screen.count.asked = Some(((to.clone(), kind.clone()), ticket));
    vec![exchange::Effect::Count { ticket, to, kind }.into()]
}

/// The answer is there.
pub(super) fn counted(
    screen: &mut Compose,
    shared: &mut Shared,
    ticket: Ticket,
    result: Result<Reach, Fault>,
) {
    if screen.count.asked.as_ref().is_none_or(|(_, asked)| *asked != ticket) {
        return;
    }
    screen.count.answer = Some(result.map_err(|fault| fault.to_string()));
    // Whoever does something else by now is not asked in the middle of it.
    let is_awaited = shared.tab == Tab::Compose && shared.overlays.is_empty();
    if std::mem::take(&mut screen.count.wanted) && is_awaited {
        sending::confirm(screen, shared);
    }
}
