//! Looks after everything that stays open, sockets and streams alike: one task for all, once a second, instead of timers
//! for each.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use slab::Slab;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;

/// How often everything is looked at.
const EVERY: Duration = Duration::from_secs(1);
/// How many are looked at before other tasks have their turn.
const BATCH: usize = 256;

/// Something that stays open.
pub(crate) trait Swept: Send + Sync {
    /// Looks whether something is due. Must not wait.
    fn sweep(&self, at: Moment);

    /// The server is about to stop: whoever is there is told to come back. Must not wait.
    fn shut_down(&self);
}

/// When something is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    /// For tokens, which end at a time of the day.
    pub(crate) now: DateTime<Utc>,
    /// For time-outs.
    pub(crate) instant: Instant,
}

/// Knows everything that stays open.
pub(crate) struct Sweeper {
    entries: Mutex<Slab<Arc<dyn Swept>>>,
    closing: CancellationToken,
}

/// Keeps something looked after, until dropped.
pub(crate) struct Registered {
    sweeper: Arc<Sweeper>,
    key: usize,
}

impl Sweeper {
    /// Begins to look after what will be registered. When `closing` is cancelled, everything is shut down.
    pub(crate) fn start(clock: Clock, closing: CancellationToken) -> Arc<Self> {
        let sweeper = Arc::new(Self { entries: Mutex::default(), closing: closing.clone() });
        let weak = Arc::downgrade(&sweeper);
        tokio::spawn(async move {
            let mut every = interval(EVERY);
            every.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut told = false;
            loop {
                tokio::select! {
                    () = closing.cancelled(), if !told => {}
                    _ = every.tick() => {}
                }
                let Some(sweeper) = weak.upgrade() else { return };
                if closing.is_cancelled() && !told {
                    told = true;
                    sweeper.visit(|entry| entry.shut_down()).await;
                }
                let moment = Moment { now: clock.now(), instant: Instant::now() };
                sweeper.visit(|entry| entry.sweep(moment)).await;
            }
        });
        sweeper
    }

    /// Looks after `entry`, until the result is dropped.
    #[expect(clippy::needless_pass_by_value, reason = "it is handed over, and read once more behind that")]
    pub(crate) fn register(self: &Arc<Self>, entry: Arc<dyn Swept>) -> Registered {
        let key = self.entries().insert(Arc::clone(&entry));
        // Whoever comes when the others have been told already.
        if self.closing.is_cancelled() {
            entry.shut_down();
        }
        Registered { sweeper: Arc::clone(self), key }
    }

    /// Shows every entry, without holding the lock: what is done to one may end in its leaving.
    async fn visit(&self, look: impl Fn(&dyn Swept)) {
        let mut from = 0;
        loop {
            let batch: Vec<_> = {
                let entries = self.entries();
                let end = entries.capacity().min(from + BATCH);
                (from..end).filter_map(|key| entries.get(key).cloned()).collect()
            };
            for entry in &batch {
                look(&**entry);
            }
            from += BATCH;
            if from >= self.entries().capacity() {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Slab<Arc<dyn Swept>>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // Its own destructor must not run under the lock.
        let entry = self.sweeper.entries().try_remove(self.key);
        drop(entry);
    }
}
