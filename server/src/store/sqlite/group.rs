//! Commits groups of writes: all or, when one of them is bad, all others.

use std::path::PathBuf;
use std::sync::Arc;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::Transaction;
use super::file::connect_writer;
use crate::clock::Clock;
use crate::domain::entry::Entry;
use crate::store::error::{StoreError, is_data_error};
use crate::store::schema::log_entry;
use crate::store::settings::Resolver;
use crate::store::write::Job;

/// The one connection that writes.
pub(in crate::store) struct Writer {
    path: PathBuf,
    clock: Clock,
    resolver: Resolver,
    /// `None` after it failed: the next group connects anew.
    connection: Option<SqliteConnection>,
}

impl Writer {
    pub(in crate::store) fn new(
        path: PathBuf,
        clock: Clock,
        resolver: Resolver,
        connection: SqliteConnection,
    ) -> Self {
        Self { path, clock, resolver, connection: Some(connection) }
    }

    /// Moves what the write-ahead log holds into the file, and lets go of it. A later write connects anew. Blocks.
    pub(in crate::store) fn close(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if let Err(failure) = connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)") {
            // Nothing is lost: whoever opens the file next finds the log beside it.
            tracing::warn!(error = %failure, "failed to empty the write-ahead log");
        }
    }

    /// Writes `jobs` in one transaction, in order, answers each, and gives what the log gained. Blocks.
    ///
    /// When the data of one is bad, the group is tried again by halves, so that the bad one fails alone.
    pub(in crate::store) fn commit(&mut self, mut jobs: Vec<Box<dyn Job>>) -> Vec<Arc<Entry>> {
        let failure = match self.try_commit(&mut jobs) {
            Ok(entries) => {
                for job in jobs {
                    job.settle(Ok(()));
                }
                return entries;
            }
            Err(failure) => failure,
        };
        if !is_data_error(&failure) {
            tracing::error!(error = %failure, writes = jobs.len(), "failed to write to the database");
            self.connection = None;
        } else if jobs.len() > 1 {
            let second_half = jobs.split_off(jobs.len() / 2);
            let mut entries = self.commit(jobs);
            entries.extend(self.commit(second_half));
            return entries;
        } else {
            tracing::warn!(error = %failure, "refused a write");
        }
        let failure = StoreError::from(failure);
        for job in jobs {
            job.settle(Err(failure.clone()));
        }
        Vec::new()
    }

    fn try_commit(&mut self, jobs: &mut [Box<dyn Job>]) -> QueryResult<Vec<Arc<Entry>>> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect_writer(&self.path).map_err(|error| unable_to_connect(&error))?),
        };
        // Told apart from every other group's by chance: 63 random bits.
        let group = rand::random::<i64>() & i64::MAX;
        let entries = match write(connection, &self.clock, &self.resolver, group, jobs) {
            Ok(entries) => entries,
            Err(failure) => {
                // SQLite may have rolled back by itself; then there is nothing left to roll back.
                let _ = connection.batch_execute("ROLLBACK");
                return Err(failure);
            }
        };
        let Err(failure) = connection.batch_execute("COMMIT") else {
            return Ok(entries);
        };
        tracing::warn!(error = %failure, "the outcome of a commit is unknown; looking for it");
        let _ = connection.batch_execute("ROLLBACK");
        if !entries.is_empty() && self.is_committed(group).unwrap_or(false) {
            Ok(entries)
        } else {
            Err(failure)
        }
    }

    /// Whether the log holds the group, as a connection sees it that had no part in writing it.
    fn is_committed(&mut self, group: i64) -> QueryResult<bool> {
        let connection =
            self.connection.insert(connect_writer(&self.path).map_err(|error| unable_to_connect(&error))?);
        // The group can only be at the very end of the log.
        let last = log_entry::table.order(log_entry::seq.desc()).select(log_entry::group_id);
        Ok(last.first::<i64>(connection).optional()? == Some(group))
    }
}

fn write(
    connection: &mut SqliteConnection,
    clock: &Clock,
    resolver: &Resolver,
    group: i64,
    jobs: &mut [Box<dyn Job>],
) -> QueryResult<Vec<Arc<Entry>>> {
    let mut tx = Transaction::begin(connection, clock, resolver, group)?;
    for job in jobs {
        job.apply(&mut tx)?;
    }
    tx.finish()
}

fn unable_to_connect(error: &ConnectionError) -> diesel::result::Error {
    let kind = diesel::result::DatabaseErrorKind::UnableToSendCommand;
    diesel::result::Error::DatabaseError(kind, Box::new(error.to_string()))
}
