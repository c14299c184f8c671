//! What the feed tells: what was found is kept true, and what is new is counted.

use crate::{
    model::{
        event::{Happening, ReadState},
        shared::Shared,
    },
    screens::history::History,
};

/// Something happened.
pub(super) fn happen(screen: &mut History, shared: &Shared, happening: &Happening) {
    match happening {
        Happening::Notification { .. } => {
            screen.newer += 1;
            screen.miscounts();
        }
        Happening::Recalled { notification_id } => {
            screen.triage.inbox.remove(notification_id, true);
            screen.miscounts();
        }
        Happening::ReadState(state) => {
            if !state.is_silent() {
                read_state(screen, shared, state);
                screen.miscounts();
            }
        }
        Happening::ViewerChanged => {
            screen.stale = true;
            screen.miscounts();
        }
        Happening::Progress { .. } | Happening::Unknown => {}
    }
}

fn read_state(screen: &mut History, shared: &Shared, state: &ReadState) {
    let inbox = &mut screen.triage.inbox;
    let ids = match &state.read_through {
        Some(through) => inbox.from(through),
        None if state.notification_ids.is_empty() => None,
        None => Some(state.notification_ids.clone()),
    };
    let Some(ids) = ids else {
        // It may be anything; the next page tells.
        screen.stale = true;
        return;
    };
    // What is taken out of the archive belongs here, perhaps, and has yet to come.
    if state.archived == Some(false) && ids.iter().any(|id| inbox.get(id).is_none()) {
        screen.stale = true;
    }
    for id in &ids {
        if let Some(read) = state.read {
            inbox.set_read(id, read.then_some(shared.now));
        }
        if let Some(archived) = state.archived {
            inbox.set_archived(id, archived.then_some(shared.now));
        }
    }
}
