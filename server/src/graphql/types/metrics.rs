//! How much is going on, as far as whoever asks may know.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{ComplexObject, Context, SimpleObject};
use chrono::TimeDelta;

use super::Campus;
use crate::delivery::{self, Overall};
use crate::domain::access::Reach;
use crate::domain::id::CampusId;
use crate::graphql::api::{Api, api};
use crate::graphql::error::ApiResult;

/// How much is going on. For a campus admin: their campuses only, and null where a number would tell of others.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct Metrics {
    /// Sockets and streams that are open.
    connections: Option<u64>,
    /// Feeds and other subscriptions that are open.
    subscriptions: Option<u64>,
    /// Notifications that were published since the server started.
    published_total: Option<f64>,
    /// What was delivered since the server started: notifications and recalls, once for each subscription that took one.
    delivered_total: Option<f64>,
    /// `publishedTotal`'s growth, over the last ten seconds.
    published_per_second: Option<f64>,
    /// `deliveredTotal`'s growth, over the last ten seconds.
    delivered_per_second: Option<f64>,
    /// From commit to the socket, over the last minute, milliseconds; what was caught up with later does not count.
    /// Null where nothing was delivered.
    delivery_latency_ms: Option<Percentiles>,
    /// Feeds that are not live at this moment, but read what they missed.
    catching_up: Option<u64>,
    /// Servers that work together.
    servers: Option<i32>,
    #[graphql(skip)]
    reach: Reach,
    #[graphql(skip)]
    on_campuses: HashMap<CampusId, u64>,
}

/// How much is going on.
#[ComplexObject]
impl Metrics {
    /// Each campus by itself, by name.
    #[graphql(complexity = "20 * child_complexity")]
    async fn per_campus(&self, ctx: &Context<'_>) -> ApiResult<Vec<CampusMetrics>> {
        per_campus(api(ctx), &self.reach, &self.on_campuses).await
    }
}

/// Half, nine tenths and so on took no longer than this.
#[derive(SimpleObject)]
pub(crate) struct Percentiles {
    /// Half took no longer.
    p50: f64,
    /// Nine tenths took no longer.
    p90: f64,
    /// All but one in a hundred took no longer.
    p99: f64,
    /// None took longer.
    max: f64,
}

/// How much is going on on one campus.
#[derive(SimpleObject)]
pub(crate) struct CampusMetrics {
    /// Which.
    campus: Campus,
    /// Feeds of its members that are open, as of a second ago at most.
    connections: u64,
    /// Notifications to the whole campus in the last hour.
    published_last_hour: i64,
}

impl Metrics {
    /// What of these numbers is within reach.
    pub(in crate::graphql) fn new(reach: Reach, overall: Overall) -> Self {
        let Overall { servers, snapshot: numbers, on_campuses } = overall;
        let everything = reach == Reach::Everything;
        Self {
            connections: everything.then_some(numbers.connections),
            subscriptions: everything.then_some(numbers.subscriptions),
            published_total: everything.then(|| float(numbers.published)),
            delivered_total: everything.then(|| float(numbers.delivered)),
            published_per_second: everything.then_some(numbers.published_per_second),
            delivered_per_second: everything.then_some(numbers.delivered_per_second),
            delivery_latency_ms: numbers.latency.filter(|_| everything).map(Percentiles::from),
            catching_up: everything.then_some(numbers.catching_up),
            // Tells of no campus.
            servers: Some(i32::try_from(servers).unwrap_or(i32::MAX)),
            reach,
            on_campuses,
        }
    }
}

impl From<delivery::Percentiles> for Percentiles {
    fn from(percentiles: delivery::Percentiles) -> Self {
        let delivery::Percentiles { p50, p90, p99, max } = percentiles;
        Self { p50, p90, p99, max }
    }
}

async fn per_campus(
    api: &Arc<Api>,
    reach: &Reach,
    here: &HashMap<CampusId, u64>,
) -> ApiResult<Vec<CampusMetrics>> {
    let campuses = match reach {
        Reach::Everything => api.store.campuses(None).await?,
        Reach::Campuses(campuses) => api.store.campuses(Some(campuses.clone())).await?,
    };
    let an_hour_ago = api.store.last_before(api.clock.now() - TimeDelta::hours(1)).await?;
    let ids = campuses.iter().map(|campus| campus.id).collect();
    let sent = api.store.sent_to_campuses(ids, an_hour_ago).await?;
    let metrics = campuses.into_iter().map(|campus| CampusMetrics {
        connections: here.get(&campus.id).copied().unwrap_or_default(),
        published_last_hour: sent.get(&campus.id).copied().unwrap_or_default(),
        campus: Campus(campus),
    });
    Ok(metrics.collect())
}

fn float(number: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "the contract has floats, for what outgrows an Int")]
    let float = number as f64;
    float
}
