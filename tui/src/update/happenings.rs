//! The feed: what each kind of event changes.

use super::{link, receipts};
use crate::{
    effect::Effect,
    model::{
        Model,
        count::Count,
        event::{FeedEvent, Happening, ReadState},
        link::LinkState,
    },
};

/// Something happened. Whatever it is, the cursor moves on.
pub(super) fn happen(model: &mut Model, event: FeedEvent) -> Vec<Effect> {
    model.cursor = Some(event.cursor);
    match event.happening {
        Happening::Notification { notification, replayed, .. } => {
            // What was replayed, or was on a page already, the server had counted when it told the number.
            let counted = replayed || model.feed.was_announced(&notification.id);
            let counts = notification.is_unread() && !counted;
            if model.feed.arrive(*notification) {
                count(model, i64::from(counts));
                receipts::look(model);
            }
        }
        Happening::Recalled { notification_id } => {
            let unread = model.feed.remove(&notification_id, true).is_some_and(|gone| gone.is_unread());
            count(model, -i64::from(unread));
            // It may have been counted without being known here; the answer brings the number.
            receipts::look(model);
        }
        Happening::ReadState(state) => return read_state(model, &state),
        Happening::ViewerChanged => return link::refetch(model),
        Happening::Progress { live: true } if model.link.is_up() => {
            model.link.state = LinkState::Live;
            model.link.backoff.reset();
        }
        Happening::Progress { .. } | Happening::Unknown => {}
    }
    Vec::new()
}

fn read_state(model: &mut Model, state: &ReadState) -> Vec<Effect> {
    if state.revision <= model.revision {
        return Vec::new();
    }
    model.revision = state.revision;
    let unread = Some(Count::capped(state.unread_count));
    // While receipts are under way the screen is ahead of the server, and their answers bring the number.
    let expected = !model.receipts.is_empty() || model.unread == unread;
    if model.receipts.is_empty() {
        model.unread = unread;
    }
    if state.is_silent() && expected {
        return Vec::new();
    }
    let known = match &state.read_through {
        Some(through) => model.feed.from(through),
        None if state.notification_ids.is_empty() => None,
        None => Some(state.notification_ids.clone()),
    };
    // What it says of ids that are not known here needs no answer; what it does not say does.
    let (Some(ids), false) = (known, state.archived == Some(false)) else {
        return link::refetch(model);
    };
    for id in &ids {
        if let Some(read) = state.read {
            model.feed.set_read(id, read.then_some(model.now));
        }
        if state.archived == Some(true) {
            model.feed.remove(id, false);
        }
    }
    Vec::new()
}

fn count(model: &mut Model, delta: i64) {
    model.unread = model.unread.map(|unread| unread.plus(delta));
}
