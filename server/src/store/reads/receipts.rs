//! Reads of what people have read, seen, and been delivered.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::id::{Seq, UserId};
use crate::domain::receipts::{Exception, Marks};
use crate::store::convert::from_column;
use crate::store::rows::marks_from;
use crate::store::schema::{read_exception, read_mark, reader};
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

    /// That person's exceptions for these positions.
    pub async fn exceptions(
        &self,
        user: UserId,
        seqs: Vec<Seq>,
    ) -> Result<HashMap<Seq, Exception>, StoreError> {
        let seqs: Vec<i64> = seqs.into_iter().map(|seq| seq.0).collect();
        let exceptions = read_exception::table
            .filter(read_exception::user_id.eq(user.0).and(read_exception::seq.eq_any(seqs)))
            .select((read_exception::seq, read_exception::is_read, read_exception::at));
        let rows = read!(self, |conn| exceptions.load::<(i64, bool, NaiveDateTime)>(&mut conn).await?)?;
        let rows = rows.into_iter();
        Ok(rows.map(|(seq, read, at)| (Seq(seq), Exception { read, at: from_column(at) })).collect())
    }

    /// The positions that this person marked unread again.
    pub async fn marked_unread(&self, user: UserId) -> Result<Vec<Seq>, StoreError> {
        let unread = read_exception::user_id.eq(user.0).and(diesel::dsl::not(read_exception::is_read));
        let query = read_exception::table.filter(unread).select(read_exception::seq);
        Ok(read!(self, |conn| query.load::<i64>(&mut conn).await?)?.into_iter().map(Seq).collect())
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
