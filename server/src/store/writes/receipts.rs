//! What people have read, seen, and been delivered.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::domain::age::Age;
use crate::domain::archive::ArchiveException;
use crate::domain::id::{CampusId, Seq, UserId};
use crate::domain::receipts::{Exception, Marks, ReceiptChange, ReceiptHint};
use crate::store::connection::Connection;
use crate::store::convert::{campus_or_zero, from_column, to_column};
use crate::store::postgres;
use crate::store::rows::marks_from;
use crate::store::schema::{archive_exception, log_head, read_exception, read_mark, reader};
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// Changes one person's receipts. Gives what their sessions are to be told; nothing where it was so already.
pub(crate) struct ChangeReceipts {
    pub(crate) user: UserId,
    pub(crate) change: ReceiptChange,
}

impl Write for ChangeReceipts {
    type Output = Option<ReceiptHint>;

    fn bytes(&self) -> usize {
        match &self.change {
            ReceiptChange::Read { notifications, .. } => 64 * notifications.len(),
            ReceiptChange::Archived { notifications, .. } => 64 * notifications.len(),
            ReceiptChange::ReadThrough { .. } | ReceiptChange::Seen { .. } => 64,
        }
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Option<ReceiptHint>> {
        let changed = match &self.change {
            ReceiptChange::Read { notifications, read } => self.read(tx, notifications, *read)?,
            ReceiptChange::ReadThrough { through, campus } => {
                self.read_through(tx, *through, *campus)?.then(|| self.change.clone())
            }
            ReceiptChange::Archived { notifications, archived } => {
                self.archive(tx, notifications, *archived)?
            }
            ReceiptChange::Seen { through } => self.see(tx, *through)?.then(|| self.change.clone()),
        };
        let Some(change) = changed else { return Ok(None) };
        let revision = self.revise(tx)?;
        Ok(Some(ReceiptHint { user: self.user, revision, as_of: tx.seq(), change: Some(change) }))
    }
}

impl ChangeReceipts {
    /// Keeps an exception for each that is not so already; gives those.
    fn read(
        &self,
        tx: &mut Transaction<'_>,
        notifications: &[(Seq, Option<CampusId>)],
        read: bool,
    ) -> QueryResult<Option<ReceiptChange>> {
        let marks = marks_of(tx, self.user)?;
        let mut changed = Vec::new();
        for (seq, campus) in notifications {
            let exception = exception_of(tx, self.user, *seq)?;
            if marks.read_at(*seq, *campus, exception).is_some() == read {
                continue;
            }
            tx.conn.execute(
                diesel::insert_into(read_exception::table)
                    .values((
                        read_exception::user_id.eq(self.user.0),
                        read_exception::seq.eq(seq.0),
                        read_exception::campus_id.eq(campus_or_zero(*campus)),
                        read_exception::is_read.eq(read),
                        read_exception::at.eq(to_column(tx.now)),
                    ))
                    .on_conflict((read_exception::user_id, read_exception::seq))
                    .do_update()
                    .set((
                        read_exception::is_read.eq(excluded(read_exception::is_read)),
                        read_exception::at.eq(excluded(read_exception::at)),
                    )),
            )?;
            changed.push((*seq, *campus));
        }
        Ok((!changed.is_empty()).then_some(ReceiptChange::Read { notifications: changed, read }))
    }

    /// Sets a mark and turns what was marked unread below it; gives whether anything came of it.
    fn read_through(
        &self,
        tx: &mut Transaction<'_>,
        through: Seq,
        campus: Option<CampusId>,
    ) -> QueryResult<bool> {
        let now = to_column(tx.now);
        let unread = read_exception::table.filter(
            read_exception::user_id
                .eq(self.user.0)
                .and(read_exception::seq.le(through.0))
                .and(diesel::dsl::not(read_exception::is_read)),
        );
        let read_now = (read_exception::is_read.eq(true), read_exception::at.eq(now));
        let turned = match campus {
            None => tx.conn.execute(diesel::update(unread).set(read_now))?,
            Some(campus) => tx.conn.execute(
                diesel::update(unread.filter(read_exception::campus_id.eq(campus.0))).set(read_now),
            )?,
        };
        if marks_of(tx, self.user)?.read_through(campus) >= through {
            return Ok(turned > 0);
        }
        tx.conn.execute(diesel::insert_into(read_mark::table).values((
            read_mark::user_id.eq(self.user.0),
            read_mark::campus_id.eq(campus_or_zero(campus)),
            read_mark::through.eq(through.0),
            read_mark::at.eq(now),
        )))?;
        Ok(true)
    }

