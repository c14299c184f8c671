//! What can be listened to.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt as _, stream};

use super::api::{api, caller, session};
use super::error::{ApiError, ApiResult};
use super::inputs::FeedFilter;
use super::types::{self, FeedEvent};
use crate::delivery::{Feed, FeedRequest};
use crate::domain::access;

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
    ) -> Result<impl Stream<Item = ApiResult<FeedEvent>>, ApiError> {
        let caller = caller(ctx).await?;
        access::may_read_feed(&caller)?;
        let session = session(ctx)?;
        let api = std::sync::Arc::clone(api(ctx));
        let request = FeedRequest {
            user: caller.user.id,
            // A client that resubscribes by itself repeats its first `after`; the connection knows better.
            after: after.into_iter().chain(session.resume_after.clone()).collect(),
            interest: filter.unwrap_or_default().resolve(&api, &caller).await?,
            ends_at: session.identity().expires_at,
        };
        let feed = Feed::open(std::sync::Arc::clone(&api.hub), request).await?;
        let events = stream::unfold(Some(feed), |feed| async {
            let mut feed = feed?;
            let event = feed.next().await?;
            // After an error there is nothing more.
            let rest = event.is_ok().then_some(feed);
            Some((event, rest))
        });
        Ok(events.map(move |event| event.map(|event| types::event_from(&api, event)).map_err(ApiError::from)))
    }
}
