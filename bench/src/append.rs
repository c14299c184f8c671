//! How many publishes a second are made durable: by one transaction for each, by the log, and over HTTP; beside what
//! the disk takes for one sync.
//!
//! Everything is measured in each round, one after the other, so that what else the machine does at the time meets
//! all of it. Every measurement has a database of its own, and what it says was published is counted there afterwards.

mod baseline;
mod figure;
mod log;
mod message;
mod on_postgres;
mod over_http;
mod report;
mod written;

use std::time::Duration;

use anyhow::{Context as _, Result};

use figure::Figure;
pub use report::Report;
use report::Sample;

use crate::disk;
use crate::postgres::Programs;
use crate::server::Executable;
use crate::settings::Settings;
use crate::statistics::percentile_ms;

/// How long one figure of one round takes at most.
const AT_MOST: Duration = Duration::from_secs(5);
/// The same in a quick run.
const AT_MOST_QUICK: Duration = Duration::from_secs(2);

/// Measures everything, as the environment says (see [`Settings`]).
pub async fn run() -> Result<Report> {
    let settings = Settings::from_env(AT_MOST, AT_MOST_QUICK)?;
    disk::check_is_real(&settings.folder)?;
    eprintln!("building campanile-server");
    let server = Executable::build(&settings.build).await?;
    let mut figures = Figure::all();
    figures.retain(|figure| settings.wants(&figure.to_string()));
    let postgres = Programs::find();
    if postgres.is_none() {
        eprintln!("no PostgreSQL is installed, with psql and pgbench: its rows are left out");
        figures.retain(|figure| !figure.needs_postgres());
    }
    let mut report = Report::new(&settings, &figures);
    for round in 1..=settings.rounds {
        for &figure in &figures {
            eprintln!("round {round} of {}: {figure}", settings.rounds);
            let sample = match (figure, &postgres) {
                (Figure::PgBench { keyed }, Some(programs)) => {
                    let group = report.group_on_postgres(keyed);
                    let group = group
                        .context("pgbench takes its groups from the log on PostgreSQL: measure that, too")?;
                    on_postgres::pgbench(
                        programs,
                        &settings.folder,
                        group,
                        keyed,
                        figure.load(settings.at_most),
                    )
                    .await
                }
                (Figure::Postgres { publishers, keyed }, Some(programs)) => {
                    let load = figure.load(settings.at_most);
                    let measured =
                        on_postgres::measure(programs, &settings.folder, publishers, keyed, load).await;
                    measured.map(|measured| Sample::of(&measured))
                }
                _ => measure(figure, &settings, &server).await,
            };
            let sample = sample.with_context(|| format!("failed to measure: {figure}"))?;
            report.add(figure, sample);
        }
    }
    Ok(report)
}

async fn measure(figure: Figure, settings: &Settings, server: &Executable) -> Result<Sample> {
    let folder = tempfile::Builder::new().prefix("campanile-bench-").tempdir_in(&settings.folder)?;
    let load = figure.load(settings.at_most);
    let measured = match figure {
        Figure::Disk => {
            let (path, at_most) = (folder.path().to_owned(), load.at_most);
            let syncing = tokio::task::spawn_blocking(move || disk::append_and_sync(&path, at_most));
            let times = syncing.await??;
            return Ok(Sample {
                p50_ms: percentile_ms(&times, 50),
                p99_ms: percentile_ms(&times, 99),
                ..Sample::default()
            });
        }
        Figure::Baseline { keyed } => baseline::measure(folder.path(), keyed, load).await?,
        Figure::Log { publishers, keyed } => log::measure(folder.path(), publishers, keyed, load).await?,
        Figure::Postgres { .. } | Figure::PgBench { .. } => anyhow::bail!("no PostgreSQL is installed"),
        Figure::Broadcast { connections } => {
            over_http::measure::<over_http::Broadcast>(server, folder.path(), connections, load).await?
        }
        Figure::Ingest { connections } => {
            over_http::measure::<over_http::Ingest>(server, folder.path(), connections, load).await?
        }
    };
    Ok(Sample::of(&measured))
}

/// What was measured of publishes, and found in the database afterwards.
struct Measured {
    outcome: crate::load::Outcome,
    /// Publishes each time.
    publishes: u32,
    written: written::Written,
}
