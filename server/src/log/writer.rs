//! The one writer: drains what waits into groups, so that many publishes share one commit.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::tail::Tail;
use crate::domain::entry::Entry;
use crate::domain::id::Seq;
use crate::store::{Job, Store};

/// Entries in one group, at most; one write that has more has a group to itself.
const GROUP_ENTRIES: usize = 256;
/// Bytes in one group, about, at most.
const GROUP_BYTES: usize = 1024 * 1024;
/// Committed groups that the tail may have not yet taken before it has to read them back.
const READY_GROUPS: usize = 64;

/// What shares one commit.
type Group = Vec<Box<dyn Job>>;

pub(super) struct Writer {
    store: Arc<Store>,
    /// The wake-up. Only a hint: positions are contiguous, so what one hint misses the next finds.
    head: watch::Sender<Seq>,
    /// What was just committed, to save the tail from reading it back.
    committed: mpsc::Sender<Vec<Arc<Entry>>>,
}

impl Writer {
    pub(super) fn new(store: Arc<Store>, at: Seq) -> (Self, Tail) {
        let (head, wake_up) = watch::channel(at);
        let (committed, ready) = mpsc::channel(READY_GROUPS);
        let tail = Tail::new(Arc::clone(&store), at, wake_up, ready);
        (Self { store, head, committed }, tail)
    }

    /// Writes until nobody is left who could ask for it.
    pub(super) async fn run(self, mut waiting: mpsc::Receiver<Box<dyn Job>>) {
        let mut left_over = None;
        loop {
            let first = match left_over.take() {
                Some(job) => job,
                None => match waiting.recv().await {
                    Some(job) => job,
                    None => return,
                },
            };
            let group;
            (group, left_over) = fill(first, || waiting.try_recv().ok());
            let entries = self.store.commit(group).await;
            if let Some(last) = entries.last().map(|entry| entry.seq) {
                // Where there is no room, the tail reads it back.
                let _ = self.committed.try_send(entries);
                self.head.send_replace(last);
            }
        }
    }
}

/// `first` and what else waits, up to a group's size; and the write that did not fit any more.
fn fill(
    first: Box<dyn Job>,
    mut next: impl FnMut() -> Option<Box<dyn Job>>,
) -> (Group, Option<Box<dyn Job>>) {
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
