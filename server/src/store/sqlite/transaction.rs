//! The transaction of one group: holds the log's head, and hands out positions.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use crate::domain::entry::{Change, Entry};
use crate::domain::id::{Seq, UserId};
use crate::domain::preferences::Settings;
use crate::store::convert::{campus_role_column, from_column, to_column};
use crate::store::schema::{log_entry, log_head};
use crate::store::settings::{self, Resolver};

/// An open transaction that holds the head of the log.
pub(crate) struct Transaction<'c> {
    pub(in crate::store) conn: &'c mut SqliteConnection,
    /// The time of everything in this group: read under the lock, and never before the last entry's.
    pub(in crate::store) now: DateTime<Utc>,
    /// Users that the directory knows; written back with the head.
    pub(in crate::store) user_count: i64,
    pub(in crate::store) resolver: &'c Resolver,
    group: i64,
    seq: Seq,
    appended: Vec<Arc<Entry>>,
}

impl<'c> Transaction<'c> {
    /// Takes the lock and reads the head. `group` is this group's own id.
    pub(super) fn begin(
        conn: &'c mut SqliteConnection,
        clock: &crate::clock::Clock,
        resolver: &'c Resolver,
        group: i64,
    ) -> QueryResult<Self> {
        // Not diesel's transaction manager: SQLite may have rolled back by itself (a full disk), which that takes
        // for a broken connection.
        diesel::connection::SimpleConnection::batch_execute(conn, "BEGIN IMMEDIATE")?;
        let head = log_head::table.select((log_head::seq, log_head::created_at, log_head::user_count));
        let (seq, last, user_count) = head.get_result::<(i64, chrono::NaiveDateTime, i64)>(conn)?;
        let now = clock.now().max(from_column(last));
        Ok(Self { conn, now, user_count, resolver, group, seq: Seq(seq), appended: Vec::new() })
    }

    /// The end of the log, with what this group has appended so far.
    pub(in crate::store) fn seq(&self) -> Seq {
        self.seq
    }

    /// The position that the next entry will have.
    pub(in crate::store) fn next_seq(&self) -> Seq {
        self.seq.next()
    }

    /// Appends an entry at [`Transaction::next_seq`].
    pub(in crate::store) fn append(&mut self, change: Change) -> QueryResult<Arc<Entry>> {
        self.append_with(change, None)
    }

    /// The same, for what somebody's preferences are from now on.
    pub(in crate::store) fn append_preferences(
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
        diesel::insert_into(log_entry::table)
            .values((
                log_entry::seq.eq(seq.0),
                log_entry::group_id.eq(self.group),
                log_entry::kind.eq(kind),
                log_entry::created_at.eq(to_column(self.now)),
                log_entry::user_id.eq(user),
                log_entry::campus_id.eq(campus),
                log_entry::role.eq(role),
                log_entry::target_seq.eq(target),
                log_entry::detail.eq(detail),
            ))
            .execute(self.conn)?;
        self.seq = seq;
        let entry = Arc::new(Entry { seq, created_at: self.now, change });
        self.appended.push(Arc::clone(&entry));
        Ok(entry)
    }

    /// Writes the head back, and gives what was appended. The commit is the caller's.
    pub(super) fn finish(self) -> QueryResult<Vec<Arc<Entry>>> {
        diesel::update(log_head::table)
            .set((
                log_head::seq.eq(self.seq.0),
                log_head::created_at.eq(to_column(self.now)),
                log_head::user_count.eq(self.user_count),
            ))
            .execute(self.conn)?;
        Ok(self.appended)
    }
}
