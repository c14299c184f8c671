//! What one group appends, kept until it is written together.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamp};

use super::Connection;
use super::insert::{Broadcasts, Entries, FeedEntries, Notifications, Uses};
use crate::domain::entry::Notification;
use crate::domain::id::{CampusId, UserId};
use crate::store::appends::{EntryRow, NewBroadcast, Use, UseRow};
use crate::store::convert::{AudienceTerm, audience_kind_column, priority_column, to_column};
use crate::store::schema::idempotency;

/// Whose key, and which.
type Key = (i64, String);

/// The rows of a group that are not written yet, and what was read for the whole group at once.
#[derive(Default)]
pub(in crate::store) struct Together {
    /// How many members campuses have; those that were asked for.
    pub(in crate::store) member_counts: HashMap<CampusId, i64>,
    /// What the group's keys are used for by now.
    uses: HashMap<Key, Use>,
    /// Those of them that are to be written.
    changed: HashSet<Key>,
    /// Those that were given back.
    released: HashSet<Key>,
    /// Numbers for broadcasts, the next one last.
    broadcast_ids: Vec<i64>,
    entries: Entries,
    notifications: Notifications,
    feed_entries: FeedEntries,
    broadcasts: Broadcasts,
}

impl Together {
    /// For a group that has these keys, and makes about so many broadcasts.
    pub(in crate::store) fn prepare<'k>(
        conn: &mut Connection,
        keys: impl Iterator<Item = (UserId, &'k str)>,
        broadcasts: usize,
    ) -> QueryResult<Self> {
        let mut together = Self::default();
        let (senders, keys): (Vec<i64>, Vec<String>) =
            keys.map(|(sender, key)| (sender.0, key.to_owned())).unzip();
        if !keys.is_empty() {
            let found = FindUses { senders, keys }.load::<(i64, String, UseRow)>(conn)?;
            let uses = found.into_iter().map(|(sender, key, row)| ((sender, key), Use::from_row(row)));
            together.uses = uses.collect();
        }
        if broadcasts > 0 {
            together.broadcast_ids = next_broadcast_ids(conn, broadcasts)?;
        }
        Ok(together)
    }

    pub(in crate::store) fn entry(&mut self, row: EntryRow) {
        let EntryRow { seq, group_id, kind, created_at, user_id, campus_id, role, target_seq, detail } = row;
        let rows = &mut self.entries;
        rows.seq.push(seq);
        rows.group_id.push(group_id);
        rows.kind.push(kind);
        rows.created_at.push(created_at);
        rows.user_id.push(user_id);
        rows.campus_id.push(campus_id);
        rows.role.push(role);
        rows.target_seq.push(target_seq);
        rows.detail.push(detail);
    }

    pub(in crate::store) fn notification(&mut self, n: &Arc<Notification>) {
        let (rows, content) = (&mut self.notifications, &n.content);
        rows.seq.push(n.seq.0);
        rows.created_at.push(to_column(n.created_at));
        rows.audience_kind.push(audience_kind_column(&n.audience));
        rows.campus_id.push(n.responsible_campus().map(|campus| campus.0));
        rows.audience_size.push(n.audience_size);
        rows.type_id.push(content.type_id.0);
        rows.priority.push(priority_column(content.priority));
        rows.title.push(content.title.clone());
        rows.message.push(content.message.clone());
        rows.event_id.push(content.data.event_id.clone());
        rows.attendance_id.push(content.data.attendance_id.clone());
        rows.action_url.push(content.data.action_url.clone());
        rows.metadata.push(content.data.metadata.as_ref().map(ToString::to_string));
        rows.expires_at.push(content.expires_at.map(to_column));
        rows.sender_id.push(n.sender.id.0);
    }

    pub(in crate::store) fn feed_entry(&mut self, n: &Notification, audience: AudienceTerm) {
        let rows = &mut self.feed_entries;
        rows.audience.push(audience.column());
        rows.seq.push(n.seq.0);
        rows.type_id.push(n.content.type_id.0);
        rows.priority.push(priority_column(n.content.priority));
        rows.expires_at.push(n.content.expires_at.map(to_column));
        rows.recalled.push(false);
    }

