//! What happens on other servers and is not in the log: receipts that were changed there, how far the log was deleted, and
//! what they ask.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::broadcast::{self, error::RecvError};

use super::hub::Hub;
use crate::domain::id::UserId;
use crate::domain::receipts::ReceiptHint;
use crate::log::Heard;
use crate::store::StoreError;

/// People whose revisions are read at once.
const CHUNK: usize = 1_000;
/// How long to wait before the database is asked again after it failed.
const RETRY: Duration = Duration::from_millis(200);

/// Follows what is heard, until the hub or the log has gone.
pub(super) async fn follow(hub: Weak<Hub>, mut heard: broadcast::Receiver<Heard>) {
    loop {
        let heard = match heard.recv().await {
            Ok(heard) => heard,
            Err(RecvError::Lagged(_)) => Heard::SomeReceipts,
            Err(RecvError::Closed) => return,
        };
        let Some(hub) = hub.upgrade() else { return };
        match heard {
            Heard::Receipts(hint) => hub.router.hint(Arc::new(hint)),
            Heard::Count(question, audience) => {
                hub.log.answer(question, hub.router.count(&audience).await as u64);
            }
            Heard::Deleted(through) => hub.pages.forget_through(through),
            Heard::SomeReceipts => {
                while let Err(error) = hub.look_at_receipts().await {
                    tracing::warn!(%error, "failed to look whose receipts have changed; trying again");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }
}

impl Hub {
    /// Tells everybody who is here of the changes of their receipts that they do not know of.
    async fn look_at_receipts(&self) -> Result<(), StoreError> {
        let users: Vec<UserId> = self.router.users().await;
        for some in users.chunks(CHUNK) {
            let revisions = self.store.revisions(some.to_vec()).await?;
            // After the revisions: what they are about stands no further.
            let as_of = self.store.head().await?.seq;
            for (user, revision) in revisions {
                self.router.hint(Arc::new(ReceiptHint { user, revision, as_of, change: None }));
            }
        }
        Ok(())
    }
}
