//! Looking: the newest that has been on the screen for a while counts as seen.

use chrono::TimeDelta;

use crate::{
    effect::Effect,
    model::{count::Count, fault::Fault, shared::Shared},
    screens::feed::{Feed, exchange},
    triage::inbox::Filter,
};

/// After so long on the screen the newest counts as seen.
const LOOK: TimeDelta = TimeDelta::seconds(2);

/// There is something new to look at.
pub(super) fn look(screen: &mut Feed, shared: &Shared) {
    screen.seen_due.get_or_insert(shared.now + LOOK);
}

/// The newest has been on the screen for a while.
pub(super) fn see(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    if !shared.link.is_up() || screen.seen_due.is_none_or(|due| due > shared.now) {
        return Vec::new();
    }
    screen.seen_due = None;
    let newest = screen.triage.inbox.listing(Filter::All).get(0).cloned();
    newest.map(|through| exchange::Effect::MarkSeen { through }.into()).into_iter().collect()
}

/// The server has taken note, and says how many are unread: the number here may have drifted.
pub(super) fn seen(screen: &Feed, shared: &mut Shared, result: &Result<Count, Fault>) {
    if let Ok(unread) = result
        && !screen.triage.receipts.are_under_way()
    {
        shared.unread = Some(*unread);
    }
}
