//! Everything that is ever read, one file per subject. A query that both databases can take is written once: see
//! [`read!`].
//!
//! A row that its key finds is read with `get_result`, here and in `writes/`: `first` binds a `LIMIT`, for which SQLite
//! prepares the statement anew each time.

mod aging;
mod broadcasts;
mod directory;
mod feed;
mod log;
mod notifications;
mod preferences;
mod receipts;
mod recipients;
mod servers;
mod text;
mod types;

pub use broadcasts::Due;
pub use feed::{FeedRow, FeedScan, Source};
pub use log::Head;
pub(crate) use log::LookError;
pub use receipts::ReaderState;
pub use recipients::{Receipt, Recipients};
pub use text::TextLookup;

/// `read!(store, |conn| query)` runs `query` on a connection of whichever database the store has.
///
/// In a task of its own: a caller that goes away must not leave a connection behind in the middle of a query.
macro_rules! read {
    ($store:expr, |$conn:ident| $query:expr) => {{
        let readers = $store.readers.clone();
        $crate::store::reads::in_own_task($store.timeout, async move {
            match readers {
                $crate::store::Readers::Sqlite(readers) => {
                    let mut $conn = $crate::store::reads::check_out(&readers).await?;
                    Ok($query)
                }
                $crate::store::Readers::Postgres(readers) => {
                    let mut $conn = $crate::store::reads::check_out(&readers).await?;
                    Ok($query)
                }
            }
        })
        .await
    }};
}
use read;

use std::time::Duration;

use deadpool::managed::{Manager, PoolError as CheckOutError};
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, PoolError, PoolableConnection};

use super::error::StoreError;

/// Waits for a free connection, as long as the pool has it.
async fn check_out<C>(readers: &Pool<C>) -> Result<Object<C>, StoreError>
where
    C: PoolableConnection + 'static,
    AsyncDieselConnectionManager<C>: Manager<Type = C, Error = PoolError>,
{
    readers.get().await.map_err(|error| {
        StoreError::Unavailable(match error {
            CheckOutError::Timeout(_) => "every connection is busy".into(),
            error => error.to_string(),
        })
    })
}

/// `timeout` is how long whoever reads waits for the answer, connection and all.
async fn in_own_task<T: Send + 'static>(
    timeout: Duration,
    query: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::time::timeout(timeout, tokio::spawn(query)).await {
        Ok(done) => done.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string()))),
        // The task goes on: its connection is nobody else's until the database has answered, or has been given up.
        Err(_) => Err(StoreError::Unavailable("the database does not answer".into())),
    }
}
