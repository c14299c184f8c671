//! Reading: at once on the screen, and undone there if the server says no.

use chrono::{DateTime, TimeDelta, Utc};

use super::moves;
use crate::{
    effect::Effect,
    message::Ticket,
    model::{count::Count, fault::Fault, notification::NotificationId, shared::Shared},
    screens::feed::{Feed, Focus, exchange, inbox::Filter},
};

/// After so long on the screen the newest counts as seen.
const LOOK: TimeDelta = TimeDelta::seconds(2);

/// A receipt under way, and what it takes to undo it.
#[derive(Debug)]
pub struct Receipt {
    ticket: Ticket,
    /// What each was before.
    before: Vec<(NotificationId, Option<DateTime<Utc>>)>,
    unread_before: Option<Count>,
}

/// Marks the selected one; after reading, the selection moves on to the next.
pub(super) fn mark(screen: &mut Feed, shared: &mut Shared, read: bool) -> Vec<Effect> {
    let Some(id) = screen.inbox.selected().map(|notification| notification.id.clone()) else {
        return Vec::new();
    };
    let unread_before = shared.unread;
    let Some(before) = screen.inbox.set_read(&id, read.then_some(shared.now)) else {
        return if read { advance(screen, shared) } else { Vec::new() };
    };
    shared.unread = shared.unread.map(|unread| unread.plus(if read { -1 } else { 1 }));
    let ticket = remember(screen, shared, vec![(id.clone(), before)], unread_before);
    let mut effects = vec![exchange::Effect::Mark { ticket, ids: vec![id], read }.into()];
    if read {
        effects.extend(advance(screen, shared));
    }
    effects
}

/// On to the next: among the unread it has come up by itself.
fn advance(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    if screen.inbox.filter == Filter::All {
        let focus = std::mem::replace(&mut screen.focus, Focus::List);
        let effects = moves::go(screen, shared, crate::action::Action::Down);
        screen.focus = focus;
        return effects;
    }
    screen.inbox.selection.following = false;
    screen.detail_scroll = 0;
    moves::older(screen, shared)
}

/// Marks everything as read, up to the newest that is shown.
pub(super) fn mark_all(screen: &mut Feed, shared: &mut Shared) -> Vec<Effect> {
    let Some(through) = screen.inbox.shown().get(0).cloned() else {
        return Vec::new();
    };
    let newest = screen.inbox.listing(Filter::All).get(0) == Some(&through);
    let unread_before = shared.unread;
    let mut before = Vec::new();
    let unread: Vec<_> = screen.inbox.from(&through).unwrap_or_default();
    let shown: Vec<_> = screen.inbox.shown().iter().cloned().collect();
    for id in unread.into_iter().chain(shown) {
        if let Some(was) = screen.inbox.set_read(&id, Some(shared.now)) {
            before.push((id, was));
        }
    }
    shared.unread = if newest {
        Some(Count { count: 0, at_least: false })
    } else {
        let gone = i64::try_from(before.len()).unwrap_or(i64::MAX);
        shared.unread.map(|unread| unread.plus(-gone))
    };
    let ticket = remember(screen, shared, before, unread_before);
    vec![exchange::Effect::MarkAllRead { ticket, through }.into()]
}

/// A receipt was answered. A refused one is undone, and what happened meanwhile is asked for.
pub(super) fn marked(
    screen: &mut Feed,
    shared: &mut Shared,
    ticket: Ticket,
    result: Result<Count, Fault>,
) -> Vec<Effect> {
    let Some(index) = screen.receipts.iter().position(|receipt| receipt.ticket == ticket) else {
        return Vec::new();
    };
    let receipt = screen.receipts.remove(index);
    match result {
        // While others are under way, the screen is ahead of the server.
        Ok(unread) if screen.receipts.is_empty() => shared.unread = Some(unread),
        Ok(_) => {}
        Err(fault) => {
            for (id, read_at) in receipt.before {
                screen.inbox.set_read(&id, read_at);
            }
            shared.unread = receipt.unread_before;
            shared.complain(format!("failed to mark: {fault}"));
            if shared.link.is_up() {
                return vec![exchange::Effect::Start { replace: false }.into()];
            }
        }
    }
    Vec::new()
}

fn remember(
    screen: &mut Feed,
    shared: &mut Shared,
    before: Vec<(NotificationId, Option<DateTime<Utc>>)>,
    unread_before: Option<Count>,
) -> Ticket {
    let ticket = shared.ticket();
    screen.receipts.push(Receipt { ticket, before, unread_before });
    ticket
}

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
    let newest = screen.inbox.listing(Filter::All).get(0).cloned();
    newest.map(|through| exchange::Effect::MarkSeen { through }.into()).into_iter().collect()
}

/// The server has taken note, and says how many are unread: the number here may have drifted.
pub(super) fn seen(screen: &Feed, shared: &mut Shared, result: &Result<Count, Fault>) {
    if let Ok(unread) = result
        && screen.receipts.is_empty()
    {
        shared.unread = Some(*unread);
    }
}
