//! What the viewer says of the connection that they have.

use async_graphql::{Context, Object};

use crate::domain::access::Denied;
use crate::domain::invalid::Invalid;
use crate::graphql::api::{api, session};
use crate::graphql::error::{ApiError, ApiResult};
use crate::graphql::inputs::RenewSessionInput;
use crate::graphql::scalars::DateTime;
use crate::graphql::types::RenewSessionPayload;

#[derive(Default)]
pub(crate) struct SessionMutations;

/// What the viewer says of the connection that they have.
#[Object]
impl SessionMutations {
    /// On a socket: go on with this token (same `sub`) instead of being closed when the old one ends.
    async fn renew_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "With what.")] input: RenewSessionInput,
    ) -> ApiResult<RenewSessionPayload> {
        let session = session(ctx)?;
        let tokens = session.renewable_by.as_ref();
        let tokens = tokens.ok_or_else(|| Invalid::new("renewSession", "is for a socket only"))?;
        let fresh = tokens.identify(&input.token, api(ctx).clock.now()).ok_or(ApiError::Unauthenticated)?;
        let expires_at = DateTime(fresh.expires_at);
        session.renew(fresh).map_err(|_| Denied::Forbidden)?;
        Ok(RenewSessionPayload { expires_at })
    }
}
