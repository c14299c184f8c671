//! Follows the tail and hands its entries to whoever listens.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::presence::Presence;
use crate::clock::Clock;
use crate::domain::entry::Entry;
use crate::domain::id::{Seq, UserId};
use crate::domain::receipts::{ReceiptChange, ReceiptHint};
use crate::log::{Log, Tail};
use crate::store::{Store, StoreError};

/// Entries that a feed may lag behind before it has to read the log.
const LAG: usize = 1_024;

/// The meeting point of the log and its live feeds.
pub struct Hub {
    pub(super) store: Arc<Store>,
    pub(super) clock: Clock,
    pub(super) presence: Presence,
    log: Log,
    entries: broadcast::Sender<Arc<Entry>>,
    hints: broadcast::Sender<Arc<ReceiptHint>>,
}

impl Hub {
    /// Starts to follow `tail`.
    pub fn start(store: Arc<Store>, log: Log, mut tail: Tail, clock: Clock) -> Arc<Self> {
        let (entries, _) = broadcast::channel(LAG);
        let (hints, _) = broadcast::channel(LAG);
        let hub = Arc::new(Self { store, clock, presence: Presence::default(), log, entries, hints });
        let fan_out = hub.entries.clone();
        tokio::spawn(async move {
            while let Some(entries) = tail.next().await {
                for entry in entries {
                    // An error only says that nobody listens.
                    let _ = fan_out.send(entry);
                }
            }
        });
        tokio::spawn(super::presence::write_back(Arc::downgrade(&hub)));
        hub
    }

    /// Changes one person's receipts and tells their other sessions.
    pub async fn change_receipts(&self, user: UserId, change: ReceiptChange) -> Result<(), StoreError> {
        if let Some(hint) = self.log.change_receipts(user, change).await? {
            let _ = self.hints.send(Arc::new(hint));
        }
        Ok(())
    }

    /// Notes that a client of this person has had everything up to here.
    pub fn note_delivered(&self, user: UserId, through: Seq) {
        self.presence.note(user, through);
    }

    /// Up to where clients of this person have been on the feed, or fetched a page.
    pub async fn delivered_through(&self, user: UserId) -> Result<Seq, StoreError> {
        let written = self.store.reader_state(user).await?.delivered_through;
        Ok(written.max(self.presence.through(user)))
    }

    /// Writes back what is known of deliveries and not yet written.
    pub async fn flush(&self) -> Result<(), StoreError> {
        let noted = self.presence.take();
        if noted.is_empty() {
            return Ok(());
        }
        let written = self.log.mark_delivered(noted.clone()).await;
        if written.is_err() {
            for (user, through) in noted {
                self.presence.note(user, through);
            }
        }
        written
    }

    pub(super) fn listen(&self) -> (broadcast::Receiver<Arc<Entry>>, broadcast::Receiver<Arc<ReceiptHint>>) {
        (self.entries.subscribe(), self.hints.subscribe())
    }
}
