//! Commits groups of writes: all or, when one of them is bad, all others.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::connection::Connection;
use super::error::{StoreError, is_data_error};
use super::life::Sight;
use super::settings::Resolver;
use super::transaction::{Outcome, Transaction};
use super::write::Job;
use super::{DatabaseUrl, Life, postgres, sqlite};
use crate::clock::Clock;
use crate::domain::entry::Entry;
use crate::domain::id::Seq;

/// How long a commit of unknown outcome is looked for, where the database does not answer at once.
const LOOKING: Duration = Duration::from_secs(3);
/// Between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// What a group of writes came to.
#[derive(Default)]
pub(crate) struct Committed {
    /// Where the log ends with it; `None` where nothing was committed.
    pub(crate) sight: Option<Sight>,
    /// What the log gained, in order: all of it, or the end of it.
    pub(crate) entries: Vec<Arc<Entry>>,
}

impl Committed {
    /// With what was committed next.
    fn then(mut self, next: Self) -> Self {
        if next.sight.is_none() {
            return self;
        }
        if self
            .sight
            .is_some_and(|sight| next.sight.as_ref().is_some_and(|n| n.head.epoch == sight.head.epoch))
        {
            self.entries.extend(next.entries);
            return Self { sight: next.sight, entries: self.entries };
        }
        // Of another life.
        next
    }
}

/// The one connection that writes.
pub(in crate::store) struct Writer {
    database: DatabaseUrl,
    clock: Clock,
    resolver: Resolver,
    life: Arc<Life>,
    /// `None` after it failed: the next group connects anew.
    connection: Option<Connection>,
}

impl Writer {
    pub(in crate::store) fn new(
        database: DatabaseUrl,
        clock: Clock,
        resolver: Resolver,
        life: Arc<Life>,
        connection: Connection,
    ) -> Self {
        Self { database, clock, resolver, life, connection: Some(connection) }
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

    /// Writes `jobs` in one transaction, in order, and answers each. Blocks.
    ///
    /// When the data of one is bad, the group is tried again by halves, so that the bad one fails alone.
    pub(in crate::store) fn commit(&mut self, mut jobs: Vec<Box<dyn Job>>) -> Committed {
        let failure = match self.try_commit(&mut jobs) {
            Ok(committed) => {
                for job in jobs {
                    job.settle(Ok(()));
                }
                return committed;
            }
            Err(failure) => failure,
        };
        if !is_data_error(&failure) {
            tracing::error!(error = %failure, writes = jobs.len(), "failed to write to the database");
            self.connection = None;
        } else if jobs.len() > 1 {
            let second_half = jobs.split_off(jobs.len() / 2);
            let first = self.commit(jobs);
            let second = self.commit(second_half);
            return first.then(second);
        } else {
            tracing::warn!(error = %failure, "refused a write");
        }
        let failure = StoreError::from(failure);
        for job in jobs {
            job.settle(Err(failure.clone()));
        }
        Committed::default()
    }

    fn try_commit(&mut self, jobs: &mut [Box<dyn Job>]) -> QueryResult<Committed> {
        let before = self.life.now().epoch;
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect(&self.database)?),
        };
        // Told apart from every other group's by chance: 63 random bits.
        let group = rand::random::<i64>() & i64::MAX;
        let (head, entries) = match write(connection, &self.clock, &self.resolver, &self.life, group, jobs) {
            Ok(outcome) => outcome,
            Err(failure) => {
                // SQLite may have rolled back by itself; then there is nothing left to roll back.
                let _ = connection.batch_execute("ROLLBACK");
                return Err(failure);
            }
        };
        let first = entries.first().map(|entry| entry.seq);
        let committed = Committed { sight: Some(Sight { before, head }), entries };
        let Err(failure) = connection.batch_execute("COMMIT") else {
            return Ok(committed);
        };
        tracing::warn!(error = %failure, "the outcome of a commit is unknown; looking for it");
        let _ = connection.batch_execute("ROLLBACK");
        let Some(first) = first else { return Err(failure) };
        if self.is_found(first, group) { Ok(committed) } else { Err(failure) }
    }

    /// Whether the log holds the group, as far as that can be learnt while its callers wait.
    fn is_found(&mut self, first: Seq, group: i64) -> bool {
        let begun = Instant::now();
        loop {
            match self.is_committed(first, group) {
                Ok(found) => return found,
                Err(error) if begun.elapsed() >= LOOKING => {
                    tracing::error!(%error, "it stays unknown whether a commit took place");
                    return false;
                }
                // This thread is the writer's own.
                Err(_) => std::thread::sleep(BETWEEN_LOOKS),
            }
        }
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
    life: &Life,
    group: i64,
    jobs: &mut [Box<dyn Job>],
) -> QueryResult<Outcome> {
    let mut tx = Transaction::begin(connection, clock, resolver, life, group, jobs)?;
    for job in jobs {
        job.apply(&mut tx)?;
    }
    tx.finish()
}
