//! `/metrics`: the server's own numbers, for Prometheus, as `OpenMetrics` text
//! (<https://prometheus.io/docs/specs/om/open_metrics_spec/>). They tell of no campus and of nobody.

use std::fmt;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, NoLabelSet, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::Doors;
use super::over_http::Refusal;
use crate::delivery::{Figures, Latency, Snapshot};
use crate::graphql::Code;

const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Answers whoever may monitor.
pub(super) async fn serve(State(doors): State<Arc<Doors>>, headers: HeaderMap) -> Response {
    if let Err(refusal) = admit(&doors, &headers).await {
        return refusal.into_response();
    }
    match exposition(doors.api.hub.figures()) {
        Ok(text) => ([(CONTENT_TYPE, MEDIA_TYPE), (CACHE_CONTROL, "no-store")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "failed to write the numbers");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn admit(doors: &Doors, headers: &HeaderMap) -> Result<(), Refusal> {
    if doors.settings.open.metrics {
        return Ok(());
    }
    let Some(Ok(identity)) = doors.keys.bearer(headers, doors.api.clock.now()) else {
        return Err(Refusal::unauthenticated("a valid token is needed", headers));
    };
    doors.api.may_monitor(identity).await.map_err(|error| {
        let status = match error.code() {
            Code::Forbidden => StatusCode::FORBIDDEN,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Refusal::new(status, error.code().name(), error.to_string())
    })
}

fn exposition(figures: &Figures) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("campanile");
    let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("build", "Which server this is", build);
    let numbers = Numbers { snapshot: figures.snapshot(), latency: figures.latency() };
    registry.register_collector(Box::new(numbers));
    let mut text = String::new();
    text::encode(&mut text, &registry)?;
    Ok(text)
}

#[derive(Debug)]
struct Numbers {
    snapshot: Snapshot,
    latency: Latency,
}

impl Collector for Numbers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Snapshot { connections, subscriptions, catching_up, published, delivered, .. } = self.snapshot;
        let Snapshot { backlog, log_head, .. } = self.snapshot;
        let mut put = |name: &str, help: &str, metric: &dyn Encode| metric.encode(&mut encoder, name, help);
        put("connections", "Sockets and streams that are open", &ConstGauge::new(connections))?;
        put("subscriptions", "Feeds and other subscriptions that are open", &ConstGauge::new(subscriptions))?;
        put(
            "catching_up",
            "Feeds that are not live, but read what they missed",
            &ConstGauge::new(catching_up),
        )?;
        put("publishes", "Notifications that the log gained", &ConstCounter::new(published))?;
        put("deliveries", "Entries of the log that feeds took, each by each", &ConstCounter::new(delivered))?;
        put("log_head", "The last position of the log", &ConstGauge::new(log_head.0))?;
        put("backlog", "Entries that were not taken to every live feed yet", &ConstGauge::new(backlog))?;
        let help = "From commit to the socket, for feeds that are live";
        let Latency { sum, count, buckets } = &self.latency;
        encoder
            .encode_descriptor("delivery_latency", help, Some(&Unit::Seconds), MetricType::Histogram)?
            .encode_histogram::<NoLabelSet>(*sum, *count, buckets, None)
    }
}

/// A number with its name.
trait Encode {
    fn encode(&self, encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str) -> fmt::Result;
}

impl<M: EncodeMetric> Encode for M {
    fn encode(&self, encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str) -> fmt::Result {
        EncodeMetric::encode(self, encoder.encode_descriptor(name, help, None, self.metric_type())?)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use tokio::sync::watch;

    use super::*;
    use crate::clock::Clock;
    use crate::domain::id::Seq;
    use crate::store::Head;

    #[test]
    fn every_number_is_there_by_its_name() {
        let clock = Clock::from_fn(|| DateTime::from_timestamp(1_795_003_200, 0).unwrap());
        let (_head, end) = watch::channel(Head { epoch: "life".into(), seq: Seq(42) });
        let figures = Figures::new(clock, end);
        let _connected = [figures.connect(), figures.connect()];
        let text = exposition(&figures).unwrap();
        insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}
