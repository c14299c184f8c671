//! Sweeps away what is past its time, a little at a time.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::recipients::drop_list;
use crate::domain::entry::Idempotency;
use crate::store::convert::to_column;
use crate::store::schema::{idempotency, recipient_list};
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// Rows that one sweep takes at most, so that the writer is never held for long.
const AT_MOST: i64 = 500;
/// A stored recipient list that no notification and no broadcast names after so many hours never will be named.
const ORPHAN_HOURS: i64 = 1;

/// Forgets idempotency keys past their time, and recipient lists whose publish never came. Gives whether there may be
/// more.
pub(crate) struct Upkeep;

impl Write for Upkeep {
    type Output = bool;

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<bool> {
        let oldest = to_column(tx.now - Idempotency::KEPT);
        let past: Vec<(i64, String)> = tx.conn.load(
            idempotency::table
                .filter(idempotency::created_at.le(oldest))
                .order(idempotency::created_at)
                .select((idempotency::sender_id, idempotency::key))
                .limit(AT_MOST),
        )?;
        for key in &past {
            tx.conn.execute(diesel::delete(idempotency::table.find((key.0, &key.1))))?;
        }
        let swept = sweep_orphan(tx)?;
        Ok(swept || i64::try_from(past.len()) == Ok(AT_MOST))
    }
}

/// Takes away one list that nothing names, if there is one: it may have thousands of members.
fn sweep_orphan(tx: &mut Transaction<'_>) -> QueryResult<bool> {
    let oldest = to_column(tx.now - TimeDelta::hours(ORPHAN_HOURS));
    let orphan: Option<i64> = tx
        .conn
        .first(
            recipient_list::table
                .filter(recipient_list::seq.is_null().and(recipient_list::broadcast_id.is_null()))
                .filter(recipient_list::created_at.le(oldest))
                .select(recipient_list::id),
        )
        .optional()?;
    orphan.map_or(Ok(false), |list| drop_list(tx, list).map(|()| true))
}
