//! A load: a number of workers, each of which does one thing over and over, the next only when the last is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::cpu;

/// What one worker does.
pub trait Worker: Send + 'static {
    /// Does it once. No two calls, of whichever worker, get the same ticket.
    fn once(&mut self, ticket: u32) -> impl Future<Output = Result<()>> + Send;
}

/// How much is done.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// What every worker does first, unmeasured, so that caches are warm.
    pub warm_up: u32,
    /// What all workers do together, measured.
    pub times: u32,
    /// No worker begins anything new after this long.
    pub at_most: Duration,
}

/// What came of a load.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// From the first worker's start to the last one's end.
    pub elapsed: Duration,
    /// How long each time took, as its worker saw it.
    pub latencies: Vec<Duration>,
    /// CPU time of the process that was watched.
    pub cpu: Duration,
    /// How often it was done, warming up included.
    pub done: u32,
}

/// What the workers of one load share.
struct Course {
    load: Load,
    /// The first ticket that is not given out.
    end: u32,
    next: AtomicU32,
    warm: Barrier,
    start: Barrier,
}

/// What one worker reports.
struct Lap {
    started: Instant,
    ended: Instant,
    latencies: Vec<Duration>,
}

/// Lets the workers do their load, and watches the CPU time of process `watched` meanwhile.
pub async fn drive<W: Worker>(workers: Vec<W>, load: Load, watched: u32) -> Result<Outcome> {
    let count = workers.len();
    let warming_up = u32::try_from(count)? * load.warm_up;
    let course = Arc::new(Course {
        load,
        end: warming_up + load.times,
        next: AtomicU32::new(0),
        warm: Barrier::new(count + 1),
        start: Barrier::new(count + 1),
    });
    let mut working = JoinSet::new();
    for worker in workers {
        working.spawn(work(worker, Arc::clone(&course)));
    }
    course.warm.wait().await;
    let before = cpu::time_of(watched)?;
    course.start.wait().await;
    let mut laps = Vec::with_capacity(count);
    while let Some(lap) = working.join_next().await {
        laps.push(lap??);
    }
    let cpu = cpu::time_of(watched)?.saturating_sub(before);
    let started = laps.iter().map(|lap| lap.started).min();
    let ended = laps.iter().map(|lap| lap.ended).max();
    let latencies: Vec<Duration> = laps.into_iter().flat_map(|lap| lap.latencies).collect();
    Ok(Outcome {
        elapsed: started.zip(ended).map_or(Duration::ZERO, |(from, to)| to.duration_since(from)),
        done: warming_up + u32::try_from(latencies.len())?,
        latencies,
        cpu,
    })
}

async fn work<W: Worker>(mut worker: W, course: Arc<Course>) -> Result<Lap> {
    let warm = warm_up(&mut worker, &course).await;
    // Also a worker that failed waits here, or the others would wait for it forever.
    course.warm.wait().await;
    course.start.wait().await;
    warm?;
    let started = Instant::now();
    let mut latencies = Vec::new();
    while started.elapsed() < course.load.at_most
        && let Some(ticket) = course.ticket()
    {
        let from = Instant::now();
        worker.once(ticket).await?;
        latencies.push(from.elapsed());
    }
    Ok(Lap { started, ended: Instant::now(), latencies })
}

async fn warm_up<W: Worker>(worker: &mut W, course: &Course) -> Result<()> {
    for _ in 0..course.load.warm_up {
        if let Some(ticket) = course.ticket() {
            worker.once(ticket).await?;
        }
    }
    Ok(())
}

impl Course {
    fn ticket(&self) -> Option<u32> {
        let ticket = self.next.fetch_add(1, Ordering::Relaxed);
        (ticket < self.end).then_some(ticket)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use anyhow::bail;

    use super::*;

    struct Noting(Arc<Mutex<Vec<u32>>>);

    impl Worker for Noting {
        async fn once(&mut self, ticket: u32) -> Result<()> {
            self.0.lock().unwrap().push(ticket);
            tokio::task::yield_now().await;
            Ok(())
        }
    }

    struct Failing;

    impl Worker for Failing {
        async fn once(&mut self, _: u32) -> Result<()> {
            bail!("it does not work")
        }
    }

    fn load(at_most: Duration) -> Load {
        Load { warm_up: 2, times: 100, at_most }
    }

    #[tokio::test]
    async fn everything_is_done_once_and_counted() {
        let noted = Arc::new(Mutex::new(Vec::new()));
        let workers = (0..7).map(|_| Noting(Arc::clone(&noted))).collect();
        let outcome = drive(workers, load(Duration::from_mins(1)), std::process::id()).await.unwrap();
        let mut noted = noted.lock().unwrap().clone();
        noted.sort_unstable();
        assert_eq!(noted, (0..114).collect::<Vec<_>>());
        assert_eq!((outcome.latencies.len(), outcome.done), (100, 114));
    }

    #[tokio::test]
    async fn time_ends_it_too() {
        let workers = vec![Noting(Arc::default())];
        let outcome = drive(workers, load(Duration::ZERO), std::process::id()).await.unwrap();
        assert_eq!((outcome.latencies.len(), outcome.done), (0, 2));
    }

    #[tokio::test]
    async fn one_failure_fails_all() {
        let workers = vec![Failing, Failing];
        let outcome = drive(workers, load(Duration::from_mins(1)), std::process::id()).await;
        assert_eq!(outcome.unwrap_err().to_string(), "it does not work");
    }
}
