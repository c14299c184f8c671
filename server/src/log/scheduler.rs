//! Sends what was scheduled when its time comes.
//!
//! That it happens once is not this task's doing but the transaction's (`SendBroadcast`): any number of tasks may look at
//! the same broadcast, and one may die whenever it likes.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::Log;
use crate::clock::Clock;
use crate::domain::broadcast::{Failure, Sending};
use crate::domain::id::BroadcastId;
use crate::store::{Due, Store, StoreError};

/// How often the clock is looked at: what is sent within a second of its time needs some of that second for its commit.
const EVERY: Duration = Duration::from_millis(250);
/// Broadcasts that are sent together.
const BATCH: i64 = 256;

/// Sends what was scheduled.
pub struct Scheduler {
    store: Arc<Store>,
    log: Log,
    clock: Clock,
}

impl Scheduler {
    /// Sends nothing yet.
    pub fn new(store: Arc<Store>, log: Log, clock: Clock) -> Self {
        Self { store, log, clock }
    }

    /// Sends whatever becomes due, what is late at once, until this is dropped.
    pub async fn run(self) {
        let mut every = tokio::time::interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            if let Err(error) = self.send_due().await {
                tracing::warn!(%error, "failed to send what is due; trying again");
            }
        }
    }

    /// Sends what is due now, in the order of its times. Fails where the database does not answer: the next time goes on from
    /// there.
    pub async fn send_due(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut after: Option<Due> = None;
        loop {
            let due = self.store.due_broadcasts(now, after, BATCH).await?;
            let Some(last) = due.last() else { return Ok(()) };
            // One that can be neither sent nor given up must not be found again and again in front of the others.
            after = Some(*last);
            let ids: Vec<BroadcastId> = due.into_iter().map(|(_, id)| id).collect();
            let sent = self.log.send_broadcasts(ids.clone()).await;
            for (id, outcome) in ids.into_iter().zip(sent) {
                self.settle(id, outcome).await?;
            }
        }
    }

    async fn settle(&self, id: BroadcastId, outcome: Result<Sending, StoreError>) -> Result<(), StoreError> {
        match outcome {
            Ok(Sending::Sent(_) | Sending::Passed) => Ok(()),
            Ok(Sending::Failed(why)) => {
                tracing::info!(broadcast = id.0, %why, "did not send what was scheduled");
                Ok(())
            }
            Err(StoreError::Refused(reason)) => {
                tracing::error!(broadcast = id.0, reason, "the database refused what was scheduled");
                match self.log.fail_broadcast(id, Failure::Refused).await {
                    Err(StoreError::Refused(reason)) => {
                        tracing::error!(broadcast = id.0, reason, "the database refuses to give it up, too");
                        Ok(())
                    }
                    settled => settled,
                }
            }
            Err(unavailable) => Err(unavailable),
        }
    }
}
