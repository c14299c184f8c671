//! What can be listened to.

use std::str::FromStr as _;
use std::sync::Arc;

use async_graphql::{Context, ID, Subscription};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};

use super::api::{api, caller, session};
use super::broadcasts;
use super::error::{ApiError, ApiResult};
use super::feed::{Fed, Opening};
use super::inputs::FeedFilter;
use super::metrics;
use super::types::{self, Broadcast, FeedEvent, Metrics};
use crate::domain::access;
use crate::domain::id::GlobalId;

/// What can be listened to.
pub struct Subscription;

/// What can be listened to.
#[Subscription]
impl Subscription {
    /// The viewer's feed, live. With `after` (a feedCursor, or any event's cursor): first everything since, in order,
    /// then live: no gap, no repeat.
    async fn feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to begin; at the present without it.")] after: Option<String>,
        #[graphql(desc = "Only these notifications.")] filter: Option<FeedFilter>,
    ) -> Result<BoxStream<'static, ApiResult<FeedEvent>>, ApiError> {
        let api = Arc::clone(api(ctx));
        if let Some(fed) = ctx.data_opt::<Fed>() {
            let events = fed.take().ok_or(ApiError::Internal("an execution was fed twice"))?;
            let events = stream::unfold(events, |mut events| async { Some((events.recv().await?, events)) });
            return Ok(events.map(move |event| Ok(types::event_from(&api, event))).boxed());
        }
        let caller = caller(ctx).await?;
        access::may_read_feed(&caller)?;
        // A client that resubscribes by itself repeats its first `after`; the connection knows better.
        let after = after.into_iter().chain(session(ctx)?.resume_after.clone()).collect();
        let interest = filter.unwrap_or_default().resolve(&api, &caller).await?;
        let opening =
            ctx.data::<Opening>().map_err(|_| ApiError::Internal("a feed was asked for without a sink"))?;
        let request = opening.request(caller.user.id, after, interest);
        let request = request.ok_or(ApiError::Internal("a feed was opened twice"))?;
        opening.begin(api.hub.subscribe(request).await?);
        // Its events go to the sink.
        Ok(stream::pending().boxed())
    }

    /// One broadcast's numbers as they grow, and what becomes of it: now, and then whenever something has changed, at most once
    /// a second.
    async fn broadcast(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A broadcast's.")] id: ID,
    ) -> Result<BoxStream<'static, ApiResult<Broadcast>>, ApiError> {
        let Ok(GlobalId::Broadcast(id)) = GlobalId::from_str(&id) else {
            return Err(ApiError::not_found("id"));
        };
        let (api, caller) = (api(ctx), caller(ctx).await?);
        broadcasts::visible(api, &caller, id).await?.ok_or_else(|| ApiError::not_found("id"))?;
        Ok(broadcasts::readings(Arc::clone(api), Arc::clone(session(ctx)?), id).boxed())
    }

    /// How much is going on, as the query has it: one reading now, then one every `intervalSeconds`.
    async fn metrics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "1 to 3,600.", default_with = "Some(1)")] interval_seconds: Option<i32>,
    ) -> Result<BoxStream<'static, ApiResult<Metrics>>, ApiError> {
        access::may_read_metrics(&caller(ctx).await?)?;
        let every = metrics::every(interval_seconds.unwrap_or(1))?;
        Ok(metrics::readings(Arc::clone(api(ctx)), Arc::clone(session(ctx)?), every).boxed())
    }
}
