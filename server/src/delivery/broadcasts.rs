//! How broadcasts fare: whom they have reached, and who has read them; and whoever watches that as it grows.
//!
//! Counting walks the audience, which may be a whole campus. So it goes by chunks, few count at a time, and one that is
//! watched is counted once for all who watch it, with nine tenths of the time left to others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::hub::Hub;
use crate::domain::broadcast::Broadcast;
use crate::domain::id::{BroadcastId, UserId};
use crate::domain::receipts;
use crate::store::StoreError;

/// Recipients that one query looks at.
const CHUNK: usize = 5_000;
/// How many count at a time: each takes a connection now and then, and others want to read too.
const AT_A_TIME: usize = 2;
/// How long a count stands, at least, before what is watched is counted again.
const EVERY: Duration = Duration::from_secs(1);
/// How long it stands, at least, in times of what it took.
const REST: u32 = 10;

/// How a broadcast fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fared {
    /// Recipients of whom a client has been on the feed, or fetched a page, since it was sent.
    pub delivered: i64,
    /// Recipients who have read it.
    pub read: i64,
}

/// What is known of a broadcast that is watched.
#[derive(Debug, Clone, PartialEq)]
pub enum Watched {
    /// It has not been looked at yet.
    NotYet,
    /// It is like this, addressed to so many people, and fares like that.
    There(Arc<Broadcast>, i64, Fared),
    /// There is none, or none any more.
    Gone,
}

/// The broadcasts that somebody watches.
pub(super) struct Broadcasts {
    watched: Mutex<HashMap<BroadcastId, Weak<watch::Sender<Watched>>>>,
    turns: Semaphore,
}

impl Default for Broadcasts {
    fn default() -> Self {
        Self { watched: Mutex::default(), turns: Semaphore::new(AT_A_TIME) }
    }
}

impl Broadcasts {
    fn watched(&self) -> MutexGuard<'_, HashMap<BroadcastId, Weak<watch::Sender<Watched>>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// How a broadcast fares at this moment; what was not sent fares not at all.
    pub async fn fared(&self, broadcast: &Broadcast) -> Result<Fared, StoreError> {
        let Some(seq) = broadcast.seq() else { return Ok(Fared::default()) };
        // Nobody ever closes it.
        let _turn = self.broadcasts.turns.acquire().await;
        // Before the database is read: what is written meanwhile is found there.
        let on_the_way = self.presence.unwritten_beyond(seq);
        let recipients = self.store.recipients_of(broadcast).await?;
        let mut fared = Fared::default();
        let mut after: Option<UserId> = None;
        loop {
            let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
            let users = self.store.recipients_after(recipients, after, limit).await?;
            let (found, last) = (users.len(), users.last().copied());
            for receipt in self.store.receipts_of(users, seq, broadcast.told_campus()).await? {
                let delivered = receipt.delivered_through >= seq || on_the_way.contains(&receipt.user);
                fared.delivered += i64::from(delivered);
                fared.read += i64::from(receipts::is_read(receipt.exception, receipt.marked));
            }
            if found < CHUNK {
                return Ok(fared);
            }
            after = last;
        }
    }

    /// Watches a broadcast for as long as the result is held: it changes at most once a second.
    pub fn watch_broadcast(self: &Arc<Self>, id: BroadcastId) -> watch::Receiver<Watched> {
        let mut watched = self.broadcasts.watched();
        if let Some(sender) = watched.get(&id).and_then(Weak::upgrade) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(Watched::NotYet);
        let sender = Arc::new(sender);
        watched.insert(id, Arc::downgrade(&sender));
        tokio::spawn(follow(Arc::downgrade(self), id, sender));
        receiver
    }

    async fn look_at(&self, id: BroadcastId) -> Result<Watched, StoreError> {
        let Some(broadcast) = self.store.broadcast(id).await? else { return Ok(Watched::Gone) };
        let audience_size = self.store.audience_size(&broadcast).await?;
        let fared = self.fared(&broadcast).await?;
        Ok(Watched::There(Arc::new(broadcast), audience_size, fared))
    }
}

/// Counts again and again, until nobody watches any more.
async fn follow(hub: Weak<Hub>, id: BroadcastId, sender: Arc<watch::Sender<Watched>>) {
    loop {
        let Some(hub) = hub.upgrade() else { return };
        let begun = Instant::now();
        match hub.look_at(id).await {
            Ok(now) => {
                sender.send_if_modified(|told| {
                    let changed = *told != now;
                    *told = now;
                    changed
                });
            }
            Err(error) => tracing::warn!(%error, "failed to count how a broadcast fares; trying again"),
        }
        let pause = EVERY.max(REST * begun.elapsed());
        let watching = tokio::select! {
            () = tokio::time::sleep(pause) => true,
            () = sender.closed() => false,
        };
        if !watching {
            let mut watched = hub.broadcasts.watched();
            // Somebody may have come meanwhile.
            if sender.receiver_count() == 0 {
                watched.remove(&id);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
