//! What publishing writes, by far the most of all that is written: on SQLite row by row, on PostgreSQL, where each
//! statement is a round trip, all of a group's rows of one table by one statement.

use std::sync::Arc;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::connection::Connection;
use super::convert::{AudienceTerm, audience_kind_column, priority_column, to_column};
use super::postgres;
use super::schema::{broadcast, campus, feed_entry, idempotency, log_entry, log_head, notification};
use super::write::Job;
use crate::domain::entry::{Idempotency, Notification};
use crate::domain::id::{BroadcastId, CampusId, UserId};

/// How the rows of one group are written.
pub(super) enum Appends {
    /// Each as it comes.
    OneByOne,
    /// All together, before they are read and at the end.
    Together(Box<postgres::Together>),
}

/// A row of `log_entry`.
#[derive(Insertable)]
#[diesel(table_name = log_entry)]
pub(super) struct EntryRow {
    pub(super) seq: i64,
    pub(super) group_id: i64,
    pub(super) kind: i16,
    pub(super) created_at: NaiveDateTime,
    pub(super) user_id: Option<i64>,
    pub(super) campus_id: Option<i64>,
    pub(super) role: Option<i16>,
    pub(super) target_seq: Option<i64>,
    pub(super) detail: Option<String>,
}

/// A row of `broadcast`, but for its id.
#[derive(Insertable)]
#[diesel(table_name = broadcast)]
pub(super) struct NewBroadcast {
    pub(super) created_at: NaiveDateTime,
    pub(super) sender_id: i64,
    pub(super) campus_id: Option<i64>,
    pub(super) audience_kind: i16,
    pub(super) state: i16,
    pub(super) send_at: Option<NaiveDateTime>,
    pub(super) seq: Option<i64>,
}

/// What an idempotency key has been used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) fingerprint: Vec<u8>,
    /// Where it stands; 0 for a broadcast that was scheduled.
    pub(super) seq: i64,
    pub(super) broadcast: Option<i64>,
    pub(super) at: NaiveDateTime,
    /// What it was used for has been deleted since, for its age.
    pub(super) is_gone: bool,
}

/// A row of `idempotency`, but for the broadcast and what stands elsewhere: fingerprint, seq, broadcast, time; then, of the
/// broadcast, its id and position, and up to where the log is deleted.
pub(super) type UseRow = (Vec<u8>, i64, Option<i64>, NaiveDateTime, Option<i64>, Option<i64>, i64);

impl Use {
    pub(super) fn from_row((fingerprint, seq, broadcast, at, found, its_seq, deleted): UseRow) -> Self {
        let is_gone = match broadcast {
            None => seq <= deleted,
            // While it waits, or came to nothing, it has no position.
            Some(_) => found.is_none() || its_seq.is_some_and(|seq| seq <= deleted),
        };
        Self { fingerprint, seq, broadcast, at, is_gone }
    }
}

impl Appends {
    /// For a group of these: what all of them will ask is asked at once.
    pub(super) fn prepare(conn: &mut Connection, jobs: &[Box<dyn Job>]) -> QueryResult<Self> {
        match conn {
            Connection::Sqlite(_) => Ok(Self::OneByOne),
            Connection::Postgres(conn) => {
                let keys = jobs.iter().filter_map(|job| job.idempotency());
                let broadcasts = jobs.iter().filter(|job| job.is_broadcast()).count();
                let together = postgres::Together::prepare(conn, keys, broadcasts)?;
                Ok(Self::Together(Box::new(together)))
            }
        }
    }

    /// Writes what has not been written yet. To be called before any of it is read or referred to.
    pub(super) fn flush(&mut self, conn: &mut Connection) -> QueryResult<()> {
        match (self, conn) {
            (Self::Together(together), Connection::Postgres(conn)) => together.flush(conn),
            _ => Ok(()),
        }
    }

    /// An entry of the log.
    pub(super) fn entry(&mut self, conn: &mut Connection, row: EntryRow) -> QueryResult<()> {
        match self {
            Self::Together(together) => together.entry(row),
            Self::OneByOne => {
                conn.execute(diesel::insert_into(log_entry::table).values(row))?;
            }
        }
        Ok(())
    }

    /// A notification.
    pub(super) fn notification(&mut self, conn: &mut Connection, n: &Arc<Notification>) -> QueryResult<()> {
        if let Self::Together(together) = self {
            together.notification(n);
            return Ok(());
        }
        let content = &n.content;
        let row = diesel::insert_into(notification::table).values((
            notification::seq.eq(n.seq.0),
            notification::created_at.eq(to_column(n.created_at)),
            notification::audience_kind.eq(audience_kind_column(&n.audience)),
            notification::campus_id.eq(n.responsible_campus().map(|campus| campus.0)),
            notification::audience_size.eq(n.audience_size),
            notification::type_id.eq(content.type_id.0),
            notification::priority.eq(priority_column(content.priority)),
            notification::title.eq(&content.title),
            notification::message.eq(&content.message),
            notification::event_id.eq(&content.data.event_id),
            notification::attendance_id.eq(&content.data.attendance_id),
            notification::action_url.eq(&content.data.action_url),
            notification::metadata.eq(content.data.metadata.as_ref().map(ToString::to_string)),
            notification::expires_at.eq(content.expires_at.map(to_column)),
            notification::sender_id.eq(n.sender.id.0),
        ));
        conn.execute(row).map(drop)
    }

