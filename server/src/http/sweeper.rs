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

    /// The server is about to stop: whoever is there is told to come back. May be called again. Must not wait.
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
    pub(crate) fn register(self: &Arc<Self>, entry: Arc<dyn Swept>) -> Registered {
        let registered = Arc::clone(&entry);
        let key = self.entries().insert(entry);
        // Whoever comes when the others may have been told already.
        if self.closing.is_cancelled() {
            registered.shut_down();
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
            for entry in batch {
                look(&*entry);
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[derive(Default)]
    struct Counts {
        swept: AtomicUsize,
        shut_down: AtomicUsize,
    }

    impl Swept for Counts {
        fn sweep(&self, _: Moment) {
            self.swept.fetch_add(1, Ordering::Relaxed);
        }

        fn shut_down(&self) {
            self.shut_down.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn start() -> (Arc<Sweeper>, CancellationToken) {
        let closing = CancellationToken::new();
        let clock = Clock::from_fn(|| DateTime::from_timestamp(0, 0).unwrap_or_default());
        (Sweeper::start(clock, closing.clone()), closing)
    }

    #[tokio::test(start_paused = true)]
    async fn everything_is_looked_at_once_a_second_for_as_long_as_it_is_there() {
        let (sweeper, _closing) = start();
        tokio::time::sleep(EVERY / 2).await;
        // More than one batch.
        let entries: Vec<_> = (0..=2 * BATCH).map(|_| Arc::new(Counts::default())).collect();
        let registered: Vec<_> =
            entries.iter().map(|entry| sweeper.register(Arc::clone(entry) as _)).collect();
        tokio::time::sleep(EVERY * 3).await;
        drop(registered);
        tokio::time::sleep(EVERY * 3).await;
        assert!(entries.iter().all(|entry| entry.swept.load(Ordering::Relaxed) == 3));
        assert!(entries.iter().all(|entry| Arc::strong_count(entry) == 1), "nothing is kept");
    }

    #[tokio::test(start_paused = true)]
    async fn a_shut_down_is_told_at_once_and_once_to_who_comes_before_or_after() {
        let (sweeper, closing) = start();
        let (early, late) = (Arc::new(Counts::default()), Arc::new(Counts::default()));
        let _early = sweeper.register(Arc::clone(&early) as _);
        tokio::time::sleep(EVERY / 2).await;
        closing.cancel();
        tokio::time::sleep(EVERY / 10).await;
        let _late = sweeper.register(Arc::clone(&late) as _);
        tokio::time::sleep(EVERY * 3).await;
        for told in [early, late] {
            assert_eq!(told.shut_down.load(Ordering::Relaxed), 1);
        }
    }
}
