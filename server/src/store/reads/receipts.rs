//! Reads of what people have read, seen, and been delivered.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::age::Age;
use crate::domain::archive::ArchiveException;
use crate::domain::id::{CampusId, Seq, UserId};
use crate::domain::receipts::{Exception, Marks, Receipts};
use crate::store::convert::from_column;
use crate::store::rows::marks_from;
use crate::store::schema::{archive_exception, log_head, read_exception, read_mark, reader};
use crate::store::{Store, StoreError};

/// How far a person has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReaderState {
    /// Counts the changes of their receipts.
    pub revision: i64,
    /// They have looked at everything up to here.
    pub seen_through: Seq,
    /// A client of theirs has been on the feed, or fetched a page, up to here.
    pub delivered_through: Seq,
}

impl Store {
    /// That person's marks.
    pub async fn marks(&self, user: UserId) -> Result<Marks, StoreError> {
        let marks = read_mark::table
            .filter(read_mark::user_id.eq(user.0))
            .order((read_mark::campus_id, read_mark::through))
            .select((read_mark::campus_id, read_mark::through, read_mark::at));
        Ok(marks_from(read!(self, |conn| marks.load(&mut conn).await?)?))
    }

    /// What that person said of the notifications at these positions, 10,000 at most, and what counts for them besides.
    pub async fn receipts(&self, user: UserId, seqs: Vec<Seq>) -> Result<Receipts, StoreError> {
        let seqs: Vec<i64> = seqs.into_iter().map(|seq| seq.0).collect();
        let marks = read_mark::table
            .filter(read_mark::user_id.eq(user.0))
            .order((read_mark::campus_id, read_mark::through))
            .select((read_mark::campus_id, read_mark::through, read_mark::at));
        let age = log_head::table.select((log_head::archived_through, log_head::deleted_through));
        let read = read_exception::table
            .filter(read_exception::user_id.eq(user.0).and(read_exception::seq.eq_any(seqs.clone())))
            .select((read_exception::seq, read_exception::is_read, read_exception::at));
        let archived = archive_exception::table
            .filter(archive_exception::user_id.eq(user.0).and(archive_exception::seq.eq_any(seqs)))
            .select((archive_exception::seq, archive_exception::is_archived, archive_exception::at));
        // On one connection: each by itself is soon done.
        let (marks, (archived_through, deleted_through), read, archived) = read!(self, |conn| (
            marks.load(&mut conn).await?,
            age.get_result::<(i64, i64)>(&mut conn).await?,
            read.load::<(i64, bool, NaiveDateTime)>(&mut conn).await?,
            archived.load::<(i64, bool, NaiveDateTime)>(&mut conn).await?,
        ))?;
        let read =
            read.into_iter().map(|(seq, read, at)| (Seq(seq), Exception { read, at: from_column(at) }));
        let archived = archived
            .into_iter()
            .map(|(seq, archived, at)| (Seq(seq), ArchiveException { archived, at: from_column(at) }));
        Ok(Receipts {
            marks: marks_from(marks),
            age: Age { archived_through: Seq(archived_through), deleted_through: Seq(deleted_through) },
            read: read.collect(),
            archived: archived.collect(),
        })
    }

    /// The positions that this person marked unread again, each with the campus that was told.
    pub async fn marked_unread(&self, user: UserId) -> Result<Vec<(Seq, Option<CampusId>)>, StoreError> {
        let unread = read_exception::user_id.eq(user.0).and(diesel::dsl::not(read_exception::is_read));
        let query =
            read_exception::table.filter(unread).select((read_exception::seq, read_exception::campus_id));
        let rows = read!(self, |conn| query.load::<(i64, i64)>(&mut conn).await?)?;
        let told = |campus| (campus != 0).then_some(CampusId(campus));
        Ok(rows.into_iter().map(|(seq, campus)| (Seq(seq), told(campus))).collect())
    }

    /// The positions up to and including `through` that this person took out of the archive.
    pub async fn taken_out(&self, user: UserId, through: Seq) -> Result<Vec<Seq>, StoreError> {
        let out = archive_exception::user_id
            .eq(user.0)
            .and(archive_exception::seq.le(through.0))
            .and(diesel::dsl::not(archive_exception::is_archived));
        let query = archive_exception::table.filter(out).select(archive_exception::seq);
        Ok(read!(self, |conn| query.load::<i64>(&mut conn).await?)?.into_iter().map(Seq).collect())
    }

    /// How often the receipts of these people, 10,000 at most, have changed; of those whose ever have.
    pub async fn revisions(&self, users: Vec<UserId>) -> Result<Vec<(UserId, i64)>, StoreError> {
        let query = reader::table
            .filter(reader::user_id.eq_any(users.into_iter().map(|user| user.0)).and(reader::revision.gt(0)))
            .select((reader::user_id, reader::revision));
        let rows = read!(self, |conn| query.load::<(i64, i64)>(&mut conn).await?)?;
        Ok(rows.into_iter().map(|(user, revision)| (UserId(user), revision)).collect())
    }

    /// How far this person has come; at the beginning, if they never did anything.
    pub async fn reader_state(&self, user: UserId) -> Result<ReaderState, StoreError> {
        let query = reader::table.find(user.0).select((
            reader::revision,
            reader::seen_through,
            reader::delivered_through,
        ));
        let row = read!(self, |conn| query.get_result::<(i64, i64, i64)>(&mut conn).await.optional()?)?;
        Ok(row.map_or_else(ReaderState::default, |(revision, seen, delivered)| ReaderState {
            revision,
            seen_through: Seq(seen),
            delivered_through: Seq(delivered),
        }))
    }
}
