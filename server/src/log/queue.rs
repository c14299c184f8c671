//! What waits for the writer, and how long whoever asked for it does.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::stopped;
use crate::store::{Answer, Job, StoreError};

/// Writes that may wait for the writer before callers have to wait for a place.
pub(super) const PLACES: usize = 4_096;
/// How long a write may wait for its turn where nobody waits at a door, and nothing else was said.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// A write that waits.
pub(super) struct Waiting {
    pub(super) job: Box<dyn Job>,
    /// When it has waited for too long.
    pub(super) until: Instant,
}

/// The way to the writer.
#[derive(Clone)]
pub(super) struct Queue {
    places: mpsc::Sender<Waiting>,
    patience: Duration,
}

/// The same for who does not keep the writer alive.
#[derive(Clone)]
pub(super) struct WeakQueue {
    places: mpsc::WeakSender<Waiting>,
    patience: Duration,
}

impl Queue {
    pub(super) fn new(patience: Duration) -> (Self, mpsc::Receiver<Waiting>) {
        let (places, waiting) = mpsc::channel(PLACES);
        (Self { places, patience }, waiting)
    }

    pub(super) fn downgrade(&self) -> WeakQueue {
        WeakQueue { places: self.places.downgrade(), patience: self.patience }
    }

    /// Puts a write into the queue.
    pub(super) async fn put(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let waiting = Waiting { job, until: Instant::now() + self.patience };
        match timeout(self.patience, self.places.send(waiting)).await {
            Ok(put) => put.map_err(|_| stopped()),
            Err(_) => Err(too_long()),
        }
    }

    /// Puts all of these into the queue together: what the writer finds waiting shares a commit. Those for which there is no
    /// place in time are dropped, which answers whoever waits.
    pub(super) async fn put_all(&self, mut jobs: Vec<Box<dyn Job>>) {
        while !jobs.is_empty() {
            let some = jobs.drain(..jobs.len().min(PLACES / 4));
            let places = timeout(self.patience, self.places.reserve_many(some.len())).await;
            let Ok(Ok(places)) = places else { return };
            let until = Instant::now() + self.patience;
            places.zip(some).for_each(|(place, job)| place.send(Waiting { job, until }));
        }
    }

    /// Waits for what came of a write that was put into the queue. A write of which it is not known in time may still take
    /// place, if its turn had come.
    pub(super) async fn answer<T>(&self, answer: Answer<T>) -> Result<T, StoreError> {
        // Its turn, and as long again for itself.
        match timeout(2 * self.patience, answer).await {
            Ok(answer) => answer.map_err(|_| stopped())?,
            Err(_) => Err(too_long()),
        }
    }
}

impl WeakQueue {
    pub(super) fn upgrade(&self) -> Option<Queue> {
        Some(Queue { places: self.places.upgrade()?, patience: self.patience })
    }
}

/// That a write has waited for too long.
pub(super) fn too_long() -> StoreError {
    StoreError::Unavailable("the database took too long".into())
}
