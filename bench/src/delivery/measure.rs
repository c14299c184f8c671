//! How it is measured: something is published, and when all of it has come, what that took.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::subject::Subject;
use crate::audience::Audience;
use crate::cpu;
use crate::generator::{Crowd, Faults};
use crate::statistics::float;

/// Between two bursts, so that each is one.
const PAUSE: Duration = Duration::from_millis(100);

/// What publishing took.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    /// CPU time of the subject.
    pub(super) cpu: Duration,
    /// Notifications received.
    pub(super) deliveries: u64,
    /// Bytes of those.
    pub(super) bytes: u64,
    /// Microseconds from publishing to receipt.
    pub(super) latencies: Histogram<u64>,
    /// What has been wrong with these crowds, ever.
    pub(super) faults: Faults,
}

impl Sample {
    /// Several of the same subject and crowds, one after the other, as one. `None` of none.
    pub(super) fn together(turns: Vec<Self>) -> Option<Self> {
        turns.into_iter().reduce(|mut sum, turn| {
            sum.cpu += turn.cpu;
            sum.deliveries += turn.deliveries;
            sum.bytes += turn.bytes;
            sum.latencies += turn.latencies;
            sum.faults = turn.faults;
            sum
        })
    }

    /// CPU time of one delivery.
    pub(super) fn cpu_us(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / float(self.deliveries.max(1))
    }

    /// Bytes of one delivery.
    pub(super) fn bytes_each(&self) -> f64 {
        float(self.bytes) / float(self.deliveries.max(1))
    }

    /// The latency that so many of a hundred deliveries stay within.
    pub(super) fn percentile_ms(&self, hundredths: f64) -> f64 {
        float(self.latencies.value_at_percentile(hundredths)) / 1_000.0
    }
}

/// Publishes, waits until these crowds have all that they should, and gives what that took.
pub(super) fn measure(
    subject: &Subject,
    crowds: &[&Crowd],
    publish: impl Future<Output = Result<()>>,
) -> impl Future<Output = Result<Sample>> {
    measure_together(vec![subject], crowds, publish)
}

/// The same, of several subjects as one.
pub(super) async fn measure_together(
    subjects: Vec<&Subject>,
    crowds: &[&Crowd],
    publish: impl Future<Output = Result<()>>,
) -> Result<Sample> {
    let cpu_time = || subjects.iter().map(|subject| cpu::time_of(subject.pid())).sum::<Result<Duration>>();
    let received = || {
        let each = crowds.iter().map(|crowd| crowd.look(|tally| (tally.received, tally.bytes)));
        each.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    };
    for crowd in crowds {
        crowd.take_latencies();
    }
    let (before, cpu) = (received(), cpu_time()?);
    publish.await?;
    let mut faults = Faults::default();
    for crowd in crowds {
        faults.add(crowd.settle().await);
    }
    let (cpu, after) = (cpu_time()?.saturating_sub(cpu), received());
    let mut latencies = crowds[0].take_latencies();
    for crowd in &crowds[1..] {
        latencies += crowd.take_latencies();
    }
    Ok(Sample { cpu, deliveries: after.0 - before.0, bytes: after.1 - before.1, latencies, faults })
}

/// Publishes so often, so much a second.
pub(super) async fn steadily(subject: &Subject, campus: &Audience, count: u32, rate: u32) -> Result<()> {
    let mut ticks = interval(Duration::from_secs(1) / rate);
    // What comes late does not slow down what follows.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for _ in 0..count {
        ticks.tick().await;
        subject.publish(campus).await?;
    }
    Ok(())
}

/// How many bursts, and of what.
pub(super) struct Bursts<'a> {
    /// Published to in turn.
    pub(super) campuses: &'a [Arc<Audience>],
    /// Notifications at once.
    pub(super) size: u32,
    /// Bursts at most.
    pub(super) times: u32,
    /// After that long none begins.
    pub(super) at_most: Duration,
}

impl Bursts<'_> {
    /// Publishes them, each when everybody has the last one.
    pub(super) async fn publish(&self, subject: &Subject, crowds: &[&Crowd]) -> Result<()> {
        let began = Instant::now();
        for _ in 0..self.times {
            sleep(PAUSE).await;
            subject.burst(self.campuses, self.size).await?;
            for crowd in crowds {
                crowd.settle().await;
            }
            if began.elapsed() > self.at_most {
                break;
            }
        }
        Ok(())
    }
}
