//! Acts of publishing and how they fare: the queries, the mutations, and the subscription. A fragment prints as the API has it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{
    NotificationType,
    fragments::{AudienceKind, Campus, NotificationRef, Priority, Sender},
    queries::{PageInfo, UserName},
    schema,
};

/// See `BroadcastState` in the schema.
#[derive(cynic::Enum, Debug, Clone, PartialEq, Eq)]
pub enum BroadcastState {
    /// Waits for its time.
    Scheduled,
    /// In the feeds.
    Sent,
    /// Taken back.
    Recalled,
    /// Called off.
    Cancelled,
    /// Could not be sent.
    Failed,
    /// One that this build does not know.
    #[cynic(fallback)]
    Other(String),
}

/// What it says.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BroadcastContent {
    /// Which of `notificationTypes`.
    #[cynic(rename = "type")]
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// One line.
    pub title: String,
    /// Several, at times.
    pub message: String,
    /// How much it matters.
    pub priority: Priority,
    /// When it stops being news.
    pub expires_at: Option<DateTime<Utc>>,
}

/// An act of publishing.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Broadcast {
    /// Campanile's own.
    pub id: cynic::Id,
    /// How far it has come.
    pub state: BroadcastState,
    /// Why it failed.
    pub failure: Option<String>,
    /// What it says.
    pub content: BroadcastContent,
    /// What it has become.
    pub notification: Option<NotificationRef>,
    /// Who sent it.
    pub sender: Sender,
    /// Whom it is for.
    pub audience: AudienceKind,
    /// Where.
    pub campus: Option<Campus>,
    /// When it is to be sent.
    pub send_at: Option<DateTime<Utc>>,
    /// To how many.
    pub audience_size: i32,
    /// How many of them it has reached.
    pub delivered_count: i32,
    /// How many of them have read it.
    pub read_count: i32,
}

/// Of [`BroadcastsQuery`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct BroadcastsVariables {
    /// Only this campus's.
    pub campus_key: Option<String>,
    /// 1 to 100.
    pub first: i32,
    /// An earlier page's `end_cursor`.
    pub after: Option<String>,
}

/// What was sent and what waits, newest first.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "BroadcastsVariables")]
pub struct BroadcastsQuery {
    /// A page of it.
    #[arguments(campusKey: $campus_key, first: $first, after: $after)]
    pub broadcasts: BroadcastConnection,
}

/// A page.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct BroadcastConnection {
    /// What is on it.
    pub edges: Vec<BroadcastEdge>,
    /// Where the next one begins.
    pub page_info: PageInfo,
}

/// One of a page.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct BroadcastEdge {
    /// It.
    pub node: Broadcast,
}

/// Of [`BroadcastQuery`] and [`BroadcastSubscription`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct BroadcastVariables {
    /// Which.
    pub id: cynic::Id,
}

/// One, by its id.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "BroadcastVariables")]
pub struct BroadcastQuery {
    /// Null where there is none that the viewer may see.
    #[arguments(id: $id)]
    pub node: Option<BroadcastNode>,
}

/// A node, which may be something else.
#[derive(cynic::InlineFragments, Debug, Clone)]
#[cynic(graphql_type = "Node")]
pub enum BroadcastNode {
    /// It is one.
    Broadcast(Box<Broadcast>),
    /// It is none.
    #[cynic(fallback)]
    Other,
}

/// One, as its numbers grow.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Subscription", variables = "BroadcastVariables")]
pub struct BroadcastSubscription {
    /// At most once a second.
    #[arguments(id: $id)]
    pub broadcast: Broadcast,
}

/// Which.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct CancelBroadcastInput {
    /// A broadcast's id.
    pub id: cynic::Id,
}

/// Of [`CancelBroadcast`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct CancelBroadcastVariables {
    /// Which.
    pub input: CancelBroadcastInput,
}

/// Calls one off before its time.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "CancelBroadcastVariables")]
pub struct CancelBroadcast {
    /// The answer.
    #[arguments(input: $input)]
    pub cancel_broadcast: CancelBroadcastPayload,
}

/// What came of it.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct CancelBroadcastPayload {
    /// As it is then.
    pub broadcast: Broadcast,
}

/// Which.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct RecallInput {
    /// A notification's id.
    pub id: cynic::Id,
}

/// Of [`Recall`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct RecallVariables {
    /// Which.
    pub input: RecallInput,
}

/// Takes a notification back from every feed.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "RecallVariables")]
pub struct Recall {
    /// The answer.
    #[arguments(input: $input)]
    pub recall: RecallPayload,
}

/// What came of it.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct RecallPayload {
    /// Which.
    pub notification_id: cynic::Id,
}

/// Whom.
#[derive(cynic::InputObject, Debug, Clone)]
pub struct AudienceInput {
    /// Everyone on this campus, or with users, as news of it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub campus_key: Option<String>,
    /// These.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub user_keys: Option<Vec<String>>,
    /// Everyone.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub all: Option<bool>,
    /// Of which type it would be.
    #[cynic(rename = "type")]
    pub kind: NotificationType,
}

/// Of [`PreviewQuery`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct PreviewVariables {
    /// Whom.
    pub input: AudienceInput,
}

/// How many it would reach.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "PreviewVariables")]
pub struct PreviewQuery {
    /// The numbers.
    #[arguments(input: $input)]
    pub preview_audience: AudiencePreview,
}

/// Numbers before sending.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AudiencePreview {
    /// To how many.
    pub size: i32,
    /// How many of them mute the type.
    pub muted: i32,
    /// How many of them have quiet hours now.
    pub in_quiet_hours: i32,
    /// How many of them have a feed open.
    pub connected: i32,
}

/// Of [`RecipientsQuery`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct RecipientsVariables {
    /// Which broadcast.
    pub id: cynic::Id,
    /// 1 to 100.
    pub first: i32,
    /// An earlier page's `end_cursor`.
    pub after: Option<String>,
}

/// Whom a broadcast named.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "RecipientsVariables")]
pub struct RecipientsQuery {
    /// Null where there is none that the viewer may see.
    #[arguments(id: $id)]
    pub node: Option<RecipientsNode>,
}

/// A node, which may be something else.
#[derive(cynic::InlineFragments, Debug, Clone)]
#[cynic(graphql_type = "Node", variables = "RecipientsVariables")]
pub enum RecipientsNode {
    /// It is one.
    Broadcast(RecipientsOf),
    /// It is none.
    #[cynic(fallback)]
    Other,
}

/// A broadcast, as far as whom it named.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Broadcast", variables = "RecipientsVariables")]
pub struct RecipientsOf {
    /// A page of them.
    #[arguments(first: $first, after: $after)]
    pub recipients: UserConnection,
}

/// A page.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct UserConnection {
    /// Who is on it.
    pub edges: Vec<UserEdge>,
    /// Where the next one begins.
    pub page_info: PageInfo,
}

/// One of a page.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct UserEdge {
    /// They.
    pub node: UserName,
}
