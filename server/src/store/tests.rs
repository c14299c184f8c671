//! The store by itself: opening files, what survives, and how queries go about their work.

mod broadcast_plans;
mod feed_plans;
mod locked;
mod opening;
mod plans;
mod postgres;

use std::path::PathBuf;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use tempfile::TempDir;

use super::{DatabaseUrl, OpenError, Pending, Store, StoreError, Write};
use crate::clock::Clock;
use crate::domain::notification_type;

/// A database that goes away with the test, for whoever tests something above the store too: on the PostgreSQL server that
/// `CAMPANILE_TEST_POSTGRES` names, else a file.
pub(crate) enum Database {
    File(TempDir),
    Postgres(postgres::Database),
}

impl Database {
    pub(crate) fn new() -> Self {
        match postgres::Database::create() {
            Some(database) => Self::Postgres(database),
            None => Self::file(),
        }
    }

    /// A file, for what is about files.
    pub(crate) fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    /// The file.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            Self::File(folder) => folder.path().join("campanile.db"),
            Self::Postgres(_) => panic!("not in a file"),
        }
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        match self {
            Self::File(_) => DatabaseUrl::Sqlite(self.path()),
            Self::Postgres(database) => database.url().parse().unwrap(),
        }
    }

    pub(crate) async fn open(&self, clock: Clock) -> Result<Store, OpenError> {
        Store::open(&self.url(), notification_type::built_in(), clock).await
    }

    /// A connection past the store, as somebody else's tool has one.
    pub(crate) fn connect(&self) -> SqliteConnection {
        SqliteConnection::establish(&self.path().to_string_lossy()).unwrap()
    }

    /// Runs this past the store.
    pub(crate) fn run(&self, statements: &str) {
        match self {
            Self::File(_) => self.connect().batch_execute(statements).unwrap(),
            Self::Postgres(database) => database.run(statements),
        }
    }

    /// The same, without any look at what refers to what.
    pub(crate) fn run_unchecked(&self, statements: &str) {
        let unchecked = match self {
            Self::File(_) => "PRAGMA foreign_keys = OFF",
            Self::Postgres(_) => "SET session_replication_role = replica",
        };
        self.run(&format!("{unchecked}; {statements}"));
    }

    /// The number that this query gives, past the store.
    pub(crate) fn number(&self, query: &str) -> i64 {
        let number = diesel::select(diesel::dsl::sql::<BigInt>(&format!("({query})")));
        match self {
            Self::File(_) => number.get_result(&mut self.connect()).unwrap(),
            Self::Postgres(database) => database.ask(move |conn| number.get_result(conn)),
        }
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
