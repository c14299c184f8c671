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
        $crate::store::reads::in_own_task(async move {
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

use deadpool::managed::Manager;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, PoolError, PoolableConnection};

use super::error::StoreError;

/// How long whoever reads waits for the answer, connection and all.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a read waits for a free connection.
const CHECK_OUT: Duration = Duration::from_secs(5);

async fn check_out<C>(readers: &Pool<C>) -> Result<Object<C>, StoreError>
where
    C: PoolableConnection + 'static,
    AsyncDieselConnectionManager<C>: Manager<Type = C, Error = PoolError>,
{
    match tokio::time::timeout(CHECK_OUT, readers.get()).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(error)) => Err(StoreError::Unavailable(error.to_string())),
        Err(_) => Err(StoreError::Unavailable("every connection is busy".into())),
    }
}

async fn in_own_task<T: Send + 'static>(
    query: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::time::timeout(ANSWER, tokio::spawn(query)).await {
        Ok(done) => done.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string()))),
        // The task goes on: its connection is nobody else's until the database has answered, or has been given up.
        Err(_) => Err(StoreError::Unavailable("the database does not answer".into())),
    }
}
