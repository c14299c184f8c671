//! The feed: what each kind of event changes.

use super::{looks, pages};
use crate::{
    effect::Effect,
    model::{
        count::Count,
        event::{FeedEvent, Happening, ReadState},
        link::LinkState,
        notification::{Notification, NotificationId, Priority},
        shared::Shared,
    },
    screens::{Tab, feed::Feed},
};

/// Something happened. Whatever it is, the cursor moves on.
pub(super) fn happen(screen: &mut Feed, shared: &mut Shared, event: FeedEvent) -> Vec<Effect> {
    screen.cursor = Some(event.cursor);
    match event.happening {
        Happening::Notification { notification, replayed, silent } => {
            let effects = if replayed { Vec::new() } else { announce(shared, &notification, silent) };
            // What was replayed, or was on a page already, the server had counted when it told the number.
            let counted = replayed || screen.triage.inbox.was_announced(&notification.id);
            let counts = notification.is_unread() && !counted;
            if screen.triage.inbox.arrive(notification) {
                count(shared, i64::from(counts));
                looks::look(screen, shared);
            }
            return effects;
        }
        Happening::Recalled { notification_id } => {
            let unread =
                screen.triage.inbox.remove(&notification_id, true).is_some_and(|gone| gone.is_unread());
            count(shared, -i64::from(unread));
            // It may have been counted without being known here; the answer brings the number.
            looks::look(screen, shared);
        }
        Happening::ReadState(state) => return read_state(screen, shared, &state),
        Happening::ViewerChanged => return pages::refetch(screen, shared),
        Happening::Progress { live: true } if shared.link.is_up() => {
            shared.link.state = LinkState::Live;
            shared.link.backoff.reset();
        }
        Happening::Progress { .. } | Happening::Unknown => {}
    }
    Vec::new()
}

/// News: said over whatever other screen is shown; and what should be seen now is heard, but for in quiet hours.
fn announce(shared: &mut Shared, notification: &Notification, silent: bool) -> Vec<Effect> {
    let urgent = notification.priority == Priority::Urgent;
    if shared.tab != Tab::Feed {
        shared.toast(format!("{}: {}", notification.place(), notification.title), urgent);
    }
    if urgent && !silent { shared.ring(notification.place(), &notification.title) } else { Vec::new() }
}

fn read_state(screen: &mut Feed, shared: &mut Shared, state: &ReadState) -> Vec<Effect> {
    if state.revision <= screen.revision {
        return Vec::new();
    }
    screen.revision = state.revision;
    let unread = Some(Count::capped(state.unread_count));
    // While receipts are under way the screen is ahead of the server, and their answers bring the number.
    let expected = screen.triage.receipts.are_under_way() || shared.unread == unread;
    if !screen.triage.receipts.are_under_way() {
        shared.unread = unread;
    }
    if state.is_silent() && expected {
        return Vec::new();
    }
    let known = match &state.read_through {
        Some(through) => screen.triage.inbox.from(through),
        None if state.notification_ids.is_empty() => None,
        None => Some(state.notification_ids.clone()),
    };
    // What it says of ids that are not known here needs no answer; what it does not say does.
    // What was put back here already is no news.
    let is_here = |ids: &[NotificationId]| {
        state.read_through.is_none() && ids.iter().all(|id| screen.triage.inbox.get(id).is_some())
    };
    let comes_back = state.archived == Some(false) && !known.as_deref().is_some_and(is_here);
    let (Some(ids), false) = (known, comes_back) else {
        return pages::refetch(screen, shared);
    };
    for id in &ids {
        if let Some(read) = state.read {
            screen.triage.inbox.set_read(id, read.then_some(shared.now));
        }
        if state.archived == Some(true) {
            screen.triage.inbox.remove(id, false);
        }
    }
    Vec::new()
}

fn count(shared: &mut Shared, delta: i64) {
    shared.unread = shared.unread.map(|unread| unread.plus(delta));
}
