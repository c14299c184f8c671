//! Lets the log grow old: moves the two positions on, and deletes what lies behind the second, a little at a time.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::text::forget_text;
use crate::domain::age::{Age, Progress};
use crate::domain::id::Seq;
use crate::store::convert::{AudienceTerm, broadcast_state, to_column};
use crate::store::schema::{
    archive_exception, broadcast, feed_entry, log_entry, log_head, notification, read_exception, read_mark,
    recipient_list, recipient_list_member, unsent,
};
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// Moves both positions on to these moments, if nobody has moved them since they were `from`. Gives where they stand then.
pub(crate) struct MoveAge {
    pub(crate) from: Progress,
    pub(crate) to: Progress,
}

impl Write for MoveAge {
    type Output = Option<Age>;

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Option<Age>> {
        tx.flush()?;
        let (archived, deleted, moves) = tx.conn.get_result::<(i64, i64, i64)>(log_head::table.select((
            log_head::archived_through,
            log_head::deleted_through,
            log_head::age_moves,
        )))?;
        if moves != self.from.moves {
            return Ok(None);
        }
        let age = Age {
            archived_through: Seq(archived).max(last_until(tx, self.to.archived_until)?),
            deleted_through: Seq(deleted).max(last_until(tx, self.to.deleted_until)?),
        };
        tx.conn.execute(diesel::update(log_head::table).set((
            log_head::archived_through.eq(age.archived_through.0),
            log_head::deleted_through.eq(age.deleted_through.0),
            log_head::archived_until.eq(self.to.archived_until.map(to_column)),
            log_head::deleted_until.eq(self.to.deleted_until.map(to_column)),
            log_head::age_moves.eq(self.to.moves),
        )))?;
        Ok(Some(age))
    }
}

/// The last position that was committed at `moment` or earlier.
fn last_until(tx: &mut Transaction<'_>, moment: Option<DateTime<Utc>>) -> QueryResult<Seq> {
    let Some(moment) = moment else { return Ok(Seq::ZERO) };
    let last: Option<i64> = tx
        .conn
        .first(
            log_entry::table
                .filter(log_entry::created_at.le(to_column(moment)))
                .order((log_entry::created_at.desc(), log_entry::seq.desc()))
                .select(log_entry::seq),
        )
        .optional()?;
    Ok(last.map_or(Seq::ZERO, Seq))
}

/// Deletes at most so many rows of what lies behind the position of what is deleted.
pub(crate) struct DeleteAged {
    pub(crate) rows: i64,
}

/// What one batch of deletions did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deleted {
    /// Rows that are gone; as many as were asked for where there may be more.
    pub rows: i64,
    /// For how long it held the writer, the commit aside.
    pub held: Duration,
}

