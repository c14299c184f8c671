//! Who did what: the query, for a server that has it.
//!
//! The contract of the API has `auditLog`, and the `schema.graphql` that cynic checks everything else against does not have
//! it yet: a selection of it would not compile. So the document is text here, and whether the server has the field is
//! for the server to say (`GRAPHQL_VALIDATION_FAILED` where it does not). Once the schema has it, this becomes fragments as
//! everywhere else.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The document; see [`AuditVariables`] and [`AuditQuery`].
pub const DOCUMENT: &str = "\
query Audit($first: Int, $after: String, $actorKey: String, $action: String) {
  auditLog(first: $first, after: $after, actorKey: $actorKey, action: $action) {
    edges { node { id at actor { key name } action target remoteAddress outcome } }
    pageInfo { hasNextPage endCursor }
  }
}";

/// Which page of which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditVariables {
    /// 1 to 100.
    pub first: u8,
    /// An earlier page's `end_cursor`.
    pub after: Option<String>,
    /// Only what this user did.
    pub actor_key: Option<String>,
    /// Only this.
    pub action: Option<String>,
}

/// The answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditQuery {
    /// A page, newest first.
    pub audit_log: AuditConnection,
}

/// A page.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditConnection {
    /// What is on it.
    pub edges: Vec<AuditEdge>,
    /// Where the next one begins.
    pub page_info: PageInfo,
}

/// A place on a page.
#[derive(Debug, Clone, Deserialize)]
pub struct AuditEdge {
    /// What is there.
    pub node: AuditEntry,
}

/// Where a page ends.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// There is older.
    pub has_next_page: bool,
    /// The place to go on from.
    pub end_cursor: Option<String>,
}

/// Something that was done, or tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Campanile's own.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; null where nobody known did it.
    pub actor: Option<Actor>,
    /// What.
    pub action: String,
    /// To what.
    pub target: Option<String>,
    /// From where.
    pub remote_address: Option<String>,
    /// How it went.
    pub outcome: String,
}

/// Who did it.
#[derive(Debug, Clone, Deserialize)]
pub struct Actor {
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
}
