//! Keeps the index of texts up with the log, and out of everybody's way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::log::Log;
use crate::store::Store;

/// How often the log is looked at for texts. Nobody waits for it: a search reads what the index lacks.
const EVERY: Duration = Duration::from_millis(500);
/// How long it rests when the database did not take something.
const AFTER_FAILURE: Duration = Duration::from_mins(1);

/// Indexes what has been published, from where it left off, until `closing`.
pub(super) async fn index_texts(store: Arc<Store>, log: Log, closing: CancellationToken) {
    loop {
        let began = Instant::now();
        let pause = match log.index_text(&store).await {
            // The writer is for others half of the time, however much there is to be indexed.
            Ok(true) => began.elapsed(),
            Ok(false) => EVERY,
            Err(error) => {
                tracing::warn!(%error, "failed to index texts; trying again later");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = closing.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::tests::fixture::Fixture;

    #[tokio::test]
    async fn what_is_published_is_indexed_until_the_end() {
        let fixture = Fixture::start().await;
        let Fixture { store, log, .. } = &fixture;
        let closing = CancellationToken::new();
        let indexing = tokio::spawn(index_texts(Arc::clone(store), log.clone(), closing.clone()));
        for _ in 0..2 {
            let published = fixture.tell_all("library").await.seq;
            let caught_up = async { while store.indexed_through().await.unwrap() < published {} };
            tokio::time::timeout(Duration::from_mins(1), caught_up).await.unwrap();
        }
        closing.cancel();
        indexing.await.unwrap();
    }
}
