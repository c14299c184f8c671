//! The dashboard's subscription, as its effects want it.

use cynic::OperationBuilder;
use futures_util::{StreamExt, pin_mut};

use super::{
    link::{Link, Slot, Teller},
    session::Session,
};
use crate::{
    api::metrics::{Metrics, MetricsSubscription, MetricsVariables},
    model::fault::Fault,
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
            let fault = relay(&session, generation, interval, &teller).await;
            if !session.is_over() {
                teller.tell(Signal::Ended { generation, fault }).await;
            }
        }),
    }
}

/// Passes the readings on, and returns why they ended.
async fn relay(session: &Session, generation: u64, interval: i32, teller: &Teller) -> Option<Fault> {
    let variables = MetricsVariables { interval_seconds: interval };
    let operation =
        OperationBuilder::<MetricsSubscription, _>::subscription().with_variables(variables).build();
    let asked = match operation {
        Ok(operation) => session.subscribe(operation).await,
        Err(error) => Err(Fault::Foreign(error.to_string())),
    };
    let readings = match asked {
        Ok(readings) => readings,
        Err(fault) => return Some(fault),
    };
    pin_mut!(readings);
    while let Some(answer) = readings.next().await {
        match answer {
            Ok(answer) => {
                let reading = Box::new(reading(answer.metrics));
                teller.tell(Signal::Reading { generation, reading }).await;
            }
            Err(fault) => return Some(fault),
        }
    }
    None
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
