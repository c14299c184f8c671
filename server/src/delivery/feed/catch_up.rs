//! Reads what a feed has missed from the log.

use super::{Feed, FeedEvent};
use crate::domain::id::Seq;
use crate::store::StoreError;

/// Entries that are read at once.
const PAGE: i64 = 256;

impl Feed {
    /// Deals with the next page of the log, at most up to `through`.
    pub(super) async fn catch_up(&mut self, through: Seq, news: bool) -> Result<(), StoreError> {
        let entries = self.hub.store.entries(self.position, through, PAGE).await?;
        if entries.is_empty() {
            // Positions have no holes; what is not there was deleted for its age.
            self.position = through;
        }
        for entry in &entries {
            self.apply(entry, !news);
        }
        self.fill_in_receipts().await
    }

    /// What was missed may have been read meanwhile, on another device.
    async fn fill_in_receipts(&mut self) -> Result<(), StoreError> {
        let added: Vec<Seq> = self
            .ready
            .iter()
            .filter_map(|event| match event {
                FeedEvent::Added { notification, .. } => Some(notification.seq),
                _ => None,
            })
            .collect();
        if added.is_empty() {
            return Ok(());
        }
        let user = self.scope.user;
        let marks = self.hub.store.marks(user).await?;
        let exceptions = self.hub.store.exceptions(user, added).await?;
        for event in &mut self.ready {
            if let FeedEvent::Added { notification, copy, .. } = event {
                let exception = exceptions.get(&notification.seq).copied();
                copy.read_at = marks.read_at(notification.seq, notification.campus(), exception);
            }
        }
        Ok(())
    }
}
