//! Reads the log forward, once for the whole server, strictly in order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::writer::Group;
use crate::domain::entry::Entry;
use crate::domain::id::Seq;
use crate::store::{Head, Store, StoreError};

/// Entries that are read at once.
const PAGE: i64 = 256;
/// How long to wait before the database is asked again after it failed.
const RETRY: Duration = Duration::from_millis(200);

/// What follows.
#[derive(Debug, PartialEq)]
pub enum Step {
    /// The next entries, at least one.
    Entries(Vec<Arc<Entry>>),
    /// Another life of the log has begun, and is read from behind this position. Nothing of the life before counts any more.
    Renewed(Seq),
}

/// Gives every entry of the log once, in the order of positions, from where it began.
pub struct Tail {
    store: Arc<Store>,
    /// Which life of the log is being read.
    epoch: Arc<str>,
    /// The last position given.
    given: Seq,
    head: watch::Receiver<Head>,
    ready: mpsc::Receiver<Group>,
    held: VecDeque<Group>,
}

impl Tail {
    /// Begins behind what is known of the log by now.
    pub(super) fn new(store: Arc<Store>, ready: mpsc::Receiver<Group>) -> Self {
        let mut head = store.life().follow();
        let Head { epoch, seq } = head.borrow_and_update().clone();
        Self { store, epoch, given: seq, head, ready, held: VecDeque::new() }
    }

    /// The last position given so far.
    pub fn position(&self) -> Seq {
        self.given
    }

    /// Follows where the log ends, given or not.
    pub fn head(&self) -> watch::Receiver<Head> {
        self.head.clone()
    }

    /// What follows; `None` once the writer has gone and nothing is left. Waits out a database that does not answer. Safe to
    /// drop and call again.
    pub async fn next(&mut self) -> Option<Step> {
        loop {
            let head = self.head.borrow_and_update().clone();
            if head.epoch != self.epoch {
                (self.epoch, self.given) = (head.epoch, head.seq);
                self.held.clear();
                return Some(Step::Renewed(self.given));
            }
            if head.seq > self.given {
                match self.advance(head.seq).await {
                    Ok(entries) => return Some(Step::Entries(entries)),
                    Err(error) => {
                        tracing::warn!(%error, "failed to read the log; trying again");
                        tokio::time::sleep(RETRY).await;
                    }
                }
                continue;
            }
            tokio::select! {
                // The store outlives us.
                _ = self.head.changed() => {}
                group = self.ready.recv() => match group {
                    Some(group) => self.hold(group),
                    None if self.head.has_changed().unwrap_or(false) => {}
                    None => return None,
                },
            }
        }
    }

    fn hold(&mut self, group: Group) {
        if group.epoch == self.epoch {
            self.held.push_back(group);
        }
    }

    async fn advance(&mut self, head: Seq) -> Result<Vec<Arc<Entry>>, StoreError> {
        while let Ok(group) = self.ready.try_recv() {
            self.hold(group);
        }
        while let Some(first) =
            self.held.front().and_then(|group| group.entries.first()).map(|entry| entry.seq)
        {
            if first > self.given.next() {
                // Something below it is missing: another server's, or a group for which there was no room.
                return self.read_back(Seq(first.0 - 1)).await;
            }
            if let Some(group) = self.held.pop_front()
                && first == self.given.next()
            {
                return Ok(self.give(group.entries));
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
