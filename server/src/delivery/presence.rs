//! Up to where each person's clients have been delivered: kept in memory, written back in batches.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::hub::Hub;
use crate::domain::id::{Seq, UserId};
use crate::store::StoreError;

/// How long what is noted may wait to be written.
const WRITE_BACK: Duration = Duration::from_secs(5);
/// Everybody's marks are written back in that time, but not all at once: nobody's delivery waits for thousands of them.
const TURNS: u32 = 20;
/// People in one write: publishes that come meanwhile wait for no more than this.
const BATCH: usize = 200;

/// Up to where one person's clients have been.
#[derive(Debug, Default)]
pub(super) struct Mark {
    noted: AtomicI64,
    written: AtomicI64,
}

impl Mark {
    /// Notes that a client has had everything up to here. Never goes back.
    pub(super) fn note(&self, through: Seq) {
        self.noted.fetch_max(through.0, Ordering::Relaxed);
    }

    /// See [`Sink::approach`](super::Sink::approach).
    pub(super) fn approach(&self) {
        std::hint::black_box(self.through());
    }

    fn through(&self) -> Seq {
        Seq(self.noted.load(Ordering::Relaxed))
    }

    fn is_written(&self) -> bool {
        self.noted.load(Ordering::Relaxed) <= self.written.load(Ordering::Relaxed)
    }
}

/// The marks of everybody who is here, or was until a moment ago.
#[derive(Default)]
pub(super) struct Presence(Mutex<HashMap<UserId, Arc<Mark>>>);

impl Presence {
    /// The mark of this person.
    pub(super) fn mark(&self, user: UserId) -> Arc<Mark> {
        Arc::clone(self.marks().entry(user).or_default())
    }

    /// Forgets everybody: the log has begun another life, in which positions mean something else.
    pub(super) fn renew(&self) {
        self.marks().clear();
    }

    pub(super) fn through(&self, user: UserId) -> Seq {
        self.marks().get(&user).map(|mark| mark.through()).unwrap_or_default()
    }

    /// Those whose clients have been at `seq` or beyond, where that is not written yet.
    pub(super) fn unwritten_beyond(&self, seq: Seq) -> HashSet<UserId> {
        let marks = self.marks();
        let beyond = marks.iter().filter(|(_, mark)| mark.through() >= seq && !mark.is_written());
        beyond.map(|(user, _)| *user).collect()
    }

    /// What is not written yet of those who are `meant`. Forgets those of them who have gone and are written.
    fn unwritten(&self, meant: impl Fn(UserId) -> bool) -> Vec<(UserId, Arc<Mark>)> {
        let mut marks = self.marks();
        marks.retain(|user, mark| !meant(*user) || Arc::strong_count(mark) > 1 || !mark.is_written());
        let unwritten = marks.iter().filter(|(user, mark)| meant(**user) && !mark.is_written());
        unwritten.map(|(user, mark)| (*user, Arc::clone(mark))).collect()
    }

    fn marks(&self) -> std::sync::MutexGuard<'_, HashMap<UserId, Arc<Mark>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// Writes back what is known of deliveries and not yet written.
    pub async fn flush(&self) -> Result<(), StoreError> {
        self.flush_some(|_| true).await
    }

    async fn flush_some(&self, meant: impl Fn(UserId) -> bool) -> Result<(), StoreError> {
        for batch in self.presence.unwritten(meant).chunks(BATCH) {
            let noted: Vec<(UserId, Seq)> =
                batch.iter().map(|(user, mark)| (*user, mark.through())).collect();
            self.log.mark_delivered(noted.clone()).await?;
            for ((_, mark), (_, through)) in batch.iter().zip(noted) {
                mark.written.fetch_max(through.0, Ordering::Relaxed);
            }
        }
        Ok(())
    }
}

/// Writes back, some people's marks at a time, until the hub has gone.
pub(super) async fn write_back(hub: Weak<Hub>) {
    let mut every = tokio::time::interval(WRITE_BACK / TURNS);
    for turn in (0..i64::from(TURNS)).cycle() {
        every.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        if let Err(error) = hub.flush_some(|user| user.0.rem_euclid(TURNS.into()) == turn).await {
            tracing::warn!(%error, "failed to write back deliveries; trying again later");
        }
    }
}
