//! How much is going on: the query and the subscription. A fragment prints as the API has it.

use serde::Serialize;

use super::{fragments::Campus, schema};

/// The numbers; null where they would tell of other campuses than the viewer's.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// Sockets and streams that are open.
    pub connections: Option<i32>,
    /// Feeds and other subscriptions that are open.
    pub subscriptions: Option<i32>,
    /// Since the server started.
    pub published_total: Option<f64>,
    /// Since the server started.
    pub delivered_total: Option<f64>,
    /// Over the last ten seconds.
    pub published_per_second: Option<f64>,
    /// Over the last ten seconds.
    pub delivered_per_second: Option<f64>,
    /// From commit to socket, over the last minute.
    pub delivery_latency_ms: Option<Percentiles>,
    /// Feeds that read what they missed.
    pub catching_up: Option<i32>,
    /// That work together.
    pub servers: Option<i32>,
    /// Each campus by itself.
    pub per_campus: Vec<CampusMetrics>,
}

/// In milliseconds.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
pub struct Percentiles {
    /// Half were faster.
    pub p50: f64,
    /// Nine of ten were faster.
    pub p90: f64,
    /// 99 of 100 were faster.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}

/// Of one campus.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CampusMetrics {
    /// Which.
    pub campus: Campus,
    /// Its members'.
    pub connections: i32,
    /// In the last hour.
    pub published_last_hour: i32,
}

/// Of [`MetricsSubscription`].
#[derive(cynic::QueryVariables, Debug, Clone)]
pub struct MetricsVariables {
    /// 1 to 3,600.
    pub interval_seconds: i32,
}

/// One reading after the other.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Subscription", variables = "MetricsVariables")]
pub struct MetricsSubscription {
    /// One now, and then one at each interval.
    #[arguments(intervalSeconds: $interval_seconds)]
    pub metrics: Metrics,
}

/// One reading.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Query")]
pub struct MetricsQuery {
    /// The numbers.
    pub metrics: Metrics,
}
