//! The store by itself: opening files, what survives, and how queries go about their work.

mod broadcast_plans;
mod feed_plans;
mod locked;
mod opening;
mod plans;

use std::path::PathBuf;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tempfile::TempDir;

use super::{DatabaseUrl, OpenError, Pending, Store, StoreError, Write};
use crate::clock::Clock;
use crate::domain::notification_type;

/// A database file that goes away with the test, for whoever tests something above the store too.
pub(crate) struct Database(TempDir);

impl Database {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("campanile.db")
    }

    pub(crate) async fn open(&self, clock: Clock) -> Result<Store, OpenError> {
        Store::open(&DatabaseUrl::Sqlite(self.path()), notification_type::built_in(), clock).await
    }

    /// A connection past the store, as somebody else's tool has one.
    pub(crate) fn connect(&self) -> SqliteConnection {
        SqliteConnection::establish(&self.path().to_string_lossy()).unwrap()
    }

    /// Runs this past the store.
    pub(crate) fn run(&self, statements: &str) {
        self.connect().batch_execute(statements).unwrap();
    }

    /// The number that this query gives, past the store.
    pub(crate) fn number(&self, query: &str) -> i64 {
        let number = diesel::dsl::sql::<BigInt>(&format!("({query})"));
        diesel::select(number).get_result(&mut self.connect()).unwrap()
    }
}

/// A clock that stands still.
pub(crate) fn noon() -> Clock {
    Clock::from_fn(|| chrono::DateTime::from_timestamp(1_795_003_200, 0).unwrap())
}

/// Writes this in a group of its own.
async fn write<W: Write>(store: &Store, write: W) -> Result<W::Output, StoreError> {
    let (job, answer) = Pending::job(write);
    store.commit(vec![job]).await;
    answer.await.unwrap()
}
