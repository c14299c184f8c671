//! Reading: at once on the screen, and undone there if the server says no.

use chrono::{DateTime, TimeDelta, Utc};

use super::{moves, say};
use crate::{
    effect::Effect,
    message::Ticket,
    model::{Focus, Model, count::Count, fault::Fault, feed::Filter, notification::NotificationId},
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
pub(super) fn mark(model: &mut Model, read: bool) -> Vec<Effect> {
    let Some(id) = model.feed.selected().map(|notification| notification.id.clone()) else {
        return Vec::new();
    };
    let unread_before = model.unread;
    let Some(before) = model.feed.set_read(&id, read.then_some(model.now)) else {
        return if read { advance(model) } else { Vec::new() };
    };
    model.unread = model.unread.map(|unread| unread.plus(if read { -1 } else { 1 }));
    let ticket = remember(model, vec![(id.clone(), before)], unread_before);
    let mut effects = vec![Effect::Mark { ticket, ids: vec![id], read }];
    if read {
        effects.extend(advance(model));
    }
    effects
}

/// On to the next: among the unread it has come up by itself.
fn advance(model: &mut Model) -> Vec<Effect> {
    if model.feed.filter == Filter::All {
        let focus = std::mem::replace(&mut model.focus, Focus::List);
        let effects = moves::go(model, crate::keymap::Action::Down);
        model.focus = focus;
        return effects;
    }
    model.feed.selection.following = false;
    model.detail_scroll = 0;
    moves::older(model)
}

/// Marks everything as read, up to the newest that is shown.
pub(super) fn mark_all(model: &mut Model) -> Vec<Effect> {
    let Some(through) = model.feed.shown().get(0).cloned() else {
        return Vec::new();
    };
    let newest = model.feed.listing(Filter::All).get(0) == Some(&through);
    let unread_before = model.unread;
    let mut before = Vec::new();
    let unread: Vec<_> = model.feed.from(&through).unwrap_or_default();
    let shown: Vec<_> = model.feed.shown().iter().cloned().collect();
    for id in unread.into_iter().chain(shown) {
        if let Some(was) = model.feed.set_read(&id, Some(model.now)) {
            before.push((id, was));
        }
    }
    model.unread = if newest {
        Some(Count { count: 0, at_least: false })
    } else {
        let gone = i64::try_from(before.len()).unwrap_or(i64::MAX);
        model.unread.map(|unread| unread.plus(-gone))
    };
    let ticket = remember(model, before, unread_before);
    vec![Effect::MarkAllRead { ticket, through }]
}

/// A receipt was answered. A refused one is undone, and what happened meanwhile is asked for.
pub(super) fn marked(model: &mut Model, ticket: Ticket, result: Result<Count, Fault>) -> Vec<Effect> {
    let Some(index) = model.receipts.iter().position(|receipt| receipt.ticket == ticket) else {
        return Vec::new();
    };
    let receipt = model.receipts.remove(index);
    match result {
        // While others are under way, the screen is ahead of the server.
        Ok(unread) if model.receipts.is_empty() => model.unread = Some(unread),
        Ok(_) => {}
        Err(fault) => {
            for (id, read_at) in receipt.before {
                model.feed.set_read(&id, read_at);
            }
            model.unread = receipt.unread_before;
            say(model, format!("failed to mark: {fault}"), true);
            if model.link.is_up() {
                return vec![Effect::Start { replace: false }];
            }
        }
    }
    Vec::new()
}

fn remember(
    model: &mut Model,
    before: Vec<(NotificationId, Option<DateTime<Utc>>)>,
    unread_before: Option<Count>,
) -> Ticket {
    let ticket = model.next_ticket;
    model.next_ticket += 1;
    model.receipts.push(Receipt { ticket, before, unread_before });
    ticket
}

/// There is something new to look at.
pub(super) fn look(model: &mut Model) {
    model.seen_due.get_or_insert(model.now + LOOK);
}

/// The newest has been on the screen for a while.
pub(super) fn see(model: &mut Model) -> Vec<Effect> {
    if !model.link.is_up() || model.seen_due.is_none_or(|due| due > model.now) {
        return Vec::new();
    }
    model.seen_due = None;
    let newest = model.feed.listing(Filter::All).get(0).cloned();
    newest.map(|through| Effect::MarkSeen { through }).into_iter().collect()
}

/// The server has taken note, and says how many are unread: the number here may have drifted.
pub(super) fn seen(model: &mut Model, result: &Result<Count, Fault>) {
    if let Ok(unread) = result
        && model.receipts.is_empty()
    {
        model.unread = Some(*unread);
    }
}
