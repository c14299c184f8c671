//! Reads the log forward, once for the whole server, strictly in order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::domain::entry::Entry;
use crate::domain::id::Seq;
use crate::store::{Store, StoreError};

/// Entries that are read at once.
const PAGE: i64 = 256;
/// How long to wait before the database is asked again after it failed.
const RETRY: Duration = Duration::from_millis(200);

/// Gives every entry of the log once, in the order of positions, from where it began.
pub struct Tail {
    store: Arc<Store>,
    /// The last position given.
    given: Seq,
    head: watch::Receiver<Seq>,
    ready: mpsc::Receiver<Vec<Arc<Entry>>>,
    held: VecDeque<Vec<Arc<Entry>>>,
}

impl Tail {
    pub(super) fn new(
        store: Arc<Store>,
        given: Seq,
        head: watch::Receiver<Seq>,
        ready: mpsc::Receiver<Vec<Arc<Entry>>>,
    ) -> Self {
        Self { store, given, head, ready, held: VecDeque::new() }
    }

    /// The last position given so far.
    pub fn position(&self) -> Seq {
        self.given
    }

    /// Follows where the log ends, given or not.
    pub fn head(&self) -> watch::Receiver<Seq> {
        self.head.clone()
    }

    /// The next entries, at least one; `None` once the writer has gone and nothing is left. Waits out a database that
    /// does not answer. Safe to drop and call again.
    pub async fn next(&mut self) -> Option<Vec<Arc<Entry>>> {
        loop {
            let head = *self.head.borrow_and_update();
            if head > self.given {
                match self.advance(head).await {
                    Ok(entries) => return Some(entries),
                    Err(error) => {
                        tracing::warn!(%error, "failed to read the log; trying again");
                        tokio::time::sleep(RETRY).await;
                    }
                }
            } else if self.head.changed().await.is_err() {
                return None;
            }
        }
    }

    async fn advance(&mut self, head: Seq) -> Result<Vec<Arc<Entry>>, StoreError> {
        while let Ok(group) = self.ready.try_recv() {
            self.held.push_back(group);
        }
        while let Some(first) = self.held.front().and_then(|group| group.first()).map(|entry| entry.seq) {
            if first > self.given.next() {
                // Something below it is missing: another server's, or a group for which there was no room.
                return self.read_back(Seq(first.0 - 1)).await;
            }
            let group = self.held.pop_front().unwrap_or_default();
            if first == self.given.next() {
                return Ok(self.give(group));
            }
        }
        self.read_back(head).await
    }

    async fn read_back(&mut self, through: Seq) -> Result<Vec<Arc<Entry>>, StoreError> {
        let entries = self.store.entries(self.given, through, PAGE).await?;
        if entries.is_empty() {
            return Err(StoreError::Unavailable(format!("entries up to {} are not there yet", through.0)));
        }
        Ok(self.give(entries))
    }

    fn give(&mut self, entries: Vec<Arc<Entry>>) -> Vec<Arc<Entry>> {
        if let Some(last) = entries.last() {
            self.given = last.seq;
        }
        entries
    }
}
