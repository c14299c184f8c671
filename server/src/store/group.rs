//! Commits groups of writes: all or, when one of them is bad, all others.

use std::sync::Arc;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::connection::Connection;
use super::error::{StoreError, is_data_error};
use super::settings::Resolver;
use super::transaction::Transaction;
use super::write::Job;
use super::{DatabaseUrl, postgres, sqlite};
use crate::clock::Clock;
use crate::domain::entry::Entry;
use crate::domain::id::Seq;

/// The one connection that writes.
pub(in crate::store) struct Writer {
    database: DatabaseUrl,
    clock: Clock,
    resolver: Resolver,
    /// `None` after it failed: the next group connects anew.
    connection: Option<Connection>,
}

impl Writer {
    pub(in crate::store) fn new(
        database: DatabaseUrl,
        clock: Clock,
        resolver: Resolver,
        connection: Connection,
    ) -> Self {
        Self { database, clock, resolver, connection: Some(connection) }
    }

    /// Lets go of the database, which is left tidy. A later write connects anew. Blocks.
    pub(in crate::store) fn close(&mut self) {
        let Some(Connection::Sqlite(mut connection)) = self.connection.take() else { return };
        // Moves what the write-ahead log holds into the file.
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
            none => none.insert(connect(&self.database)?),
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
        let Some(first) = entries.first().map(|entry| entry.seq) else { return Err(failure) };
        if self.is_committed(first, group).unwrap_or(false) { Ok(entries) } else { Err(failure) }
    }

    /// Whether the log holds the group, as a connection sees it that had no part in writing it.
    fn is_committed(&mut self, first: Seq, group: i64) -> QueryResult<bool> {
        self.connection = None;
        match self.connection.insert(connect(&self.database)?) {
            Connection::Sqlite(conn) => sqlite::is_committed(conn, first, group),
            Connection::Postgres(conn) => postgres::is_committed(conn, first, group),
        }
    }
}

fn connect(database: &DatabaseUrl) -> QueryResult<Connection> {
    let connected = match database {
        DatabaseUrl::Sqlite(path) => sqlite::connect_writer(path).map(Connection::Sqlite),
        DatabaseUrl::Postgres(address) => {
            postgres::connect_writer(address).map(Box::new).map(Connection::Postgres)
        }
    };
    connected.map_err(|error| {
        let kind = diesel::result::DatabaseErrorKind::UnableToSendCommand;
        diesel::result::Error::DatabaseError(kind, Box::new(error.to_string()))
    })
}

fn write(
    connection: &mut Connection,
    clock: &Clock,
    resolver: &Resolver,
    group: i64,
    jobs: &mut [Box<dyn Job>],
) -> QueryResult<Vec<Arc<Entry>>> {
    let mut tx = Transaction::begin(connection, clock, resolver, group, jobs)?;
    for job in jobs {
        job.apply(&mut tx)?;
    }
    tx.finish()
}
