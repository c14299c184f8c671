//! What came of all rounds: medians, as a table for people and as JSON.

use std::fmt;
use std::thread::available_parallelism;

use anyhow::Result;
use serde::Serialize;

use super::Measured;
use super::figure::Figure;
use crate::settings::Settings;
use crate::statistics::{median, percentile_ms};
use crate::table::{Table, number};

/// The log with this many publishers has to reach [`BAR`] times the baseline.
const BAR_AT: u32 = 256;
const BAR: f64 = 10.0;
/// And on PostgreSQL this much of what pgbench makes of the same groups.
const BAR_ON_POSTGRES: f64 = 0.5;

/// A figure as one round measured it.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    pub(super) per_second: Option<f64>,
    pub(super) p50_ms: Option<f64>,
    pub(super) p99_ms: Option<f64>,
    pub(super) cpu_us: Option<f64>,
    pub(super) per_commit: Option<f64>,
}

/// Everything that was measured.
#[derive(Debug)]
pub struct Report {
    folder: String,
    rounds: u32,
    figures: Vec<(Figure, Vec<Sample>)>,
}

/// A figure over all rounds: medians.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    publishes_per_second: Option<f64>,
    /// The median of each round's own ratio.
    times_baseline: Option<f64>,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
    cpu_us_per_publish: Option<f64>,
    publishes_per_commit: Option<f64>,
    /// Publishes per second, round by round.
    rounds: Vec<f64>,
    /// Their ratios to the baseline, round by round.
    ratios: Vec<f64>,
}

#[derive(Serialize)]
struct Json {
    benchmark: &'static str,
    cores: Option<usize>,
    rounds: u32,
    figures: Vec<Row>,
}

impl Sample {
    pub(super) fn of(measured: &Measured) -> Self {
        let Measured { outcome, publishes, written } = measured;
        let timed = u32::try_from(outcome.latencies.len()).unwrap_or(u32::MAX);
        let count = f64::from(timed) * f64::from(*publishes);
        let at_all = |value: f64| value.is_finite().then_some(value);
        Self {
            per_second: at_all(count / outcome.elapsed.as_secs_f64()),
            p50_ms: percentile_ms(&outcome.latencies, 50),
            p99_ms: percentile_ms(&outcome.latencies, 99),
            cpu_us: at_all(outcome.cpu.as_secs_f64() * 1_000_000.0 / count),
            per_commit: at_all(f64::from(written.publishes) / f64::from(written.commits)),
        }
    }
}

impl Report {
    pub(super) fn new(settings: &Settings, figures: &[Figure]) -> Self {
        Self {
            folder: settings.folder.display().to_string(),
            rounds: settings.rounds,
            figures: figures.iter().map(|&figure| (figure, Vec::new())).collect(),
        }
    }

    pub(super) fn add(&mut self, figure: Figure, sample: Sample) {
        if let Some((_, samples)) = self.figures.iter_mut().find(|(known, _)| *known == figure) {
            samples.push(sample);
        }
    }

    /// How large the groups of the log on PostgreSQL were in the round that was measured last, rounded.
    pub(super) fn group_on_postgres(&self, keyed: bool) -> Option<u32> {
        let group = self.samples(Figure::Postgres { publishers: BAR_AT, keyed }).last()?.per_commit?;
        // At least 1, and at most what one transaction takes.
        format!("{group:.0}").parse().ok()
    }

    /// The same as JSON, on one line.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string(&Json {
            benchmark: "append",
            cores: available_parallelism().ok().map(usize::from),
            rounds: self.rounds,
            figures: self.figures.iter().map(|(figure, _)| self.row(*figure)).collect(),
        })?)
    }

    fn samples(&self, figure: Figure) -> &[Sample] {
        let found = self.figures.iter().find(|(known, _)| *known == figure);
        found.map_or(&[], |(_, samples)| samples)
    }

    fn row(&self, figure: Figure) -> Row {
        let samples = self.samples(figure);
        let over_rounds = |pick: fn(&Sample) -> Option<f64>| median(samples.iter().filter_map(pick));
        Row {
            name: figure.to_string(),
            publishes_per_second: over_rounds(|sample| sample.per_second),
            times_baseline: median(self.ratios(figure)),
            ratios: self.ratios(figure),
            p50_ms: over_rounds(|sample| sample.p50_ms),
            p99_ms: over_rounds(|sample| sample.p99_ms),
            cpu_us_per_publish: over_rounds(|sample| sample.cpu_us),
            publishes_per_commit: over_rounds(|sample| sample.per_commit),
            rounds: samples.iter().filter_map(|sample| sample.per_second).collect(),
        }
    }

    /// The ratio of each round to the same round's baseline.
    fn ratios(&self, figure: Figure) -> Vec<f64> {
        let Some(baseline) = figure.baseline() else {
            return Vec::new();
        };
        let rounds = self.samples(figure).iter().zip(self.samples(baseline));
        rounds.filter_map(|(sample, baseline)| Some(sample.per_second? / baseline.per_second?)).collect()
    }
}

/// The lowest and the highest: how far noise reaches.
fn range(rounds: &[f64]) -> String {
    let lowest = rounds.iter().copied().reduce(f64::min);
    let highest = rounds.iter().copied().reduce(f64::max);
    format!("{}..{}", number(lowest), number(highest))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = available_parallelism().map_or(0, usize::from);
        writeln!(
            f,
            "append: medians of {} rounds, {cores} cores, databases in {}\n",
            self.rounds, self.folder
        )?;
        let mut table =
            Table::new(&["", "publishes/s", "× baseline", "p50 ms", "p99 ms", "CPU µs each", "per commit"]);
        for (figure, _) in &self.figures {
            let row = self.row(*figure);
            table.push(vec![
                row.name,
                number(row.publishes_per_second),
                range(&row.rounds),
                number(row.times_baseline),
                number(row.p50_ms),
                number(row.p99_ms),
                number(row.cpu_us_per_publish),
                number(row.publishes_per_commit),
            ]);
        }
        writeln!(f, "{table}")?;
        let bars = [false, true].into_iter().flat_map(|keyed| {
            let publishers = BAR_AT;
            let on_postgres = (Figure::Postgres { publishers, keyed }, BAR_ON_POSTGRES, "pgbench");
            [(Figure::Log { publishers, keyed }, BAR, "the baseline"), on_postgres]
        });
        for (figure, bar, of) in bars {
            let ratios = self.ratios(figure);
            let Some(worst) = ratios.iter().copied().reduce(f64::min) else {
                continue;
            };
            // Of every round: the median can be the luck of a baseline that met a slow minute of the disk.
            let verdict = if worst >= bar { "reached in every round" } else { "NOT reached in every round" };
            let ratios: Vec<String> = ratios.into_iter().map(|ratio| number(Some(ratio))).collect();
            let ratios = ratios.join(", ");
            writeln!(f, "{figure}: at least {bar} × {of}: {verdict} ({ratios})")?;
        }
        Ok(())
    }
}
