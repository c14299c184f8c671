//! What mutations that publish, or take back, are told.

use async_graphql::{ID, InputObject};

use super::NotificationContentInput;
use crate::graphql::scalars::DateTime;

/// To everyone on one campus.
#[derive(InputObject)]
pub(crate) struct CampusBroadcastInput {
    /// The campus.
    pub(in crate::graphql) campus_key: String,
    /// What to say.
    pub(in crate::graphql) content: NotificationContentInput,
    /// When to send it: up to a year ahead, at once where it is left out or a moment ago.
    pub(in crate::graphql) send_at: Option<DateTime>,
    /// The sender's own, kept 7 days: the same again returns what was sent then; other content under it is CONFLICT.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// To everyone on every campus.
#[derive(InputObject)]
pub(crate) struct SystemBroadcastInput {
    /// What to say.
    pub(in crate::graphql) content: NotificationContentInput,
    /// When to send it: up to a year ahead, at once where it is left out or a moment ago.
    pub(in crate::graphql) send_at: Option<DateTime>,
    /// The sender's own, kept 7 days: the same again returns what was sent then; other content under it is CONFLICT.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// To named users.
#[derive(InputObject)]
pub(crate) struct NotifyUsersInput {
    /// 1 to 10,000.
    pub(in crate::graphql) user_keys: Vec<String>,
    /// Within this campus: all of them must be on it.
    pub(in crate::graphql) campus_key: Option<String>,
    /// What to say.
    pub(in crate::graphql) content: NotificationContentInput,
    /// When to send it: up to a year ahead, at once where it is left out or a moment ago.
    pub(in crate::graphql) send_at: Option<DateTime>,
    /// The sender's own, kept 7 days: the same again returns what was sent then; other content under it is CONFLICT.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

/// Which notification to take back.
#[derive(InputObject)]
pub(crate) struct RecallInput {
    /// A notification's.
    pub(in crate::graphql) id: ID,
}

/// Which broadcast to call off.
#[derive(InputObject)]
pub(crate) struct CancelBroadcastInput {
    /// A broadcast's.
    pub(in crate::graphql) id: ID,
}
