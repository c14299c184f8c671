//! The dashboard's subscription, as its effects want it.

use super::{
    link::{Link, Slot},
    relay::relay,
};
use crate::{
    api::metrics::{Metrics, MetricsSubscription, MetricsVariables},
    sanitise::line,
    screens::dashboard::{
        Campus, Latency, Reading,
        exchange::{Effect, Signal},
    },
};

/// Does it, and tells what came of it.
pub(super) fn perform(link: &mut Link, effect: Effect) {
    let slot = Slot("dashboard", String::new());
    match effect {
        Effect::Stop => link.leave(&slot),
        Effect::Watch { generation, interval } => link.follow(slot, move |session, teller| async move {
            let variables = MetricsVariables { interval_seconds: interval };
            let readings = session.subscribe_with::<MetricsSubscription, _>(variables).await;
            let told = |told: MetricsSubscription| Signal::Reading {
                generation,
                reading: Box::new(reading(told.metrics)),
            };
            let fault = relay(readings, &teller, told).await;
            if !session.is_over() {
                teller.tell(Signal::Ended { generation, fault }).await;
            }
        }),
    }
}

fn reading(metrics: Metrics) -> Reading {
    Reading {
        connections: metrics.connections,
        subscriptions: metrics.subscriptions,
        catching_up: metrics.catching_up,
        servers: metrics.servers,
        published_per_second: metrics.published_per_second,
        published_total: metrics.published_total,
        delivered_per_second: metrics.delivered_per_second,
        delivered_total: metrics.delivered_total,
        latency: metrics.delivery_latency_ms.map(|ms| Latency {
            p50: ms.p50,
            p90: ms.p90,
            p99: ms.p99,
            max: ms.max,
        }),
        campuses: metrics
            .per_campus
            .into_iter()
            .map(|entry| Campus {
                key: line(&entry.campus.key),
                name: line(&entry.campus.name),
                connections: entry.connections,
                published_last_hour: entry.published_last_hour,
            })
            .collect(),
    }
}
