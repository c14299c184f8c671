//! What mutations answer.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{Broadcast, Campus, Notification, NotificationPreferences, User, Viewer};
use crate::domain::{broadcast, entry};
use crate::graphql::error::ApiResult;
use crate::graphql::scalars::DateTime;

/// Answers `markRead`, `markUnread`, `archive` and `unarchive`.
#[derive(SimpleObject)]
pub(crate) struct MarkPayload {
    /// Those of the notifications named that the viewer can see, as they stand now.
    pub(in crate::graphql) notifications: Vec<Notification>,
    /// Whoever asks, with their counts as they stand now.
    pub(in crate::graphql) viewer: Viewer,
}

/// Answers `markAllRead`.
#[derive(SimpleObject)]
pub(crate) struct MarkAllReadPayload {
    /// The last notification that is read.
    pub(in crate::graphql) read_through: ID,
    /// Whoever asks, with their counts as they stand now.
    pub(in crate::graphql) viewer: Viewer,
}

/// Answers `markSeen`.
#[derive(SimpleObject)]
pub(crate) struct MarkSeenPayload {
    /// Whoever asks, with their counts as they stand now.
    pub(in crate::graphql) viewer: Viewer,
}

/// Answers `updatePreferences` and `resetPreferences`.
#[derive(SimpleObject)]
pub(crate) struct PreferencesPayload {
    /// What applies there now.
    pub(in crate::graphql) preferences: NotificationPreferences,
    /// Whoever asks, with their counts as they stand now.
    pub(in crate::graphql) viewer: Viewer,
}

/// Answers every mutation that publishes.
pub(crate) struct PublishPayload {
    pub(in crate::graphql) broadcast: Arc<broadcast::Broadcast>,
    /// What it became, where that is at hand.
    pub(in crate::graphql) notification: Option<Arc<entry::Notification>>,
    pub(in crate::graphql) created: bool,
}

impl PublishPayload {
    fn act(&self) -> Broadcast {
        Broadcast::with(Arc::clone(&self.broadcast), self.notification.clone())
    }
}

/// Answers every mutation that publishes.
#[Object]
impl PublishPayload {
    /// What was sent; null while it waits for `sendAt`, and when it has been recalled since.
    async fn notification(&self, ctx: &Context<'_>) -> Option<ApiResult<Notification>> {
        self.act().own_copy(ctx).await.transpose()
    }

    /// The act of publishing.
    async fn broadcast(&self) -> Broadcast {
        self.act()
    }

    /// False: the idempotency key had been used, nothing new was sent.
    async fn created(&self) -> bool {
        self.created
    }
}

/// Answers `ingest`.
#[derive(SimpleObject, Default)]
pub(crate) struct IngestPayload {
    /// What the events became, in their order, also those that had been handed in before.
    pub(in crate::graphql) notifications: Vec<Notification>,
    /// How many were sent.
    pub(in crate::graphql) created: i32,
    /// How many had been handed in before.
    pub(in crate::graphql) duplicates: i32,
    /// Which were refused, and why.
    pub(in crate::graphql) refused: Vec<IngestRefusal>,
}

/// Why an event was refused. The others of its call went through.
#[derive(SimpleObject)]
pub(crate) struct IngestRefusal {
    /// Its place among the call's events, from 0.
    pub(in crate::graphql) index: i32,
    /// As an error's `extensions.code`.
    pub(in crate::graphql) code: String,
    /// Which part of it is wrong.
    pub(in crate::graphql) field: Option<String>,
    /// What is wrong.
    pub(in crate::graphql) message: String,
}

/// Answers `recall`.
#[derive(SimpleObject)]
pub(crate) struct RecallPayload {
    /// What was taken back.
    pub(in crate::graphql) notification_id: ID,
}

/// Answers `cancelBroadcast`.
#[derive(SimpleObject)]
pub(crate) struct CancelBroadcastPayload {
    /// What was called off.
    pub(in crate::graphql) broadcast: Broadcast,
}

/// Answers `renewSession`.
#[derive(SimpleObject)]
pub(crate) struct RenewSessionPayload {
    /// When the connection ends now, unless it is renewed again.
    pub(in crate::graphql) expires_at: DateTime,
}

/// Answers `upsertCampuses`.
#[derive(SimpleObject)]
pub(crate) struct UpsertCampusesPayload {
    /// The campuses, in the order in which they were named.
    pub(in crate::graphql) campuses: Vec<Campus>,
}

/// Answers `upsertUsers`.
#[derive(SimpleObject)]
pub(crate) struct UpsertUsersPayload {
    /// The users, in the order in which they were named.
    pub(in crate::graphql) users: Vec<User>,
}

/// Answers `setMemberships` and `removeMemberships`.
#[derive(SimpleObject)]
pub(crate) struct MembershipsPayload {
    /// How many were not so already.
    pub(in crate::graphql) changed: i32,
}
