//! One group's transaction.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::Connection;
use crate::domain::id::Seq;
use crate::store::schema::{log_entry, log_head};
use crate::store::transaction::{HEAD, HeadRow};

/// Begins, and waits until the head of the log is nobody else's.
///
/// READ COMMITTED, whatever the database's default: each statement sees what was committed before it, so that what is read
/// after the lock was had is what its last holder left.
pub(in crate::store) fn lock_head(conn: &mut Connection) -> QueryResult<HeadRow> {
    conn.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")?;
    let head = log_head::table.select(HEAD);
    head.for_update().get_result(conn)
}

/// Whether the group stands at this position of the log. Waits until whoever holds the head, which may be the group itself,
/// has come to an end.
pub(in crate::store) fn is_committed(conn: &mut Connection, first: Seq, group: i64) -> QueryResult<bool> {
    lock_head(conn)?;
    let found = log_entry::table.find(first.0).select(log_entry::group_id);
    let found = found.get_result::<i64>(conn).optional()?;
    conn.batch_execute("ROLLBACK")?;
    Ok(found == Some(group))
}
