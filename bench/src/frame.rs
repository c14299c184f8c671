//! What the terminal client takes to show a feed of a hundred thousand: for a frame, for a burst of arrivals, and in memory; beside
//! the same with a feed of a hundred. And how long it takes from its start to its first frame.
//!
//! [`feed`] makes the client's model, by the messages that it gets from its network; [`draw`], [`apply`], [`hold`] and [`start`]
//! measure.

mod apply;
mod draw;
mod feed;
mod hold;
mod report;
mod start;

use std::time::Duration;

use anyhow::{Context as _, Result};

pub use hold::hold;
pub use report::Report;

use crate::build;
use crate::settings::Settings;

/// Notifications in the feed: few, and as many as the client holds.
const SIZES: [u32; 2] = [100, 100_000];

/// What one round found; the pairs are by size of the feed.
#[derive(Debug, Default, Clone)]
struct Round {
    /// At the top, where everything moves down as something arrives.
    top: [Vec<Duration>; 2],
    /// In the middle, where someone goes from one to the next.
    middle: [Vec<Duration>; 2],
    /// For [`apply::ARRIVALS`].
    arrivals: [Option<Duration>; 2],
    /// KiB of the process.
    memory: [Option<u64>; 2],
    /// Until the version is printed, and until the first frame.
    start: [Vec<Duration>; 2],
}

/// Measures everything, as the environment says (see [`Settings`]).
pub async fn run() -> Result<Report> {
    let settings = Settings::from_env(Duration::ZERO, Duration::ZERO)?;
    let mut client = None;
    if settings.wants(report::START) {
        eprintln!("building campanile");
        client = Some(build::release(&settings.build, "campanile").await?.join("campanile"));
    }
    let mut rounds = Vec::new();
    for number in 1..=settings.rounds {
        eprintln!("round {number} of {}", settings.rounds);
        let mut round = Round::default();
        for (index, size) in SIZES.into_iter().enumerate() {
            if settings.wants(report::TOP) {
                round.top[index] = draw::at_the_top(size)?;
            }
            if settings.wants(report::MIDDLE) {
                round.middle[index] = draw::in_the_middle(size)?;
            }
            if settings.wants(report::ARRIVALS) {
                round.arrivals[index] = Some(apply::measure(size)?);
            }
            if settings.wants(report::MEMORY) {
                round.memory[index] = Some(hold::measure(size).await?);
            }
        }
        if let Some(client) = &client {
            let client = client.clone();
            let starting = tokio::task::spawn_blocking(move || start::measure(&client));
            round.start = starting.await?.context("failed to measure the start")?;
        }
        rounds.push(round);
    }
    Ok(Report::new(&settings, rounds))
}