    /// Keeps an exception for each that is not so already; gives those.
    fn archive(
        &self,
        tx: &mut Transaction<'_>,
        notifications: &[Seq],
        archived: bool,
    ) -> QueryResult<Option<ReceiptChange>> {
        let age = age_of(tx)?;
        let mut changed = Vec::new();
        for seq in notifications {
            let said = archive_exception_of(tx, self.user, *seq)?;
            if age.archived(*seq, said).holds() == archived {
                continue;
            }
            tx.conn.execute(
                diesel::insert_into(archive_exception::table)
                    .values((
                        archive_exception::user_id.eq(self.user.0),
                        archive_exception::seq.eq(seq.0),
                        archive_exception::is_archived.eq(archived),
                        archive_exception::at.eq(to_column(tx.now)),
                    ))
                    .on_conflict((archive_exception::user_id, archive_exception::seq))
                    .do_update()
                    .set((
                        archive_exception::is_archived.eq(excluded(archive_exception::is_archived)),
                        archive_exception::at.eq(excluded(archive_exception::at)),
                    )),
            )?;
            changed.push(*seq);
        }
        Ok((!changed.is_empty()).then_some(ReceiptChange::Archived { notifications: changed, archived }))
    }

    fn see(&self, tx: &mut Transaction<'_>, through: Seq) -> QueryResult<bool> {
        open_reader(tx, self.user)?;
        let behind = reader::table.find(self.user.0).filter(reader::seen_through.lt(through.0));
        Ok(tx.conn.execute(diesel::update(behind).set(reader::seen_through.eq(through.0)))? > 0)
    }

    fn revise(&self, tx: &mut Transaction<'_>) -> QueryResult<i64> {
        open_reader(tx, self.user)?;
        tx.conn.get_result(
            diesel::update(reader::table.find(self.user.0))
                .set(reader::revision.eq(reader::revision + 1))
                .returning(reader::revision),
        )
    }
}

/// That clients of these people have been on the feed up to these positions.
pub(crate) struct MarkDelivered(pub(crate) Vec<(UserId, Seq)>);

impl Write for MarkDelivered {
    type Output = ();

    fn bytes(&self) -> usize {
        32 * self.0.len()
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<()> {
        if let Connection::Postgres(conn) = tx.conn {
            return postgres::mark_delivered(conn, &self.0);
        }
        for (user, through) in &self.0 {
            open_reader(tx, *user)?;
            let behind = reader::table.find(user.0).filter(reader::delivered_through.lt(through.0));
            tx.conn.execute(diesel::update(behind).set(reader::delivered_through.eq(through.0)))?;
        }
        Ok(())
    }
}

fn open_reader(tx: &mut Transaction<'_>, user: UserId) -> QueryResult<()> {
    tx.conn
        .execute(
            diesel::insert_into(reader::table)
                .values((
                    reader::user_id.eq(user.0),
                    reader::revision.eq(0),
                    reader::seen_through.eq(0),
                    reader::delivered_through.eq(0),
                ))
                .on_conflict_do_nothing(),
        )
        .map(drop)
}

fn marks_of(tx: &mut Transaction<'_>, user: UserId) -> QueryResult<Marks> {
    let marks = read_mark::table
        .filter(read_mark::user_id.eq(user.0))
        .order((read_mark::campus_id, read_mark::through))
        .select((read_mark::campus_id, read_mark::through, read_mark::at));
    Ok(marks_from(tx.conn.load::<(i64, i64, NaiveDateTime)>(marks)?))
}

fn exception_of(tx: &mut Transaction<'_>, user: UserId, seq: Seq) -> QueryResult<Option<Exception>> {
    let exception = tx
        .conn
        .get_result::<(bool, NaiveDateTime)>(
            read_exception::table.find((user.0, seq.0)).select((read_exception::is_read, read_exception::at)),
        )
        .optional()?;
    Ok(exception.map(|(read, at)| Exception { read, at: from_column(at) }))
}

fn archive_exception_of(
    tx: &mut Transaction<'_>,
    user: UserId,
    seq: Seq,
) -> QueryResult<Option<ArchiveException>> {
    let exception = tx
        .conn
        .get_result::<(bool, NaiveDateTime)>(
            archive_exception::table
                .find((user.0, seq.0))
                .select((archive_exception::is_archived, archive_exception::at)),
        )
        .optional()?;
    Ok(exception.map(|(archived, at)| ArchiveException { archived, at: from_column(at) }))
}

fn age_of(tx: &mut Transaction<'_>) -> QueryResult<Age> {
    let age = log_head::table.select((log_head::archived_through, log_head::deleted_through));
    let (archived, deleted) = tx.conn.get_result::<(i64, i64)>(age)?;
    Ok(Age { archived_through: Seq(archived), deleted_through: Seq(deleted) })
}
