//! What the mutation of a session is told.

use async_graphql::InputObject;

/// With what to go on.
#[derive(InputObject)]
pub(crate) struct RenewSessionInput {
    /// A token of the same user, as a header would have it behind `Bearer`.
    pub(in crate::graphql) token: String,
}
