//! The mutations: reading, and sending.

use chrono::{DateTime, Utc};

use super::{
    NotificationType,
    fragments::{NotificationRef, Priority, ViewerCounts},
    schema,
};

/// Names of notifications.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct NotificationIdsInput {
    /// At most 1,000.
    pub ids: Vec<cynic::Id>,
}

/// Of [`MarkRead`], [`MarkUnread`], [`Archive`] and [`Unarchive`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct IdsVariables {
    /// Which.
    pub input: NotificationIdsInput,
}

/// The numbers afterwards.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct MarkPayload {
    /// Those that the viewer may see.
    pub notifications: Vec<NotificationRef>,
    /// The numbers afterwards.
    pub viewer: ViewerCounts,
}

/// Marks as read.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "IdsVariables")]
pub struct MarkRead {
    /// The answer.
    #[arguments(input: $input)]
    pub mark_read: MarkPayload,
}

/// Marks as unread.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "IdsVariables")]
pub struct MarkUnread {
    /// The answer.
    #[arguments(input: $input)]
    pub mark_unread: MarkPayload,
}

/// Archives.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "IdsVariables")]
pub struct Archive {
    /// The answer.
    #[arguments(input: $input)]
    pub archive: MarkPayload,
}

/// Takes out of the archive.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "IdsVariables")]
pub struct Unarchive {
    /// The answer.
    #[arguments(input: $input)]
    pub unarchive: MarkPayload,
}

/// Up to where.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct MarkAllReadInput {
    /// A notification, included.
    pub through: cynic::Id,
    /// Only this campus's.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campus_key: Option<String>,
}

/// Of [`MarkAllRead`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct MarkAllReadVariables {
    /// Up to where.
    pub input: MarkAllReadInput,
}

/// The numbers afterwards.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct MarkAllReadPayload {
    /// The numbers afterwards.
    pub viewer: ViewerCounts,
}

/// Marks everything up to a notification as read.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "MarkAllReadVariables")]
pub struct MarkAllRead {
    /// The answer.
    #[arguments(input: $input)]
    pub mark_all_read: MarkAllReadPayload,
}

/// Up to where.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct MarkSeenInput {
    /// A notification, included.
    pub through: cynic::Id,
}

/// Of [`MarkSeen`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct MarkSeenVariables {
    /// Up to where.
    pub input: MarkSeenInput,
}

/// The numbers afterwards.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct MarkSeenPayload {
    /// The numbers afterwards.
    pub viewer: ViewerCounts,
}

/// Says that the viewer has looked.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "MarkSeenVariables")]
pub struct MarkSeen {
    /// The answer.
    #[arguments(input: $input)]
    pub mark_seen: MarkSeenPayload,
}

/// What a notification is about.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct NotificationDataInput {
    /// Where to act on it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub action_url: Option<String>,
}

/// What is said.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct NotificationContentInput {
    /// Which of `notificationTypes`.
    #[cynic(rename = "type")]
    pub kind: NotificationType,
    /// 1 to 200 characters.
    pub title: String,
    /// 1 to 4,000 characters.
    pub message: String,
    /// How much it matters.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// What it is about.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub data: Option<NotificationDataInput>,
    /// When it stops being news.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// The act of publishing, where only its id and its time are wanted.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Broadcast")]
pub struct BroadcastRef {
    /// Campanile's own.
    pub id: cynic::Id,
    /// When it is to be sent, if not at once.
    pub send_at: Option<DateTime<Utc>>,
}

/// What came of it.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct PublishPayload {
    /// The act.
    pub broadcast: BroadcastRef,
    /// Null while it waits, and when it has been recalled since.
    pub notification: Option<NotificationRef>,
    /// False: the idempotency key had been used.
    pub created: bool,
}

/// To a campus.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct CampusBroadcastInput {
    /// Which.
    pub campus_key: String,
    /// What.
    pub content: NotificationContentInput,
    /// When; at once without it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub send_at: Option<DateTime<Utc>>,
    /// The same again is sent once.
    pub idempotency_key: Option<String>,
}

/// Of [`BroadcastToCampus`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct CampusBroadcastVariables {
    /// To whom, and what.
    pub input: CampusBroadcastInput,
}

/// Says it to a campus.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "CampusBroadcastVariables")]
pub struct BroadcastToCampus {
    /// The answer.
    #[arguments(input: $input)]
    pub broadcast_to_campus: PublishPayload,
}

/// To everyone.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct SystemBroadcastInput {
    /// What.
    pub content: NotificationContentInput,
    /// When; at once without it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub send_at: Option<DateTime<Utc>>,
    /// The same again is sent once.
    pub idempotency_key: Option<String>,
}

/// Of [`BroadcastToAll`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct SystemBroadcastVariables {
    /// What.
    pub input: SystemBroadcastInput,
}

/// Says it to everyone.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "SystemBroadcastVariables")]
pub struct BroadcastToAll {
    /// The answer.
    #[arguments(input: $input)]
    pub broadcast_to_all: PublishPayload,
}

/// To named users.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct NotifyUsersInput {
    /// 1 to 10,000.
    pub user_keys: Vec<String>,
    /// As news of this campus.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campus_key: Option<String>,
    /// What.
    pub content: NotificationContentInput,
    /// When; at once without it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub send_at: Option<DateTime<Utc>>,
    /// The same again is sent once.
    pub idempotency_key: Option<String>,
}

/// Of [`NotifyUsers`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct NotifyUsersVariables {
    /// To whom, and what.
    pub input: NotifyUsersInput,
}

/// Says it to named users.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "NotifyUsersVariables")]
pub struct NotifyUsers {
    /// The answer.
    #[arguments(input: $input)]
    pub notify_users: PublishPayload,
}