/// Deletes at most so many rows, the oldest first, of what stands up to and including a position; gives how many.
type Delete = fn(&mut Transaction<'_>, Seq, i64) -> QueryResult<i64>;

/// Every table that holds something for a position of the log, in the order in which they are emptied. What is left of a
/// position when the server ends is found by the next batch, whoever asks for it.
const TABLES: [Delete; 8] = [
    feed_entries,
    broadcasts,
    never_sent,
    notifications,
    log_entries,
    read_exceptions,
    archive_exceptions,
    read_marks,
];

impl Write for DeleteAged {
    type Output = Deleted;

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Deleted> {
        let started = Instant::now();
        tx.flush()?;
        let through: i64 = tx.conn.get_result(log_head::table.select(log_head::deleted_through))?;
        let mut rows = 0;
        for delete in TABLES {
            if rows < self.rows {
                rows += delete(tx, Seq(through), self.rows - rows)?;
            }
        }
        Ok(Deleted { rows, held: started.elapsed() })
    }
}

/// With the recipient lists that these name, and their members.
fn feed_entries(tx: &mut Transaction<'_>, through: Seq, most: i64) -> QueryResult<i64> {
    let entries: Vec<(i64, i64)> = tx.conn.load(
        feed_entry::table
            .filter(feed_entry::seq.le(through.0))
            .order((feed_entry::seq, feed_entry::audience))
            .select((feed_entry::audience, feed_entry::seq))
            .limit(most),
    )?;
    let mut rows = 0;
    for (audience, seq) in entries {
        if let AudienceTerm::List(list) = AudienceTerm::from_column(audience) {
            rows += list_members(tx, audience, most - rows)?;
            if rows < most {
                rows += deleted(tx.conn.execute(diesel::delete(recipient_list::table.find(list)))?);
            }
        }
        // A list is gone before what names it.
        if rows >= most {
            break;
        }
        rows += deleted(tx.conn.execute(diesel::delete(feed_entry::table.find((audience, seq))))?);
    }
    Ok(rows)
}

fn list_members(tx: &mut Transaction<'_>, audience: i64, most: i64) -> QueryResult<i64> {
    let members: Vec<i64> = tx.conn.load(
        recipient_list_member::table
            .filter(recipient_list_member::audience.eq(audience))
            .order(recipient_list_member::user_id)
            .select(recipient_list_member::user_id)
            .limit(most),
    )?;
    for user in &members {
        tx.conn.execute(diesel::delete(recipient_list_member::table.find((user, audience))))?;
    }
    Ok(deleted(members.len()))
}

/// Acts of publishing whose notifications are too old.
fn broadcasts(tx: &mut Transaction<'_>, through: Seq, most: i64) -> QueryResult<i64> {
    let sent: Vec<i64> = tx.conn.load(
        broadcast::table
            .filter(broadcast::seq.le(through.0))
            .order(broadcast::seq)
            .select(broadcast::id)
            .limit(most),
    )?;
    for id in &sent {
        tx.conn.execute(diesel::delete(broadcast::table.find(id)))?;
    }
    Ok(deleted(sent.len()))
}

/// Acts of publishing that came to nothing, with the lists of recipients that they named. They have no position: their time
/// says how old they are.
fn never_sent(tx: &mut Transaction<'_>, _: Seq, most: i64) -> QueryResult<i64> {
    let until: Option<NaiveDateTime> = tx.conn.get_result(log_head::table.select(log_head::deleted_until))?;
    let Some(until) = until else { return Ok(0) };
    let past: Vec<(i64, Option<i64>)> = tx.conn.load(
        broadcast::table
            .left_join(unsent::table.on(unsent::broadcast_id.eq(broadcast::id)))
            .filter(broadcast::state.gt(broadcast_state::SENT).and(broadcast::created_at.le(until)))
            .order(broadcast::created_at)
            .select((broadcast::id, unsent::list.nullable()))
            .limit(most),
    )?;
    let mut rows = 0;
    for (id, list) in past {
        if let Some(list) = list {
            rows += list_members(tx, AudienceTerm::List(list).column(), most - rows)?;
        }
        if rows >= most {
            break;
        }
        rows += deleted(tx.conn.execute(diesel::delete(unsent::table.find(id)))?);
        if let Some(list) = list {
            rows += deleted(tx.conn.execute(diesel::delete(recipient_list::table.find(list)))?);
        }
        rows += deleted(tx.conn.execute(diesel::delete(broadcast::table.find(id)))?);
    }
    Ok(rows)
}

/// With what the index of texts has of them.
fn notifications(tx: &mut Transaction<'_>, through: Seq, most: i64) -> QueryResult<i64> {
    let seqs: Vec<i64> = tx.conn.load(
        notification::table
            .filter(notification::seq.le(through.0))
            .order(notification::seq)
            .select(notification::seq)
            .limit(most),
    )?;
    let Some(last) = seqs.last() else { return Ok(0) };
    forget_text(tx, seqs.iter().copied().map(Seq))?;
    Ok(deleted(tx.conn.execute(diesel::delete(notification::table.filter(notification::seq.le(last))))?))
}

fn log_entries(tx: &mut Transaction<'_>, through: Seq, most: i64) -> QueryResult<i64> {
    let seqs: Vec<i64> = tx.conn.load(
        log_entry::table
            .filter(log_entry::seq.le(through.0))
            .order(log_entry::seq)
            .select(log_entry::seq)
            .limit(most),
    )?;
    let Some(last) = seqs.last() else { return Ok(0) };
    Ok(deleted(tx.conn.execute(diesel::delete(log_entry::table.filter(log_entry::seq.le(last))))?))
}

fn read_exceptions(tx: &mut Transaction<'_>, through: Seq, most: i64) -> QueryResult<i64> {
    let exceptions: Vec<(i64, i64)> = tx.conn.load(
        read_exception::table
            .filter(read_exception::seq.le(through.0))
            .order(read_exception::seq)
            .select((read_exception::user_id, read_exception::seq))
            .limit(most),
    )?;
    for key in &exceptions {
        tx.conn.execute(diesel::delete(read_exception::table.find(*key)))?;
    }
    Ok(deleted(exceptions.len()))
}

fn archive_exceptions(tx: &mut Transaction<'_>, through: Seq, most: i64) -> QueryResult<i64> {
    let exceptions: Vec<(i64, i64)> = tx.conn.load(
        archive_exception::table
            .filter(archive_exception::seq.le(through.0))
            .order(archive_exception::seq)
            .select((archive_exception::user_id, archive_exception::seq))
            .limit(most),
    )?;
    for key in &exceptions {
        tx.conn.execute(diesel::delete(archive_exception::table.find(*key)))?;
    }
    Ok(deleted(exceptions.len()))
}

/// Marks that cover nothing but what is gone.
fn read_marks(tx: &mut Transaction<'_>, through: Seq, most: i64) -> QueryResult<i64> {
    let marks: Vec<(i64, i64, i64)> = tx.conn.load(
        read_mark::table
            .filter(read_mark::through.le(through.0))
            .order(read_mark::through)
            .select((read_mark::user_id, read_mark::campus_id, read_mark::through))
            .limit(most),
    )?;
    for key in &marks {
        tx.conn.execute(diesel::delete(read_mark::table.find(*key)))?;
    }
    Ok(deleted(marks.len()))
}

/// Rows, as they are counted here.
fn deleted(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
