//! Lets the log grow old while the server runs: what is old is archived, what is older is deleted a little at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::domain::age::{self, Ages, Witness};
use crate::domain::id::Seq;
use crate::graphql::Api;
use crate::store::StoreError;

/// Between two batches of deletions: whoever publishes goes first.
const PAUSE: Duration = Duration::from_millis(10);

/// Runs for as long as the server does.
pub(super) async fn grow_old(api: Arc<Api>, ages: Ages) {
    let mut ticks = interval(ages.tick());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut aging = Aging::new(api, ages);
    loop {
        let outcome = tokio::select! {
            _ = ticks.tick() => aging.move_on().await,
            () = sleep(PAUSE), if aging.is_behind => aging.delete_some().await,
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "failed to archive or delete what is old; trying again later");
            aging.is_behind = false;
        }
    }
}

struct Aging {
    api: Arc<Api>,
    ages: Ages,
    /// A watch that nobody can set.
    watch: Instant,
    witness: Witness,
    deleted_through: Seq,
    /// Rows that the next batch deletes.
    rows: i64,
    /// Whether there may be something to delete.
    is_behind: bool,
}

impl Aging {
    fn new(api: Arc<Api>, ages: Ages) -> Self {
        let (watch, witness) = (Instant::now(), Witness::default());
        let (deleted_through, rows) = (Seq::ZERO, age::FIRST_ROWS);
        Self { api, ages, watch, witness, deleted_through, rows, is_behind: false }
    }

    /// Moves both positions on, as far as they may.
    async fn move_on(&mut self) -> Result<(), StoreError> {
        let (mut age, standing) = self.api.store.aging().await?;
        let first = self.api.store.first_entry_at().await?;
        let looked = self.watch.elapsed();
        let passed = self.witness.passed(standing.moves, looked);
        self.witness.saw(standing.moves, looked);
        if let Some(next) = standing.next(first, self.api.clock.now(), self.ages, passed)
            // Otherwise somebody else was faster; the next look sees what they did.
            && let Some(moved) = self.api.log.move_age(standing, next).await?
        {
            age = moved;
            self.witness.saw(next.moves, looked);
        }
        // Found when the server starts, too: what the last one had yet to delete.
        self.is_behind |= age.deleted_through > self.deleted_through;
        self.deleted_through = age.deleted_through;
        self.api.hub.forget_through(age.deleted_through);
        Ok(())
    }

    async fn delete_some(&mut self) -> Result<(), StoreError> {
        let deleted = self.api.log.delete_aged(self.rows).await?;
        tracing::debug!(rows = deleted.rows, held = ?deleted.held, "deleted some of what is too old");
        self.is_behind = deleted.rows >= self.rows;
        self.rows = age::next_batch(self.rows, deleted.held);
        Ok(())
    }
}
