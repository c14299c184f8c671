//! How long each call takes: to all servers in turn, a block of calls each, so that a slow second of the machine meets all
//! sizes and all figures.

use std::ops::Range;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::figure::{BLOCK, Figure, TURNS};
use super::people::Person;
use super::stage::Stage;
use crate::statistics::percentile_ms;

/// A figure in one round, with one size of log.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sample {
    /// The first of a server that has just started, nothing of whose database is in memory.
    pub(super) cold_ms: Option<f64>,
    pub(super) p50_ms: Option<f64>,
    pub(super) p99_ms: Option<f64>,
    /// User and system time of the server for each, on all of its threads: of all figures noise changes this one least.
    pub(super) cpu_ms: Option<f64>,
    /// How many calls were measured.
    pub(super) calls: usize,
}

/// What calls took.
#[derive(Default)]
struct Taken {
    times: Vec<Duration>,
    /// Together.
    cpu: Duration,
}

/// How much is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    /// Blocks of each figure with each size.
    pub(super) blocks: usize,
    /// No block begins after so long of calls of the same figure and size.
    pub(super) at_most: Duration,
}

/// One round: a sample for each figure and stage.
pub(super) async fn round(
    stages: &mut [Stage],
    figures: &[Figure],
    amount: Amount,
) -> Result<Vec<Vec<Sample>>> {
    let mut samples = vec![vec![Sample::default(); stages.len()]; figures.len()];
    for (muted, asks) in TURNS {
        let chosen: Vec<(usize, Figure)> =
            figures.iter().copied().enumerate().filter(|(_, figure)| asks.contains(&figure.ask)).collect();
        if chosen.is_empty() {
            continue;
        }
        if muted {
            mute(stages, true).await?;
        }
        for (index, figure) in &chosen {
            for (size, stage) in stages.iter_mut().enumerate() {
                stage.restart_cold().await?;
                let took = calls(stage, *figure, 0..1).await?;
                samples[*index][size].cold_ms = percentile_ms(&took.times, 50);
            }
        }
        for (index, size, taken) in turns(stages, &chosen, amount).await? {
            let sample = &mut samples[index][size];
            *sample = Sample { cold_ms: sample.cold_ms, ..taken.sample()? };
        }
        if muted {
            mute(stages, false).await?;
        }
    }
    Ok(samples)
}

async fn turns(
    stages: &mut [Stage],
    figures: &[(usize, Figure)],
    amount: Amount,
) -> Result<Vec<(usize, usize, Taken)>> {
    for stage in stages.iter_mut() {
        // In memory again, after what was cold.
        stage.walk().await?;
    }
    let mut all = Vec::new();
    for (index, _) in figures {
        all.extend((0..stages.len()).map(|size| (*index, size, Taken::default())));
    }
    for block in 0..=amount.blocks {
        let each = figures.iter().flat_map(|(_, figure)| (0..stages.len()).map(move |size| (*figure, size)));
        for ((figure, size), (_, _, taken)) in each.collect::<Vec<_>>().into_iter().zip(&mut all) {
            if taken.times.iter().sum::<Duration>() > amount.at_most {
                continue;
            }
            let took = calls(&mut stages[size], figure, block * BLOCK..(block + 1) * BLOCK).await?;
            // The first block warms up.
            if block > 0 {
                taken.times.extend(took.times);
                taken.cpu += took.cpu;
            }
        }
    }
    Ok(all)
}

/// The calls of these numbers. Leaves receipts as they were.
async fn calls(stage: &mut Stage, figure: Figure, numbers: Range<usize>) -> Result<Taken> {
    let mut taken = Taken::default();
    for number in numbers {
        figure.prepare(stage, number).await?;
        let (query, variables) = figure.call(stage, number);
        let before = stage.cpu()?;
        let (answer, took) = stage.ask(figure.person, query, &variables).await?;
        taken.cpu += stage.cpu()?.saturating_sub(before);
        taken.times.push(took);
        figure.check(stage, &answer).with_context(|| format!("{figure}, of {}", stage.notifications))?;
    }
    if figure.ask.writes() {
        stage.restore(figure.person).await?;
    }
    Ok(taken)
}

impl Taken {
    fn sample(&self) -> Result<Sample> {
        let calls = u32::try_from(self.times.len())?;
        Ok(Sample {
            cold_ms: None,
            p50_ms: percentile_ms(&self.times, 50),
            p99_ms: percentile_ms(&self.times, 99),
            cpu_ms: self.cpu.checked_div(calls).map(|cpu| cpu.as_secs_f64() * 1_000.0),
            calls: self.times.len(),
        })
    }
}

async fn mute(stages: &mut [Stage], muted: bool) -> Result<()> {
    for stage in stages {
        for person in Person::ALL {
            stage.mute(person, muted).await?;
        }
    }
    Ok(())
}
