//! Reads of how the log grows old.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::age::{Age, Progress};
use crate::domain::id::Seq;
use crate::store::convert::from_column;
use crate::store::schema::{log_entry, log_head};
use crate::store::{Store, StoreError};

/// Those of what is archived, and of what is deleted.
type Moments = (Option<NaiveDateTime>, Option<NaiveDateTime>);

impl Store {
    /// Up to which positions, and which moments of log time, the log has aged. One statement, so that they belong together.
    pub async fn aging(&self) -> Result<(Age, Progress), StoreError> {
        let positions = (log_head::archived_through, log_head::deleted_through);
        let moments = (log_head::archived_until, log_head::deleted_until);
        let query = log_head::table.select((positions, moments, log_head::age_moves));
        let ((archived, deleted), (archived_until, deleted_until), moves) =
            read!(self, |conn| query.get_result::<((i64, i64), Moments, i64)>(&mut conn).await?)?;
        let age = Age { archived_through: Seq(archived), deleted_through: Seq(deleted) };
        let (archived_until, deleted_until) =
            (archived_until.map(from_column), deleted_until.map(from_column));
        Ok((age, Progress { moves, archived_until, deleted_until }))
    }

    /// When the first entry that is still there was committed.
    pub async fn first_entry_at(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let query = log_entry::table.order(log_entry::seq).select(log_entry::created_at);
        let first = read!(self, |conn| query.first::<NaiveDateTime>(&mut conn).await.optional()?)?;
        Ok(first.map(from_column))
    }
}
