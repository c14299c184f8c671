//! Everything that the API answers with.

mod broadcast;
mod connection;
mod enums;
mod explanation;
mod feed_event;
mod metrics;
mod notification;
mod payloads;
mod people;
mod preferences;
mod viewer;

use async_graphql::Interface;
// The interface's one field.
use async_graphql::ID;

pub(super) use broadcast::{Broadcast, BroadcastConnection, BroadcastEdge};
pub(super) use connection::{NotificationConnection, NotificationEdge, PageInfo};
pub(super) use enums::{
    AttendanceChange, AudienceKind, BroadcastState, CampusRole, Category, EventChange, NotificationStatus,
    Priority, Role, TranscriptionChange,
};
pub(super) use explanation::Explanation;
pub(super) use feed_event::{FeedEvent, cursor_of, event_from};
pub(super) use metrics::Metrics;
pub(super) use notification::{Notification, Sender, TypeInfo};
pub(super) use payloads::{
    CancelBroadcastPayload, IngestPayload, IngestRefusal, MarkAllReadPayload, MarkPayload, MarkSeenPayload,
    MembershipsPayload, PreferencesPayload, PublishPayload, RecallPayload, RenewSessionPayload,
    UpsertCampusesPayload, UpsertUsersPayload,
};
pub(super) use people::{Campus, User};
pub(super) use preferences::NotificationPreferences;
pub(super) use viewer::Viewer;

/// Whatever has an id of its own, unique over all types.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque, and unique over all types."))]
pub(crate) enum Node {
    /// A notification.
    Notification(Notification),
    /// A campus.
    Campus(Campus),
    /// A user.
    User(User),
    /// Whoever asks.
    Viewer(Viewer),
    /// One act of publishing.
    Broadcast(Broadcast),
    /// What the viewer wants to hear.
    Preferences(NotificationPreferences),
}
