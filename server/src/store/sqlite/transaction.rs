//! One group's transaction.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use crate::domain::id::Seq;
use crate::store::schema::{log_entry, log_head};
use crate::store::transaction::{HEAD, HeadRow};

/// Begins, as the one who writes.
pub(in crate::store) fn lock_head(conn: &mut SqliteConnection) -> QueryResult<HeadRow> {
    // Not diesel's transaction manager: SQLite may have rolled back by itself (a full disk), which that takes
    // for a broken connection.
    conn.batch_execute("BEGIN IMMEDIATE")?;
    log_head::table.select(HEAD).get_result(conn)
}

/// Whether the group stands at this position of the log.
pub(in crate::store) fn is_committed(
    conn: &mut SqliteConnection,
    first: Seq,
    group: i64,
) -> QueryResult<bool> {
    let found = log_entry::table.find(first.0).select(log_entry::group_id);
    Ok(found.get_result::<i64>(conn).optional()? == Some(group))
}
