//! `campanile dashboard`: how much is going on, as lines.

use std::time::Duration;

use cynic::QueryBuilder;

use super::{
    CommandError,
    output::{Printer, reader_gone, table},
    persist,
};
use crate::{
    api::metrics::{Metrics, MetricsQuery},
    cli::{Dashboard, Output},
    config::Settings,
    sanitise,
    terminal::termination,
};

/// From one reading to the next.
const EVERY: Duration = Duration::from_secs(1);

/// Prints one reading, or one each second until nobody reads on.
pub(super) async fn run(settings: &Settings, args: Dashboard, output: Output) -> Result<(), CommandError> {
    let mut printer = Printer::new(output);
    let readings = async {
        loop {
            let metrics = persist(settings, |session| async move {
                session.ask(MetricsQuery::build(())).await.map(|answer| answer.metrics)
            })
            .await?;
            if !printer.say(&metrics, || lines(&metrics))? || args.once {
                return Ok(());
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::select! {
        result = readings => result,
        () = reader_gone() => Ok(()),
        () = termination() => Ok(()),
    }
}

fn lines(metrics: &Metrics) -> Vec<String> {
    // Null where the number would tell of others.
    let whole = |number: Option<i32>| number.map_or_else(|| "–".to_owned(), |number| number.to_string());
    let real = |number: Option<f64>, digits: usize| {
        number.map_or_else(|| "–".to_owned(), |number| format!("{number:.digits$}"))
    };
    let mut rows = vec![
        vec!["connections".to_owned(), whole(metrics.connections)],
        vec!["subscriptions".to_owned(), whole(metrics.subscriptions)],
        vec!["catching up".to_owned(), whole(metrics.catching_up)],
        vec!["published".to_owned(), real(metrics.published_total, 0)],
        vec!["delivered".to_owned(), real(metrics.delivered_total, 0)],
        vec!["published per second".to_owned(), real(metrics.published_per_second, 1)],
        vec!["delivered per second".to_owned(), real(metrics.delivered_per_second, 1)],
        vec!["servers".to_owned(), whole(metrics.servers)],
    ];
    if let Some(latency) = &metrics.delivery_latency_ms {
        let percentiles = format!(
            "{:.1} ms half of the time, {:.1} nine times of ten, {:.1} 99 of 100, {:.1} at most",
            latency.p50, latency.p90, latency.p99, latency.max
        );
        rows.push(vec!["from commit to socket".to_owned(), percentiles]);
    }
    let mut lines = table(&rows);
    if !metrics.per_campus.is_empty() {
        let head = ["campus", "connections", "published in the last hour"].map(str::to_owned).to_vec();
        let campuses = metrics.per_campus.iter().map(|of| {
            vec![
                sanitise::line(&of.campus.name),
                of.connections.to_string(),
                of.published_last_hour.to_string(),
            ]
        });
        lines.push(String::new());
        lines.extend(table(&std::iter::once(head).chain(campuses).collect::<Vec<_>>()));
    }
    lines
}
