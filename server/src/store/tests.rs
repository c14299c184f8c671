//! The store by itself: opening files, what survives, and how queries go about their work.

mod broadcast_plans;
mod feed_plans;
mod locked;
mod opening;
mod plans;
mod recorded;

use std::ops::Deref;

use super::{DatabaseUrl, OpenError, Pending, Store, StoreError, Write};
use crate::clock::Clock;
use crate::domain::notification_type;

/// A database that goes away with the test, for whoever tests something above the store too.
pub(crate) struct Database(campanile_test_database::Database);

impl Database {
    pub(crate) fn new() -> Self {
        Self(campanile_test_database::Database::new())
    }

    /// A file, for what is about files.
    pub(crate) fn file() -> Self {
        Self(campanile_test_database::Database::file())
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        self.0.url().parse().unwrap()
    }

    pub(crate) async fn open(&self, clock: Clock) -> Result<Store, OpenError> {
        Store::open(&self.url(), notification_type::built_in(), clock).await
    }
}

impl Deref for Database {
    type Target = campanile_test_database::Database;

    fn deref(&self) -> &Self::Target {
        &self.0
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