    /// That a notification was sent to that audience.
    pub(super) fn feed_entry(
        &mut self,
        conn: &mut Connection,
        n: &Notification,
        audience: AudienceTerm,
    ) -> QueryResult<()> {
        if let Self::Together(together) = self {
            together.feed_entry(n, audience);
            return Ok(());
        }
        let row = diesel::insert_into(feed_entry::table).values((
            feed_entry::audience.eq(audience.column()),
            feed_entry::seq.eq(n.seq.0),
            feed_entry::type_id.eq(n.content.type_id.0),
            feed_entry::priority.eq(priority_column(n.content.priority)),
            feed_entry::expires_at.eq(n.content.expires_at.map(to_column)),
            feed_entry::recalled.eq(false),
        ));
        conn.execute(row).map(drop)
    }

    /// A broadcast; gives its id.
    pub(super) fn broadcast(&mut self, conn: &mut Connection, row: NewBroadcast) -> QueryResult<BroadcastId> {
        match (self, conn) {
            (Self::Together(together), Connection::Postgres(conn)) => together.broadcast(conn, &row),
            (_, conn) => {
                let insert = diesel::insert_into(broadcast::table).values(row).returning(broadcast::id);
                conn.get_result(insert)
            }
        }
        .map(BroadcastId)
    }

    /// How many members that campus has.
    pub(super) fn member_count(&mut self, conn: &mut Connection, of: CampusId) -> QueryResult<i64> {
        let counted = match self {
            Self::Together(together) => together.member_counts.get(&of).copied(),
            Self::OneByOne => None,
        };
        if let Some(count) = counted {
            return Ok(count);
        }
        let count = conn.get_result(campus::table.find(of.0).select(campus::member_count))?;
        if let Self::Together(together) = self {
            together.member_counts.insert(of, count);
        }
        Ok(count)
    }

    /// Changes how many members that campus has.
    pub(super) fn count_member(&mut self, conn: &mut Connection, of: CampusId, by: i64) -> QueryResult<()> {
        if let Self::Together(together) = self {
            together.member_counts.remove(&of);
        }
        let counted = campus::member_count.eq(campus::member_count + by);
        conn.execute(diesel::update(campus::table.find(of.0)).set(counted)).map(drop)
    }

    /// Takes an idempotency key, unless it has been used: gives for what.
    pub(super) fn claim(
        &mut self,
        conn: &mut Connection,
        sender: UserId,
        key: &Idempotency,
        new: &Use,
    ) -> QueryResult<Option<Use>> {
        if let (Self::Together(together), Connection::Postgres(_)) = (&mut *self, &mut *conn) {
            return Ok(together.claim(sender, &key.key, new));
        }
        let row = (idempotency::sender_id.eq(sender.0), idempotency::key.eq(&key.key), columns_of(new));
        let insert = diesel::insert_into(idempotency::table).values(row).on_conflict_do_nothing();
        if conn.execute(insert)? > 0 {
            return Ok(None);
        }
        let of_broadcast = idempotency::broadcast_id.eq(broadcast::id.nullable());
        let used = idempotency::table
            .left_join(broadcast::table.on(of_broadcast))
            .inner_join(log_head::table.on(log_head::id.eq(1)))
            .filter(idempotency::sender_id.eq(sender.0).and(idempotency::key.eq(&key.key)))
            .select((
                idempotency::fingerprint,
                idempotency::seq,
                idempotency::broadcast_id,
                idempotency::created_at,
                broadcast::id.nullable(),
                broadcast::seq.nullable(),
                log_head::deleted_through,
            ));
        conn.get_result::<UseRow>(used).map(|row| Some(Use::from_row(row)))
    }

    /// Says that a key, whatever it was used for, is used for this.
    pub(super) fn use_key(
        &mut self,
        conn: &mut Connection,
        sender: UserId,
        key: &Idempotency,
        new: &Use,
    ) -> QueryResult<()> {
        if let Self::Together(together) = self {
            together.use_key(sender, &key.key, new);
            return Ok(());
        }
        let row = idempotency::table.find((sender.0, &key.key));
        conn.execute(diesel::update(row).set(columns_of(new))).map(drop)
    }

    /// Gives a key back that was just claimed.
    pub(super) fn release(
        &mut self,
        conn: &mut Connection,
        sender: UserId,
        key: &Idempotency,
    ) -> QueryResult<()> {
        if let Self::Together(together) = self {
            together.release(sender, &key.key);
            return Ok(());
        }
        conn.execute(diesel::delete(idempotency::table.find((sender.0, &key.key)))).map(drop)
    }
}

type UseColumns<'u> = (
    diesel::dsl::Eq<idempotency::fingerprint, &'u [u8]>,
    diesel::dsl::Eq<idempotency::seq, i64>,
    diesel::dsl::Eq<idempotency::broadcast_id, Option<i64>>,
    diesel::dsl::Eq<idempotency::created_at, NaiveDateTime>,
);

fn columns_of(new: &Use) -> UseColumns<'_> {
    (
        idempotency::fingerprint.eq(new.fingerprint.as_slice()),
        idempotency::seq.eq(new.seq),
        idempotency::broadcast_id.eq(new.broadcast),
        idempotency::created_at.eq(new.at),
    )
}
