//! What the `feed` subscription tells.

use async_graphql::{ComplexObject, Context, ID, Interface, SimpleObject};

use super::{Notification, Viewer};
use crate::delivery::{self, HistoryFilter};
use crate::domain::id::{GlobalId, Seq};
use crate::domain::receipts::ReceiptChange;
use crate::graphql::api::{Api, caller};
use crate::graphql::error::ApiResult;
use crate::graphql::scalars::DateTime;

/// What the feed tells. An interface: a client that does not know a new kind of event still moves its cursor on.
#[derive(Interface)]
#[graphql(field(
    name = "cursor",
    ty = "&String",
    desc = "Where to resume, once this event has been dealt with."
))]
pub(crate) enum FeedEvent {
    /// A notification.
    Added(NotificationAdded),
    /// A notification was taken back.
    Recalled(NotificationRecalled),
    /// The viewer's receipts changed.
    ReadState(ReadStateChanged),
    /// What the feed shows has changed as a whole.
    ViewerChanged(ViewerChanged),
    /// The cursor moves on.
    Progress(FeedProgress),
    /// The session ends soon.
    Expiring(SessionExpiring),
}

/// A notification for the viewer.
#[derive(SimpleObject)]
pub(crate) struct NotificationAdded {
    /// Where to resume, once this event has been dealt with.
    cursor: String,
    /// The notification.
    notification: Notification,
    /// The viewer's quiet hours, at the moment of writing: show it, but do not sound, pop up or flash.
    silent: bool,
    /// Part of the catch-up, not news.
    replayed: bool,
}

/// A notification was taken back: it is not to be shown any more.
#[derive(SimpleObject)]
pub(crate) struct NotificationRecalled {
    /// Where to resume, once this event has been dealt with.
    cursor: String,
    /// Which.
    notification_id: ID,
}

/// The viewer read, un-read, archived or saw something, here or on another device.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct ReadStateChanged {
    /// Where to resume, once this event has been dealt with.
    cursor: String,
    /// Counts such changes and only grows: a smaller one is old news.
    revision: i64,
    /// These, or everything of which `readThrough` says so; empty with no `readThrough`: refetch.
    notification_ids: Vec<ID>,
    /// Everything up to and including this notification.
    read_through: Option<ID>,
    /// What they are now; null where that did not change.
    read: Option<bool>,
    /// What they are now; null where that did not change.
    archived: Option<bool>,
}

#[ComplexObject]
impl ReadStateChanged {
    /// How many are unread now, 1,000 at most.
    async fn unread_count(&self, ctx: &Context<'_>) -> ApiResult<i32> {
        Ok(Viewer(caller(ctx).await?).unread(ctx, HistoryFilter::default()).await?.count)
    }

    /// How many arrived since the viewer last looked, 1,000 at most.
    async fn unseen_count(&self, ctx: &Context<'_>) -> ApiResult<i32> {
        Ok(Viewer(caller(ctx).await?).unseen(ctx).await?.count)
    }
}

/// What the viewer's feed shows has changed as a whole (joined, left, muted, unmuted): refetch pages and counts.
#[derive(SimpleObject)]
pub(crate) struct ViewerChanged {
    /// Where to resume, once this event has been dealt with.
    cursor: String,
}

/// Moves the cursor on when nothing else does: once when the catch-up is done, later now and then.
#[derive(SimpleObject)]
pub(crate) struct FeedProgress {
    /// Where to resume, once this event has been dealt with.
    cursor: String,
    /// The catch-up is done.
    live: bool,
}

/// The token behind this connection runs out soon; then the socket closes with 4403. `renewSession` brings a fresh one.
#[derive(SimpleObject)]
pub(crate) struct SessionExpiring {
    /// Where to resume, once this event has been dealt with.
    cursor: String,
    /// When it does.
    expires_at: DateTime,
}

/// Where to resume, once this has been dealt with.
pub(in crate::graphql) fn cursor_of(api: &Api, event: &delivery::FeedEvent) -> String {
    use delivery::FeedEvent as Told;
    match event {
        // These are one reader's own, and can say more than what many hear alike.
        Told::ReadState { at, revision, .. }
        | Told::Progress { at, revision }
        | Told::Expiring { at, revision, .. } => api.reader_cursor(*at, *revision),
        _ => api.cursor(event.position()),
    }
}

/// The API's face of what a feed tells.
pub(in crate::graphql) fn event_from(api: &Api, event: delivery::FeedEvent) -> FeedEvent {
    use delivery::FeedEvent as Told;
    let cursor = cursor_of(api, &event);
    match event {
        Told::Added { notification, copy, silent, replayed } => {
            let notification = Notification { notification, copy };
            FeedEvent::Added(NotificationAdded { cursor, notification, silent, replayed })
        }
        Told::Recalled { notification, .. } => FeedEvent::Recalled(NotificationRecalled {
            cursor,
            notification_id: notification_id(notification),
        }),
        Told::ReadState { revision, change, .. } => {
            FeedEvent::ReadState(read_state(cursor, revision, change))
        }
        Told::ViewerChanged { .. } => FeedEvent::ViewerChanged(ViewerChanged { cursor }),
        Told::Progress { .. } => FeedEvent::Progress(FeedProgress { cursor, live: true }),
        Told::Expiring { expires_at, .. } => {
            FeedEvent::Expiring(SessionExpiring { cursor, expires_at: DateTime(expires_at) })
        }
    }
}

fn read_state(cursor: String, revision: i64, change: Option<ReceiptChange>) -> ReadStateChanged {
    let mut event = ReadStateChanged {
        cursor,
        revision,
        notification_ids: vec![],
        read_through: None,
        read: None,
        archived: None,
    };
    match change {
        Some(ReceiptChange::Read { notifications, read }) => {
            event.notification_ids = notifications.into_iter().map(|(seq, _)| notification_id(seq)).collect();
            event.read = Some(read);
        }
        Some(ReceiptChange::ReadThrough { through, campus: None }) => {
            event.read_through = Some(notification_id(through));
            event.read = Some(true);
        }
        // Of one campus, a client cannot tell which of its notifications are meant without asking.
        Some(ReceiptChange::ReadThrough { campus: Some(_), .. }) => event.read = Some(true),
        Some(ReceiptChange::Archived { notifications, archived }) => {
            event.notification_ids = notifications.into_iter().map(notification_id).collect();
            event.archived = Some(archived);
        }
        // What was seen shows in the counts alone.
        Some(ReceiptChange::Seen { .. }) | None => {}
    }
    event
}

fn notification_id(seq: Seq) -> ID {
    GlobalId::Notification(seq).to_string().into()
}
