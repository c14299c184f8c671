//! The transaction of one group: holds the log's head, and hands out positions.

use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use crate::clock::Clock;
use crate::domain::entry::{Change, Entry};
use crate::domain::id::{Seq, UserId};
use crate::domain::preferences::Settings;

use super::appends::{Appends, EntryRow};
use super::connection::Connection;
use super::convert::{campus_role_column, from_column, to_column};
use super::life::{new_epoch, went_backwards};
use super::schema::log_head;
use super::settings::{self, Resolver};
use super::write::Job;
use super::{Head, Life, postgres, sqlite};

/// An open transaction that holds the head of the log.
pub(crate) struct Transaction<'c> {
    pub(super) conn: &'c mut Connection,
    /// The time of everything in this group: read under the lock, and never before the last entry's.
    pub(super) now: DateTime<Utc>,
    /// Users that the directory knows; written back with the head.
    pub(super) user_count: i64,
    pub(super) resolver: &'c Resolver,
    /// What is written by statements of each database's own liking.
    pub(super) appends: Appends,
    group: i64,
    epoch: Arc<str>,
    /// Whether another life of the log begins with this group.
    is_renewed: bool,
    seq: Seq,
    appended: Vec<Arc<Entry>>,
}

/// What came of a transaction that is about to be committed: where the log ends then, and what it gained.
pub(super) type Outcome = (Head, Vec<Arc<Entry>>);

/// The head of the log as a transaction finds it: position, time, users known, which life.
pub(super) type HeadRow = (i64, NaiveDateTime, i64, String);

/// The columns of a [`HeadRow`].
pub(super) const HEAD: (log_head::seq, log_head::created_at, log_head::user_count, log_head::epoch) =
    (log_head::seq, log_head::created_at, log_head::user_count, log_head::epoch);

impl<'c> Transaction<'c> {
    /// Takes the lock and reads the head. `group` is the own id of what is about to be written. A log that ends before what
    /// was seen of it begins another life.
    pub(super) fn begin(
        conn: &'c mut Connection,
        clock: &Clock,
        resolver: &'c Resolver,
        life: &Life,
        group: i64,
        jobs: &[Box<dyn Job>],
    ) -> QueryResult<Self> {
        let (seq, last, user_count, epoch) = match conn {
            Connection::Sqlite(conn) => sqlite::lock_head(conn)?,
            Connection::Postgres(conn) => postgres::lock_head(conn)?,
        };
        let appends = Appends::prepare(conn, jobs)?;
        let now = clock.now().max(from_column(last));
        let (seq, epoch, appended) = (Seq(seq), epoch.into(), Vec::new());
        let is_renewed = false;
        let mut tx =
            Self { conn, now, user_count, resolver, appends, group, epoch, is_renewed, seq, appended };
        // Now that nobody else moves it.
        let seen = life.now();
        if went_backwards(&seen, &tx.epoch, seq) {
            tracing::error!(
                seen = seen.seq.0,
                found = seq.0,
                "the log went backwards; it begins another life"
            );
            tx.renew();
        }
        Ok(tx)
    }

    /// Has another life of the log begin: no cursor from before it counts any more.
    pub(super) fn renew(&mut self) {
        self.epoch = new_epoch().into();
        self.is_renewed = true;
    }

    /// Which life of the log this group belongs to.
    pub(super) fn epoch(&self) -> &Arc<str> {
        &self.epoch
    }

    /// The end of the log, with what this group has appended so far.
    pub(super) fn seq(&self) -> Seq {
        self.seq
    }

    /// The position that the next entry will have.
    pub(super) fn next_seq(&self) -> Seq {
        self.seq.next()
    }

    /// Appends an entry at [`Transaction::next_seq`].
    pub(super) fn append(&mut self, change: Change) -> QueryResult<Arc<Entry>> {
        self.append_with(change, None)
    }

    /// The same, for what somebody's preferences are from now on.
    pub(super) fn append_preferences(
        &mut self,
        user: UserId,
        settings: &Settings,
        timezone: Option<Tz>,
    ) -> QueryResult<Arc<Entry>> {
        let preferences = self.resolver.apply(settings, timezone);
        self.append_with(
            Change::Preferences { user, preferences },
            Some(settings::detail(settings, timezone)),
        )
    }

    fn append_with(&mut self, change: Change, detail: Option<String>) -> QueryResult<Arc<Entry>> {
        let seq = self.seq.next();
        let (kind, user, campus, role, target) = match &change {
            Change::Added(_) => (1_i16, None, None, None, None),
            Change::Recalled(notification) => (2, None, None, None, Some(notification.seq.0)),
            Change::Membership { user, campus, role } => {
                (3, Some(user.0), Some(campus.0), role.map(campus_role_column), None)
            }
            Change::Preferences { user, .. } => (4, Some(user.0), None, None, None),
            Change::Standing { user } => (5, Some(user.0), None, None, None),
            Change::Unknown => return Err(diesel::result::Error::NotFound),
        };
        let row = EntryRow {
            seq: seq.0,
            group_id: self.group,
            kind,
            created_at: to_column(self.now),
            user_id: user,
            campus_id: campus,
            role,
            target_seq: target,
            detail,
        };
        self.appends.entry(self.conn, row)?;
        self.seq = seq;
        let entry = Arc::new(Entry { seq, created_at: self.now, change });
        self.appended.push(Arc::clone(&entry));
        Ok(entry)
    }

    /// Writes what is kept back to be written together. To be called before it is read, or referred to.
    pub(super) fn flush(&mut self) -> QueryResult<()> {
        self.appends.flush(self.conn)
    }

    /// Writes the head back. The commit is the caller's.
    pub(super) fn finish(mut self) -> QueryResult<Outcome> {
        self.appends.flush(self.conn)?;
        self.conn.execute(diesel::update(log_head::table).set((
            log_head::seq.eq(self.seq.0),
            log_head::created_at.eq(to_column(self.now)),
            log_head::user_count.eq(self.user_count),
        )))?;
        if self.is_renewed {
            self.conn.execute(diesel::update(log_head::table).set(log_head::epoch.eq(&*self.epoch)))?;
        }
        Ok((Head { epoch: self.epoch, seq: self.seq }, self.appended))
    }
}