    pub(in crate::store) fn broadcast(
        &mut self,
        conn: &mut Connection,
        row: &NewBroadcast,
    ) -> QueryResult<i64> {
        let id = match self.broadcast_ids.pop() {
            Some(id) => id,
            None => next_broadcast_ids(conn, 1)?.pop().ok_or(diesel::result::Error::NotFound)?,
        };
        let NewBroadcast { created_at, sender_id, campus_id, audience_kind, state, send_at, seq } = *row;
        let rows = &mut self.broadcasts;
        rows.id.push(id);
        rows.created_at.push(created_at);
        rows.sender_id.push(sender_id);
        rows.campus_id.push(campus_id);
        rows.audience_kind.push(audience_kind);
        rows.state.push(state);
        rows.send_at.push(send_at);
        rows.seq.push(seq);
        Ok(id)
    }

    /// Takes a key that the group was prepared with, unless it has been used: gives for what.
    pub(in crate::store) fn claim(&mut self, sender: UserId, key: &str, new: &Use) -> Option<Use> {
        let used = self.uses.get(&(sender.0, key.to_owned())).cloned();
        if used.is_none() {
            self.use_key(sender, key, new);
        }
        used
    }

    pub(in crate::store) fn use_key(&mut self, sender: UserId, key: &str, new: &Use) {
        let key = (sender.0, key.to_owned());
        self.released.remove(&key);
        self.changed.insert(key.clone());
        self.uses.insert(key, new.clone());
    }

    pub(in crate::store) fn release(&mut self, sender: UserId, key: &str) {
        let key = (sender.0, key.to_owned());
        self.uses.remove(&key);
        self.changed.remove(&key);
        self.released.insert(key);
    }

    /// Writes everything that is not written yet.
    pub(in crate::store) fn flush(&mut self, conn: &mut Connection) -> QueryResult<()> {
        if !self.notifications.seq.is_empty() {
            std::mem::take(&mut self.notifications).execute(conn)?;
        }
        if !self.feed_entries.seq.is_empty() {
            std::mem::take(&mut self.feed_entries).execute(conn)?;
        }
        if !self.entries.seq.is_empty() {
            std::mem::take(&mut self.entries).execute(conn)?;
        }
        if !self.broadcasts.id.is_empty() {
            std::mem::take(&mut self.broadcasts).execute(conn)?;
        }
        for (sender, key) in std::mem::take(&mut self.released) {
            diesel::delete(idempotency::table.find((sender, key))).execute(conn)?;
        }
        let mut rows = Uses::default();
        for key in std::mem::take(&mut self.changed) {
            let Some(new) = self.uses.get(&key) else { continue };
            rows.fingerprint.push(new.fingerprint.clone());
            rows.seq.push(new.seq);
            rows.broadcast_id.push(new.broadcast);
            rows.created_at.push(new.at);
            rows.sender_id.push(key.0);
            rows.key.push(key.1);
        }
        if !rows.key.is_empty() {
            rows.execute(conn)?;
        }
        Ok(())
    }
}

/// As many numbers for broadcasts, the smallest last.
fn next_broadcast_ids(conn: &mut Connection, many: usize) -> QueryResult<Vec<i64>> {
    let mut ids: Vec<i64> = NextIds(i64::try_from(many).unwrap_or(i64::MAX)).load(conn)?;
    ids.sort_unstable_by(|one, other| other.cmp(one));
    Ok(ids)
}

/// So many numbers for broadcasts.
#[derive(QueryId)]
struct NextIds(i64);

impl Query for NextIds {
    type SqlType = BigInt;
}

impl QueryFragment<Pg> for NextIds {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT nextval(pg_get_serial_sequence('broadcast', 'id')) FROM generate_series(1, ");
        out.push_bind_param::<BigInt, _>(&self.0)?;
        out.push_sql(")");
        Ok(())
    }
}

impl RunQueryDsl<Connection> for NextIds {}

/// What these keys have been used for; those that have been used.
#[derive(QueryId)]
struct FindUses {
    senders: Vec<i64>,
    keys: Vec<String>,
}

impl Query for FindUses {
    type SqlType = (
        BigInt,
        Text,
        (Binary, BigInt, Nullable<BigInt>, Timestamp, Nullable<BigInt>, Nullable<BigInt>, BigInt),
    );
}

impl QueryFragment<Pg> for FindUses {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "SELECT i.sender_id, i.key, i.fingerprint, i.seq, i.broadcast_id, i.created_at, b.id, b.seq, h.deleted_through \
             FROM (SELECT DISTINCT sender, key FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.senders)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.keys)?;
        out.push_sql(
            ") AS asked (sender, key)) AS asked \
             JOIN idempotency i ON i.sender_id = asked.sender AND i.key = asked.key \
             LEFT JOIN broadcast b ON b.id = i.broadcast_id CROSS JOIN log_head h",
        );
        Ok(())
    }
}

impl RunQueryDsl<Connection> for FindUses {}
