//! Up to where each person's clients have been delivered: kept in memory, written back in batches.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError, Weak};
use std::time::Duration;

use super::hub::Hub;
use crate::domain::id::{Seq, UserId};

/// How long what is noted may wait to be written.
const WRITE_BACK: Duration = Duration::from_secs(5);

/// What is known and not yet written.
#[derive(Default)]
pub(super) struct Presence(Mutex<HashMap<UserId, Seq>>);

impl Presence {
    pub(super) fn note(&self, user: UserId, through: Seq) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = noted.entry(user).or_default();
        *known = through.max(*known);
    }

    pub(super) fn through(&self, user: UserId) -> Seq {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&user).copied().unwrap_or_default()
    }

    pub(super) fn take(&self) -> Vec<(UserId, Seq)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

/// Writes back every few seconds, until the hub has gone.
pub(super) async fn write_back(hub: Weak<Hub>) {
    let mut every = tokio::time::interval(WRITE_BACK);
    loop {
        every.tick().await;
        let Some(hub) = hub.upgrade() else { return };
        if let Err(error) = hub.flush().await {
            tracing::warn!(%error, "failed to write back deliveries; trying again later");
        }
    }
}
