//! The one writer: drains what waits into groups, so that many publishes share one commit.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::others::Others;
use super::queue::{Waiting, too_long};
use super::tail::Tail;
use crate::domain::entry::Entry;
use crate::store::{Committed, Job, Store};

/// Entries in one group, at most; one write that has more has a group to itself.
const GROUP_ENTRIES: usize = 256;
/// Bytes in one group, about, at most.
const GROUP_BYTES: usize = 1024 * 1024;
/// Committed groups that the tail may have not yet taken before it has to read them back.
const READY_GROUPS: usize = 64;

/// What shares one commit.
type Jobs = Vec<Box<dyn Job>>;

/// What one commit appended, in that life of the log.
pub(super) struct Group {
    pub(super) epoch: Arc<str>,
    pub(super) entries: Vec<Arc<Entry>>,
}

pub(super) struct Writer {
    store: Arc<Store>,
    /// What was just committed, to save the tail from reading it back.
    committed: mpsc::Sender<Group>,
    /// The other servers.
    others: Others,
}

impl Writer {
    pub(super) fn new(store: Arc<Store>, others: Others) -> (Self, Tail) {
        let (committed, ready) = mpsc::channel(READY_GROUPS);
        let tail = Tail::new(Arc::clone(&store), ready);
        (Self { store, committed, others }, tail)
    }

    /// Writes until nobody is left who could ask for it.
    pub(super) async fn run(self, mut waiting: mpsc::Receiver<Waiting>) {
        let mut left_over = None;
        loop {
            let first = match left_over.take() {
                Some(job) => Some(job),
                None => match waiting.recv().await {
                    Some(waiting) => in_time(waiting),
                    None => return,
                },
            };
            let Some(first) = first else { continue };
            let group;
            (group, left_over) = fill(first, || {
                // Those for whom it is too late are passed over.
                std::iter::from_fn(|| waiting.try_recv().ok()).find_map(in_time)
            });
            let Committed { sight, entries } = self.store.commit(group).await;
            let Some(sight) = sight else { continue };
            let is_longer = !entries.is_empty();
            if is_longer {
                // Where there is no room, the tail reads it back.
                let _ = self.committed.try_send(Group { epoch: sight.epoch(), entries });
            }
            // The wake-up. Only a hint: positions are contiguous, so what one hint misses the next finds.
            self.store.life().note(sight);
            if is_longer {
                self.others.tell_of_log();
            }
        }
    }
}

/// The write, unless it has waited for too long: whoever asked for it is told so.
fn in_time(waiting: Waiting) -> Option<Box<dyn Job>> {
    let Waiting { job, until } = waiting;
    if Instant::now() <= until {
        return Some(job);
    }
    job.settle(Err(too_long()));
    None
}

/// `first` and what else waits, up to a group's size; and the write that did not fit any more.
fn fill(first: Box<dyn Job>, mut next: impl FnMut() -> Option<Box<dyn Job>>) -> (Jobs, Option<Box<dyn Job>>) {
    let (mut entries, mut bytes) = (first.entries(), first.bytes());
    let mut group = vec![first];
    while group.len() < GROUP_ENTRIES {
        let Some(job) = next() else { break };
        entries += job.entries();
        bytes += job.bytes();
        if entries > GROUP_ENTRIES || bytes > GROUP_BYTES {
            return (group, Some(job));
        }
        group.push(job);
    }
    (group, None)
}
