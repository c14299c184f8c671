//! Broadcasts as the console shows them: what scripts print (see [`super::broadcasts`]), and besides when each was sent, where
//! it leads, and by whose clocks.

use chrono::{DateTime, Utc};

use super::{
    broadcasts::{
        BroadcastContent, BroadcastState, BroadcastVariablesFields, BroadcastsVariablesFields,
        CancelBroadcastVariablesFields,
    },
    fragments::{AudienceKind, Sender},
    queries::PageInfo,
    schema,
};

/// An act of publishing.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Broadcast")]
pub struct BroadcastRow {
    /// Campanile's own.
    pub id: cynic::Id,
    /// How far it has come.
    pub state: BroadcastState,
    /// Why it failed.
    pub failure: Option<String>,
    /// What it says.
    pub content: BroadcastContent,
    /// What it has become.
    pub notification: Option<BroadcastNotification>,
    /// Who sent it.
    pub sender: Sender,
    /// Whom it is for.
    pub audience: AudienceKind,
    /// Where.
    pub campus: Option<BroadcastCampus>,
    /// When it is to be sent.
    pub send_at: Option<DateTime<Utc>>,
    /// To how many.
    pub audience_size: i32,
    /// How many of them it has reached.
    pub delivered_count: i32,
    /// How many of them have read it.
    pub read_count: i32,
}

/// What a broadcast has become.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Notification")]
pub struct BroadcastNotification {
    /// Campanile's own.
    pub id: cynic::Id,
    /// When it was accepted.
    pub created_at: DateTime<Utc>,
    /// What it is about.
    pub data: BroadcastData,
}

/// What a broadcast is about.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "NotificationData")]
pub struct BroadcastData {
    /// Where to act on it.
    pub action_url: Option<String>,
}

/// Where a broadcast was sent.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Campus")]
pub struct BroadcastCampus {
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
    /// An IANA name.
    pub timezone: String,
}

/// What was sent and what waits, newest first.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "BroadcastsVariables")]
pub struct BroadcastRowsQuery {
    /// A page of it.
    #[arguments(campusKey: $campus_key, first: $first, after: $after)]
    pub broadcasts: BroadcastRows,
}

/// A page.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "BroadcastConnection")]
pub struct BroadcastRows {
    /// What is on it.
    pub edges: Vec<BroadcastRowEdge>,
    /// Where the next one begins.
    pub page_info: PageInfo,
}

/// One of a page.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "BroadcastEdge")]
pub struct BroadcastRowEdge {
    /// It.
    pub node: BroadcastRow,
}

/// One, as its numbers grow.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Subscription", variables = "BroadcastVariables")]
pub struct BroadcastRowSubscription {
    /// At most once a second.
    #[arguments(id: $id)]
    pub broadcast: BroadcastRow,
}

/// Calls one off before its time.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Mutation", variables = "CancelBroadcastVariables")]
pub struct CancelBroadcastRow {
    /// The answer.
    #[arguments(input: $input)]
    pub cancel_broadcast: CancelBroadcastRowPayload,
}

/// What came of it.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "CancelBroadcastPayload")]
pub struct CancelBroadcastRowPayload {
    /// As it is then.
    pub broadcast: BroadcastRow,
}
