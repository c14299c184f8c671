//! Inserts of many rows by one statement: an array for each column, so that the statement is the same, and prepared once,
//! however many rows there are.

use chrono::NaiveDateTime;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Nullable, SmallInt, Text, Timestamp};

use super::Connection;
use crate::domain::id::{Seq, UserId};

/// A type that holds a table's columns, and is the statement that inserts their rows.
macro_rules! rows {
    ($name:ident: $before:literal { $($column:ident: $sql:ty = $rust:ty),+ $(,)? } $after:literal) => {
        #[derive(Debug, Default, QueryId)]
        pub(super) struct $name { $(pub(super) $column: Vec<$rust>),+ }

        impl QueryFragment<Pg> for $name {
            fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
                out.push_sql(concat!("INSERT INTO ", $before, " FROM unnest("));
                let mut between = "";
                $(
                    out.push_sql(std::mem::replace(&mut between, ", "));
                    out.push_bind_param::<Array<$sql>, _>(&self.$column)?;
                )+
                out.push_sql(concat!(") ", $after));
                Ok(())
            }
        }

        impl RunQueryDsl<Connection> for $name {}
    };
}

rows!(Entries: "log_entry (seq, group_id, kind, created_at, user_id, campus_id, role, target_seq, detail) SELECT *" {
    seq: BigInt = i64,
    group_id: BigInt = i64,
    kind: SmallInt = i16,
    created_at: Timestamp = NaiveDateTime,
    user_id: Nullable<BigInt> = Option<i64>,
    campus_id: Nullable<BigInt> = Option<i64>,
    role: Nullable<SmallInt> = Option<i16>,
    target_seq: Nullable<BigInt> = Option<i64>,
    detail: Nullable<Text> = Option<String>,
} "");

rows!(Notifications: "notification (seq, created_at, audience_kind, campus_id, audience_size, type_id, priority, title, message, \
    event_id, attendance_id, action_url, metadata, expires_at, sender_id) SELECT *" {
    seq: BigInt = i64,
    created_at: Timestamp = NaiveDateTime,
    audience_kind: SmallInt = i16,
    campus_id: Nullable<BigInt> = Option<i64>,
    audience_size: BigInt = i64,
    type_id: Integer = i32,
    priority: SmallInt = i16,
    title: Text = String,
    message: Text = String,
    event_id: Nullable<Text> = Option<String>,
    attendance_id: Nullable<Text> = Option<String>,
    action_url: Nullable<Text> = Option<String>,
    metadata: Nullable<Text> = Option<String>,
    expires_at: Nullable<Timestamp> = Option<NaiveDateTime>,
    sender_id: BigInt = i64,
} "");

rows!(FeedEntries: "feed_entry (audience, seq, type_id, priority, expires_at, recalled) SELECT *" {
    audience: BigInt = i64,
    seq: BigInt = i64,
    type_id: Integer = i32,
    priority: SmallInt = i16,
    expires_at: Nullable<Timestamp> = Option<NaiveDateTime>,
    recalled: Bool = bool,
} "");

rows!(Broadcasts: "broadcast (id, created_at, sender_id, campus_id, audience_kind, state, send_at, seq) SELECT *" {
    id: BigInt = i64,
    created_at: Timestamp = NaiveDateTime,
    sender_id: BigInt = i64,
    campus_id: Nullable<BigInt> = Option<i64>,
    audience_kind: SmallInt = i16,
    state: SmallInt = i16,
    send_at: Nullable<Timestamp> = Option<NaiveDateTime>,
    seq: Nullable<BigInt> = Option<i64>,
} "");

rows!(Uses: "idempotency (sender_id, key, fingerprint, seq, broadcast_id, created_at) SELECT *" {
    sender_id: BigInt = i64,
    key: Text = String,
    fingerprint: Binary = Vec<u8>,
    seq: BigInt = i64,
    broadcast_id: Nullable<BigInt> = Option<i64>,
    created_at: Timestamp = NaiveDateTime,
} "ON CONFLICT (sender_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, seq = excluded.seq, \
    broadcast_id = excluded.broadcast_id, created_at = excluded.created_at");

rows!(Members: "recipient_list_member (user_id, audience, type_id, priority, expires_at) SELECT *" {
    user_id: BigInt = i64,
    audience: BigInt = i64,
    type_id: Integer = i32,
    priority: SmallInt = i16,
    expires_at: Nullable<Timestamp> = Option<NaiveDateTime>,
} "");

rows!(DeliveryMarks: "reader (user_id, revision, seen_through, delivered_through) SELECT *" {
    user_id: BigInt = i64,
    revision: BigInt = i64,
    seen_through: BigInt = i64,
    delivered_through: BigInt = i64,
} "ON CONFLICT (user_id) DO UPDATE SET delivered_through = excluded.delivered_through \
    WHERE reader.delivered_through < excluded.delivered_through");

rows!(Texts: "notification_text (rowid, terms) SELECT rowid, terms::tsvector" {
    rowid: BigInt = i64,
    terms: Text = String,
} "AS text (rowid, terms)");

/// Puts these users on the recipient list that `feed_entry` numbers so, and with each of them what they are told: its type, its
/// priority, and when it expires.
pub(in crate::store) fn insert_members(
    conn: &mut Connection,
    audience: i64,
    users: &[UserId],
    (type_id, priority, expires_at): (i32, i16, Option<NaiveDateTime>),
) -> QueryResult<()> {
    let rows = Members {
        user_id: users.iter().map(|user| user.0).collect(),
        audience: vec![audience; users.len()],
        type_id: vec![type_id; users.len()],
        priority: vec![priority; users.len()],
        expires_at: vec![expires_at; users.len()],
    };
    rows.execute(conn).map(drop)
}

/// Notes how far the clients of these people, each named once, have been on the feed.
pub(in crate::store) fn mark_delivered(
    conn: &mut Connection,
    delivered: &[(UserId, Seq)],
) -> QueryResult<()> {
    let nothing = vec![0; delivered.len()];
    let rows = DeliveryMarks {
        user_id: delivered.iter().map(|(user, _)| user.0).collect(),
        revision: nothing.clone(),
        seen_through: nothing,
        delivered_through: delivered.iter().map(|(_, through)| through.0).collect(),
    };
    rows.execute(conn).map(drop)
}
