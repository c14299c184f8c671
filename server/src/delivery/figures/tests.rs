//! Counts, rates and ages, by a clock that the test moves on.

use std::sync::atomic::AtomicI64;

use chrono::{DateTime, TimeDelta};

use super::*;

/// Figures whose clock and log the test moves on.
struct Watched {
    figures: Figures,
    millis: Arc<AtomicI64>,
    head: watch::Sender<Head>,
}

impl Watched {
    fn new() -> Self {
        let millis = Arc::new(AtomicI64::new(1_795_003_200_000));
        let read = Arc::clone(&millis);
        let clock =
            Clock::from_fn(move || DateTime::from_timestamp_millis(read.load(Ordering::SeqCst)).unwrap());
        let (head, end) = watch::channel(head(0));
        Self { figures: Figures::new(clock, end), millis, head }
    }

    fn pass(&self, millis: i64) {
        self.millis.fetch_add(millis, Ordering::SeqCst);
    }

    /// An entry of so many milliseconds ago.
    fn entry(&self, millis: i64) -> Arc<Entry> {
        let created_at = self.figures.clock.now() - TimeDelta::milliseconds(millis);
        Arc::new(Entry { seq: Seq(1), created_at, change: Change::Unknown })
    }

    fn deliver(&self, entries: &[(Arc<Entry>, u32)]) {
        self.figures.deliver(entries.iter().map(|(entry, times)| (entry, *times)));
    }
}

fn head(seq: i64) -> Head {
    Head { epoch: "life".into(), seq: Seq(seq) }
}

#[test]
fn what_has_gone_does_not_count() {
    let watched = Watched::new();
    let first = watched.figures.connect();
    let second = watched.figures.connect();
    let subscription = watched.figures.subscribe();
    assert_eq!(watched.figures.snapshot().connections, 2);
    drop((first, subscription));
    let Snapshot { connections, subscriptions, .. } = watched.figures.snapshot();
    assert_eq!((connections, subscriptions), (1, 0));
    drop(second);
    assert_eq!(watched.figures.snapshot().connections, 0);
}

#[test]
fn rates_are_of_whole_seconds() {
    let watched = Watched::new();
    for _ in 0..5 {
        watched.deliver(&[(watched.entry(0), 30), (watched.entry(0), 6)]);
        watched.figures.replay(4);
    }
    assert_eq!(watched.figures.snapshot().delivered, 200);
    let rate = || watched.figures.snapshot().delivered_per_second.to_string();
    assert_eq!(rate(), "0", "this second is not over yet");
    watched.pass(1_000);
    assert_eq!(rate(), "20");
    watched.pass(9_000);
    assert_eq!(rate(), "20");
    watched.pass(1_000);
    assert_eq!(rate(), "0", "that was more than ten seconds ago");
    assert_eq!(watched.figures.snapshot().delivered, 200);
}

#[test]
fn latency_is_the_age_of_what_is_taken_live() {
    let watched = Watched::new();
    watched.figures.replay(1_000);
    assert_eq!(watched.figures.snapshot().latency, None);
    watched.deliver(&[(watched.entry(4), 98), (watched.entry(30), 2)]);
    let latency = watched.figures.snapshot().latency;
    assert_eq!(latency, Some(Percentiles { p50: 4.0, p90: 4.0, p99: 30.0, max: 30.0 }));
    watched.pass(60_000);
    assert_eq!(watched.figures.snapshot().latency, None);
    assert_eq!(watched.figures.latency().count, 100);
}

#[test]
fn a_clock_that_was_set_back_makes_no_latency_less_than_none() {
    let watched = Watched::new();
    watched.deliver(&[(watched.entry(-5_000), 1)]);
    assert_eq!(watched.figures.snapshot().latency.map(|latency| latency.max.to_string()), Some("0".into()));
}

#[test]
fn the_backlog_is_the_slowest_threads() {
    let watched = Watched::new();
    let (one, other) = (watched.figures.thread(Seq(2)), watched.figures.thread(Seq(2)));
    watched.head.send_replace(head(10));
    one.routed(Seq(10));
    other.routed(Seq(7));
    let Snapshot { log_head, backlog, .. } = watched.figures.snapshot();
    assert_eq!((log_head, backlog), (Seq(10), 3));
    other.routed(Seq(10));
    assert_eq!(watched.figures.snapshot().backlog, 0);
}

#[test]
fn a_campus_has_its_subscribers_on_every_thread() {
    let watched = Watched::new();
    let (one, other) = (watched.figures.thread(Seq(0)), watched.figures.thread(Seq(0)));
    one.count_campuses([(CampusId(1), 2), (CampusId(2), 1)].into_iter());
    other.count_campuses([(CampusId(1), 3)].into_iter());
    assert_eq!(watched.figures.on_campuses(), HashMap::from([(CampusId(1), 5), (CampusId(2), 1)]));
    one.count_campuses([].into_iter());
    assert_eq!(watched.figures.on_campuses(), HashMap::from([(CampusId(1), 3)]));
}
