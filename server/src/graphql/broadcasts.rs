//! Broadcasts for whoever may see them: one, pages of them, and one as it fares.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, Stream};
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::Session;
use super::api::Api;
use super::error::{ApiError, ApiResult};
use super::types::{Broadcast, BroadcastConnection, BroadcastEdge, PageInfo};
use crate::delivery::{Counted, Watched};
use crate::domain::access::{self, Caller, Reach};
use crate::domain::broadcast;
use crate::domain::cursor::{CursorError, Place};
use crate::domain::id::BroadcastId;
use crate::domain::invalid::Invalid;

/// Rows on one page, at most.
const LARGEST_PAGE: i32 = 100;
/// Rows on one page, unless said.
const PAGE: i32 = 20;
/// How often a broadcast that is watched is told of, at most.
const EVERY: Duration = Duration::from_secs(1);

/// That broadcast, if this caller may see it.
pub(super) async fn visible(
    api: &Api,
    caller: &Caller,
    id: BroadcastId,
) -> ApiResult<Option<broadcast::Broadcast>> {
    let found = api.store.broadcast(id).await?;
    Ok(found.filter(|broadcast| access::may_see_broadcast(caller, broadcast).is_ok()))
}

/// What was sent and what waits, newest first.
pub(super) async fn page(
    api: &Api,
    caller: &Caller,
    campus_key: Option<String>,
    first: Option<i32>,
    after: Option<&str>,
) -> ApiResult<BroadcastConnection> {
    let campus = match campus_key {
        Some(key) => Some(api.campus(caller, "campusKey", &key).await?.id),
        None => None,
    };
    let campuses = match access::may_list_broadcasts(caller, campus)? {
        Reach::Everything => None,
        Reach::Campuses(campuses) => Some(campuses),
    };
    let limit = page_size(first)?;
    let before = match after.map(Place::decode).transpose() {
        Ok(Some(Place::Broadcast(id))) => Some(id),
        Ok(None) => None,
        Ok(Some(Place::User(_))) | Err(_) => return Err(ApiError::cursor("after", CursorError::Garbled)),
    };
    // One more, to know whether there is more.
    let mut found = api.store.broadcasts(campuses, before, limit + 1).await?;
    let has_next_page = found.len() > limit;
    found.truncate(limit);
    let edges: Vec<BroadcastEdge> = found
        .into_iter()
        .map(|broadcast| BroadcastEdge {
            cursor: Place::Broadcast(broadcast.id).encode(),
            node: Broadcast::new(Arc::new(broadcast)),
        })
        .collect();
    let page_info = PageInfo {
        has_next_page,
        // Whoever begins somewhere has left something behind.
        has_previous_page: before.is_some(),
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: edges.last().map(|edge| edge.cursor.clone()),
    };
    Ok(BroadcastConnection { edges, page_info })
}

/// How many rows a page shall have.
pub(super) fn page_size(first: Option<i32>) -> Result<usize, Invalid> {
    let size = first.unwrap_or(PAGE);
    let size = usize::try_from(size).ok().filter(|_| (1..=LARGEST_PAGE).contains(&size));
    size.ok_or_else(|| Invalid::new("first", format!("must be 1 to {LARGEST_PAGE}")))
}

/// What a page of so many rows costs, each of which costs this much.
pub(super) fn page_cost(first: Option<i32>, row: usize) -> usize {
    page_size(first).unwrap_or(1) * row
}

/// How a broadcast fares: now, and whenever that has changed. Each second it is looked at anew whether it may be seen; the
/// first refusal is the last.
pub(super) fn readings(
    api: Arc<Api>,
    session: Arc<Session>,
    id: BroadcastId,
) -> impl Stream<Item = ApiResult<Broadcast>> {
    let watching = Watching {
        watched: api.hub.watch_broadcast(id),
        told: Watched::NotYet,
        beats: beats(),
        _counted: api.hub.figures().subscribe(),
    };
    stream::unfold(Some(watching), move |going_on| {
        let (api, session) = (Arc::clone(&api), Arc::clone(&session));
        async move {
            let mut watching = going_on?;
            let reading = watching.next(&api, &session).await;
            // What is not available now may be so next time.
            let goes_on = matches!(reading, Ok(_) | Err(ApiError::Store(_)));
            Some((reading, goes_on.then_some(watching)))
        }
    })
}

/// Somebody who watches a broadcast.
struct Watching {
    watched: watch::Receiver<Watched>,
    /// As it was when they were told last.
    told: Watched,
    beats: Interval,
    _counted: Counted,
}

impl Watching {
    /// The next change; or why there will be none.
    async fn next(&mut self, api: &Api, session: &Session) -> ApiResult<Broadcast> {
        loop {
            self.beats.tick().await;
            if *self.watched.borrow() == Watched::NotYet {
                // Should it take longer, rights are looked at meanwhile.
                let _ = timeout(EVERY, self.watched.changed()).await;
            }
            if session.has_ended(api.clock.now()) {
                return Err(ApiError::Unauthenticated);
            }
            let caller = api.caller(session).await?;
            let now = self.watched.borrow_and_update().clone();
            match &now {
                Watched::NotYet => {}
                Watched::Gone => return Err(ApiError::not_found("id")),
                Watched::There(broadcast, audience_size, fared) => {
                    access::may_see_broadcast(&caller, broadcast).map_err(|_| ApiError::not_found("id"))?;
                    if now != self.told {
                        let told = Broadcast::counted(Arc::clone(broadcast), *audience_size, *fared);
                        self.told = now;
                        return Ok(told);
                    }
                }
            }
        }
    }
}

/// At once, and then once a second; whoever was late is not made to hurry.
fn beats() -> Interval {
    let mut beats = interval(EVERY);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats
}

#[cfg(test)]
mod tests;
