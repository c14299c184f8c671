//! What this server does, in numbers. Counted where it happens, so cheaply that whoever fans out does not notice, and read
//! by whoever watches over it.
//!
//! Numbers are this process's own, and begin with it; `overall` adds up those of all servers.

mod gauge;
mod latency;
pub(super) mod overall;
mod seconds;

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

pub use self::gauge::Counted;
use self::gauge::Gauge;
use self::latency::Latencies;
pub use self::latency::{Latency, Percentiles};
pub use self::overall::Overall;
use self::seconds::Seconds;
use crate::clock::Clock;
use crate::domain::entry::{Change, Entry};
use crate::domain::id::{CampusId, Seq};
use crate::store::Head;

/// Rates are over so many whole seconds before this one.
const RATE_SECONDS: i64 = 10;

/// What this server does, in numbers.
pub struct Figures {
    clock: Clock,
    /// The end of the log.
    head: watch::Receiver<Head>,
    connections: Gauge,
    subscriptions: Gauge,
    catching_up: Gauge,
    published: AtomicU64,
    delivered: AtomicU64,
    recent: Mutex<Recent>,
    threads: Mutex<Vec<Arc<Thread>>>,
}

/// The numbers at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snapshot {
    /// Sockets and streams that are open.
    pub connections: u64,
    /// Feeds and other subscriptions that are open.
    pub subscriptions: u64,
    /// Feeds that are not live at this moment: they replay, have fallen behind, or hear of their own receipts.
    pub catching_up: u64,
    /// Notifications that the log gained since the server started.
    pub published: u64,
    /// The same, a second, over the last ten seconds.
    pub published_per_second: f64,
    /// Entries of the log that feeds took since the server started, each time that one took one.
    pub delivered: u64,
    /// The same, a second, over the last ten seconds.
    pub delivered_per_second: f64,
    /// From the time of an entry, which it is given just before its commit, to the sockets that took it live. Over the
    /// last minute; `None` where nothing was delivered.
    pub latency: Option<Percentiles>,
    /// The end of the log.
    pub log_head: Seq,
    /// Entries of the log that have not been taken to everybody who is live.
    pub backlog: u64,
}

#[derive(Default)]
struct Recent {
    published: Seconds<u64>,
    delivered: Seconds<u64>,
    latencies: Latencies,
}

/// What one of the threads that fan out says of itself.
pub(super) struct Thread {
    routed: AtomicI64,
    on_campuses: Mutex<HashMap<CampusId, u64>>,
}

impl Figures {
    /// Nothing has happened yet. `head` says where the log ends.
    pub(crate) fn new(clock: Clock, head: watch::Receiver<Head>) -> Self {
        Self {
            clock,
            head,
            connections: Gauge::default(),
            subscriptions: Gauge::default(),
            catching_up: Gauge::default(),
            published: AtomicU64::default(),
            delivered: AtomicU64::default(),
            recent: Mutex::default(),
            threads: Mutex::default(),
        }
    }

    /// Counts a socket or a stream, for as long as the result is held.
    pub fn connect(&self) -> Counted {
        self.connections.enter()
    }

    /// Counts a subscription, for as long as the result is held.
    pub fn subscribe(&self) -> Counted {
        self.subscriptions.enter()
    }

    /// Counts a feed that is not live, for as long as the result is held.
    pub(super) fn catch_up(&self) -> Counted {
        self.catching_up.enter()
    }

    /// A thread that fans out begins; everything up to `routed` is behind it.
    pub(super) fn thread(&self, routed: Seq) -> Arc<Thread> {
        let thread = Arc::new(Thread { routed: AtomicI64::new(routed.0), on_campuses: Mutex::default() });
        lock(&self.threads).push(Arc::clone(&thread));
        thread
    }

    /// The log has gained these.
    pub(super) fn publish(&self, entries: &[Arc<Entry>]) {
        let added = entries.iter().filter(|entry| matches!(entry.change, Change::Added(_))).count() as u64;
        if added > 0 {
            self.published.fetch_add(added, Ordering::Relaxed);
            *self.recent().published.at(self.second()) += added;
        }
    }

    /// Each of these entries was taken just now by so many subscribers who are live.
    pub(super) fn deliver<'e>(&self, taken: impl Iterator<Item = (&'e Arc<Entry>, u32)>) {
        let now = self.clock.now();
        let mut total = 0;
        let took = taken.map(|(entry, times)| {
            total += u64::from(times);
            // The log's time does not go back when the clock does.
            let millis = (now - entry.created_at).num_milliseconds();
            (u64::try_from(millis).unwrap_or_default(), times)
        });
        let mut recent = self.recent();
        recent.latencies.record(now.timestamp(), took);
        *recent.delivered.at(now.timestamp()) += total;
        drop(recent);
        self.delivered.fetch_add(total, Ordering::Relaxed);
    }

    /// So many entries were taken by one who was catching up. How long ago they happened says nothing of this server.
    pub(super) fn replay(&self, taken: usize) {
        if taken > 0 {
            self.delivered.fetch_add(taken as u64, Ordering::Relaxed);
            *self.recent().delivered.at(self.second()) += taken as u64;
        }
    }

    /// The numbers now.
    pub fn snapshot(&self) -> Snapshot {
        let second = self.second();
        let recent = self.recent();
        let per_second = |counted: &Seconds<u64>| {
            let total: u64 = counted.within(second - RATE_SECONDS..second).sum();
            #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact beyond 2^53")]
            let rate = total as f64 / RATE_SECONDS as f64;
            rate
        };
        let published_per_second = per_second(&recent.published);
        let delivered_per_second = per_second(&recent.delivered);
        let latency = recent.latencies.minute(second).percentiles();
        drop(recent);
        let log_head = self.head.borrow().seq;
        let routed = lock(&self.threads).iter().map(|thread| thread.routed.load(Ordering::Relaxed)).min();
        Snapshot {
            connections: self.connections.now(),
            subscriptions: self.subscriptions.now(),
            catching_up: self.catching_up.now(),
            published: self.published.load(Ordering::Relaxed),
            published_per_second,
            delivered: self.delivered.load(Ordering::Relaxed),
            delivered_per_second,
            latency,
            log_head,
            backlog: routed.and_then(|routed| u64::try_from(log_head.0 - routed).ok()).unwrap_or_default(),
        }
    }

    /// All latencies since the server started.
    pub fn latency(&self) -> Latency {
        self.recent().latencies.since_start()
    }

    /// How many feeds are live for each campus that has any, as of a second ago at most. Who is on two counts for both.
    pub fn on_campuses(&self) -> HashMap<CampusId, u64> {
        let mut sum = HashMap::new();
        for thread in lock(&self.threads).iter() {
            for (campus, subscribers) in lock(&thread.on_campuses).iter() {
                *sum.entry(*campus).or_default() += subscribers;
            }
        }
        sum
    }

    fn second(&self) -> i64 {
        self.clock.now().timestamp()
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        lock(&self.recent)
    }
}

impl Thread {
    /// Everything up to here has been taken to everybody who is live.
    pub(super) fn routed(&self, through: Seq) {
        self.routed.store(through.0, Ordering::Relaxed);
    }

    /// So many subscribers of each campus are here.
    pub(super) fn count_campuses(&self, sizes: impl Iterator<Item = (CampusId, usize)>) {
        let mut on_campuses = lock(&self.on_campuses);
        on_campuses.clear();
        on_campuses.extend(sizes.map(|(campus, size)| (campus, size as u64)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
