//! What mutations of receipts are told.

use async_graphql::{ID, InputObject};

/// Which notifications.
#[derive(InputObject)]
pub(crate) struct NotificationIdsInput {
    /// At most 1,000; those that the viewer cannot see are passed over.
    pub(in crate::graphql) ids: Vec<ID>,
}

/// Up to where everything is read.
#[derive(InputObject)]
pub(crate) struct MarkAllReadInput {
    /// A notification's id: everything up to and including it.
    pub(in crate::graphql) through: ID,
    /// Only what this campus was told.
    pub(in crate::graphql) campus_key: Option<String>,
}

/// Up to where the viewer has looked.
#[derive(InputObject)]
pub(crate) struct MarkSeenInput {
    /// A notification's id: everything up to and including it.
    pub(in crate::graphql) through: ID,
}
