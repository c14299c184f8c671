//! Readings of how much is going on: one, or one after the other.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, Stream};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::Session;
use super::api::Api;
use super::error::{ApiError, ApiResult};
use super::types::Metrics;
use crate::domain::access;
use crate::domain::invalid::Invalid;

/// Seconds between two readings, at most.
const LONGEST: u16 = 3_600;

/// What of the numbers may be seen at this moment by whoever is behind `session`.
pub(super) async fn reading(api: &Api, session: &Session) -> ApiResult<Metrics> {
    if session.has_ended(api.clock.now()) {
        return Err(ApiError::Unauthenticated);
    }
    let reach = access::may_read_metrics(&api.caller(session).await?)?;
    Ok(Metrics::new(reach, api.hub.overall().await?))
}

/// A reading now, and one every so often. Each looks anew at what may be seen; the first refusal is the last.
pub(super) fn readings(
    api: Arc<Api>,
    session: Arc<Session>,
    every: Duration,
) -> impl Stream<Item = ApiResult<Metrics>> {
    let beginning = Some((beats(every), api.hub.figures().subscribe()));
    stream::unfold(beginning, move |going_on| {
        let (api, session) = (Arc::clone(&api), Arc::clone(&session));
        async move {
            let (mut beats, counted) = going_on?;
            beats.tick().await;
            let reading = reading(&api, &session).await;
            // What is not available now may be so next time.
            let goes_on = matches!(reading, Ok(_) | Err(ApiError::Store(_)));
            Some((reading, goes_on.then_some((beats, counted))))
        }
    })
}

/// How often, if that is a number of seconds that makes sense.
pub(super) fn every(seconds: i32) -> Result<Duration, Invalid> {
    let seconds = u16::try_from(seconds).ok().filter(|seconds| (1..=LONGEST).contains(seconds));
    let seconds =
        seconds.ok_or_else(|| Invalid::new("intervalSeconds", format!("must be from 1 to {LONGEST}")))?;
    Ok(Duration::from_secs(seconds.into()))
}

/// At once, and then every so often; whoever was late is not made to hurry.
fn beats(every: Duration) -> Interval {
    let mut beats = interval(every);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats
}

#[cfg(test)]
mod tests;
