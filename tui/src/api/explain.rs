//! Why somebody did, or did not, get a notification. A fragment prints as the API has it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::schema;

/// Of [`ExplainQuery`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct ExplainVariables {
    /// Which.
    pub notification_id: cynic::Id,
    /// Whom; the viewer without it.
    pub user_key: Option<String>,
}

/// Why.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query", variables = "ExplainVariables")]
pub struct ExplainQuery {
    /// The answer.
    #[arguments(notificationId: $notification_id, userKey: $user_key)]
    pub explain: Explanation,
}

/// Whether, and why.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
pub struct Explanation {
    /// It is in their feed.
    pub received: bool,
    /// Rule by rule.
    pub reasons: Vec<Reason>,
}

/// What one rule says.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
pub struct Reason {
    /// Its name.
    pub rule: String,
    /// It speaks for getting it.
    pub holds: bool,
    /// As a sentence.
    pub detail: String,
    /// Since when, or at what moment.
    pub at: Option<DateTime<Utc>>,
}
