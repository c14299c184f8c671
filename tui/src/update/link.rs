//! The connection: what is asked first, what is resumed, and when another attempt is made.

use chrono::TimeDelta;

use super::{moves, receipts, say};
use crate::{
    effect::Effect,
    message::{Page, Start},
    model::{Model, event::Cursor, fault::Fault, feed::Filter, link::LinkState},
};

/// There is a connection: the first time a page says where the feed begins; later the feed goes on where it was, and the
/// page only brings up to date what is known.
pub(super) fn connected(model: &mut Model) -> Vec<Effect> {
    model.link.state = LinkState::CatchingUp;
    let Some(cursor) = model.cursor.clone() else {
        return refetch(model);
    };
    let mut effects = vec![follow(model, cursor)];
    effects.extend(if model.stale { refetch(model) } else { refresh(model) });
    effects
}

/// Asks for what may have changed of what is known.
fn refresh(model: &mut Model) -> Vec<Effect> {
    let mut effects = vec![Effect::Start { replace: false }];
    effects.extend(moves::fresh_unread(model));
    effects
}

/// The connection is gone, or never was.
pub(super) fn lost(model: &mut Model, fault: &Fault) -> Vec<Effect> {
    for filter in [Filter::All, Filter::Unread] {
        model.feed.listing_mut(filter).fetching = false;
    }
    let why = fault.to_string();
    if matches!(fault, Fault::Unauthenticated(_) | Fault::Foreign(_)) {
        model.link.state = LinkState::Refused { why };
        return Vec::new();
    }
    let after = model.link.backoff.delay();
    let until = model.now + TimeDelta::from_std(after).unwrap_or_default();
    model.link.state = LinkState::Waiting { until, why };
    vec![Effect::Connect { after }]
}

/// Someone does not want to wait.
pub(super) fn reconnect(model: &mut Model) -> Vec<Effect> {
    match model.link.state {
        LinkState::Waiting { .. } | LinkState::Refused { .. } => {
            model.link.state = LinkState::Connecting;
            super::begin()
        }
        LinkState::Connecting | LinkState::CatchingUp | LinkState::Live => Vec::new(),
    }
}

/// Asks for everything anew.
pub(super) fn refetch(model: &mut Model) -> Vec<Effect> {
    model.stale = true;
    model.feed.listing_mut(Filter::All).fetching = true;
    let mut effects = vec![Effect::Start { replace: true }];
    effects.extend(moves::fresh_unread(model));
    effects
}

/// The first page is there.
pub(super) fn started(model: &mut Model, replace: bool, result: Result<Box<Start>, Fault>) -> Vec<Effect> {
    let start = match result {
        Ok(start) => *start,
        Err(fault) => return failed(model, &fault),
    };
    model.viewer = Some(start.viewer);
    model.unread = Some(start.unread);
    let Page { notifications, end, feed_cursor } = start.page;
    if !replace {
        model.feed.refresh(notifications);
        return Vec::new();
    }
    model.feed.replace(Filter::All, notifications, end);
    model.stale = false;
    receipts::look(model);
    let mut effects = moves::older(model);
    if model.cursor.is_none() {
        model.cursor = Some(feed_cursor.clone());
        effects.push(follow(model, feed_cursor));
    }
    effects
}

/// A page of a listing is there.
pub(super) fn page(
    model: &mut Model,
    filter: Filter,
    older: bool,
    result: Result<Page, Fault>,
) -> Vec<Effect> {
    match result {
        Ok(page) if older => model.feed.append(filter, page.notifications, page.end),
        Ok(page) => model.feed.replace(filter, page.notifications, page.end),
        Err(fault) => {
            model.feed.listing_mut(filter).fetching = false;
            if model.link.is_up() {
                say(model, format!("failed to read the history: {fault}"), true);
            }
        }
    }
    Vec::new()
}

/// The subscription is over. A cursor that is of no use is given up; whatever else it is, a new connection may help.
pub(super) fn feed_ended(model: &mut Model, fault: Option<Fault>) -> Vec<Effect> {
    let fault = fault.unwrap_or_else(|| Fault::Unreachable("the server ended the feed".to_owned()));
    if fault.is_cursor_expired() {
        // Perhaps the log is another one, with the same names for other notifications.
        model.feed.forget();
        model.revision = 0;
        model.cursor = None;
        model.link.state = LinkState::CatchingUp;
        return refetch(model);
    }
    failed(model, &fault)
}

/// A question that everything hangs on was not answered. Where the connection itself was lost, that has been said.
fn failed(model: &mut Model, fault: &Fault) -> Vec<Effect> {
    if model.link.is_up() { lost(model, fault) } else { Vec::new() }
}

fn follow(model: &mut Model, after: Cursor) -> Effect {
    model.generation += 1;
    Effect::Follow { generation: model.generation, after }
}
