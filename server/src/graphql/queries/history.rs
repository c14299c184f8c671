//! Pages of the viewer's history: Relay's arguments, and what they mean.

use std::collections::HashMap;

use crate::delivery::{CopyState, History, HistoryFilter, PageRequest, PageRow};
use crate::domain::access::Caller;
use crate::domain::cursor::Cursor;
use crate::domain::id::Seq;
use crate::domain::invalid::Invalid;
use crate::graphql::api::Api;
use crate::graphql::copies;
use crate::graphql::error::{ApiError, ApiResult};
use crate::graphql::inputs::NotificationFilter;
use crate::graphql::types::{Notification, NotificationConnection, NotificationEdge};
use crate::store::{Head, StoreError};

/// Notifications on one page, at most.
const LARGEST_PAGE: i32 = 100;
/// Notifications on one page, unless said.
const PAGE: i32 = 20;

/// As Relay's cursor connections define them, over a list that is sorted newest first.
pub(super) struct Arguments {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
    /// Of which ends it is asked whether there is more: what lies behind a page costs another look.
    pub(super) asked: Ends,
}

/// The ends of a page.
pub(super) struct Ends {
    /// Where it goes on.
    pub(super) next: bool,
    /// Where it comes from.
    pub(super) previous: bool,
}

pub(super) async fn page(
    api: &Api,
    caller: &Caller,
    arguments: Arguments,
    filter: NotificationFilter,
) -> ApiResult<NotificationConnection> {
    // Before anything that it changes is read: a change that the page does not show is one that the feed tells.
    let revision = api.store.reader_state(caller.user.id).await?.revision;
    let history = api.history(caller).await?;
    // Where the caller was looked up, which is before the page: what is committed in between shows in the feed, and
    // perhaps on the page too. Any later, and what a campus tells somebody who has just joined would show in neither.
    let head = Head { epoch: api.store.epoch(), seq: caller.scope.as_of };
    let request = arguments.resolve(&head, history.deleted_through())?;
    let filter = filter.resolve(api, caller).await?;
    let mut page = history.page(&filter, request).await?;
    let newer = request.older_than.map(|seq| PageRequest {
        older_than: None,
        newer_than: Some(Seq(seq.0 - 1)),
        newest_first: false,
        limit: 1,
    });
    let older = request.newer_than.map(|seq| PageRequest {
        older_than: Some(seq.next()),
        newer_than: None,
        newest_first: true,
        limit: 1,
    });
    let Ends { next, previous } = arguments.asked;
    let has_next_page = match request.newest_first && page.more {
        true => true,
        false => next && is_any(&history, &filter, older).await?,
    };
    let has_previous_page = match !request.newest_first && page.more {
        true => true,
        false => previous && is_any(&history, &filter, newer).await?,
    };
    if !request.newest_first {
        page.rows.reverse();
    }
    api.hub.note_delivered(caller.user.id, head.seq);
    let notifications = copies::visible(api, caller, page.rows.iter().map(|row| row.seq).collect()).await?;
    let rows: HashMap<Seq, PageRow> = page.rows.into_iter().map(|row| (row.seq, row)).collect();
    let edges = notifications.into_iter().map(|notification| {
        let row = rows.get(&notification.seq);
        let copy = CopyState {
            read_at: row.and_then(|row| row.read_at),
            archived_at: row.and_then(|row| api.hub.archived_at(&notification, row.archived)),
            // To fetch a page is to be delivered what is on it.
            delivered: true,
        };
        NotificationEdge { cursor: api.cursor(notification.seq), node: Notification { notification, copy } }
    });
    Ok(NotificationConnection {
        edges: edges.collect(),
        has_next_page,
        has_previous_page,
        feed_cursor: api.reader_cursor(head.seq, revision),
    })
}

/// Whether there is anything at or beyond a cursor.
async fn is_any(
    history: &History,
    filter: &HistoryFilter,
    beyond: Option<PageRequest>,
) -> Result<bool, StoreError> {
    match beyond {
        Some(request) => Ok(!history.page(filter, request).await?.rows.is_empty()),
        None => Ok(false),
    }
}

impl Arguments {
    fn resolve(&self, head: &Head, deleted_through: Seq) -> Result<PageRequest, ApiError> {
        if self.first.is_some() && self.last.is_some() {
            return Err(Invalid::new("last", "cannot be used together with first").into());
        }
        let (field, size) = match (self.first, self.last) {
            (None, Some(last)) => ("last", last),
            (first, _) => ("first", first.unwrap_or(PAGE)),
        };
        let limit = usize::try_from(size).ok().filter(|_| (1..=LARGEST_PAGE).contains(&size));
        let limit = limit.ok_or_else(|| Invalid::new(field, format!("must be 1 to {LARGEST_PAGE}")))?;
        let position = |field: &str, cursor: &Option<String>| {
            let resolve = |text: &String| Cursor::resolve(text, &head.epoch, deleted_through, head.seq);
            let resolved = cursor.as_ref().map(resolve).transpose();
            resolved.map(|cursor| cursor.map(|c| c.seq)).map_err(|error| ApiError::cursor(field, error))
        };
        Ok(PageRequest {
            older_than: position("after", &self.after)?,
            newer_than: position("before", &self.before)?,
            newest_first: self.last.is_none(),
            limit,
        })
    }
}

#[cfg(test)]
mod tests;
