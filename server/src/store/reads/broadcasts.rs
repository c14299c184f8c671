//! Reads of broadcasts: one, pages, and what is due.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::broadcast::Broadcast;
use crate::domain::entry::Idempotency;
use crate::domain::id::{BroadcastId, CampusId, UserId};
use crate::store::convert::{from_column, to_column};
use crate::store::rows::{
    BroadcastColumns, BroadcastRow, NotificationRow, UnsentRow, broadcast_from, columns,
};
use crate::store::schema::{app_user, broadcast, idempotency, log_head, notification, unsent};
use crate::store::{Store, StoreError};

/// Where a scheduled broadcast stands among those that wait: by its time, then by its id.
pub type Due = (DateTime<Utc>, BroadcastId);

impl Store {
    /// That broadcast; `None` where there is none, and where it has been deleted for its age.
    pub async fn broadcast(&self, id: BroadcastId) -> Result<Option<Broadcast>, StoreError> {
        Ok(self.load_broadcasts(None, Span::Only(id), 1).await?.pop())
    }

    /// At most `limit` broadcasts, the newest first, of those older than `before`: of these campuses, or all there are for
    /// `None`.
    pub async fn broadcasts(
        &self,
        campuses: Option<Vec<CampusId>>,
        before: Option<BroadcastId>,
        limit: usize,
    ) -> Result<Vec<Broadcast>, StoreError> {
        let before = Span::Before(before.unwrap_or(BroadcastId(i64::MAX)));
        let Some(campuses) = campuses else { return self.load_broadcasts(None, before, limit).await };
        // One campus at a time is in order by itself; all of them together would have to be sorted, however many there are.
        let mut newest = Vec::new();
        for campus in campuses {
            newest.extend(self.load_broadcasts(Some(campus), before, limit).await?);
        }
        newest.sort_by_key(|broadcast| std::cmp::Reverse(broadcast.id));
        newest.truncate(limit);
        Ok(newest)
    }

    /// At most `limit` scheduled broadcasts whose time has come at `now`, in the order in which they are to be sent: those
    /// that stand after `after`.
    pub async fn due_broadcasts(
        &self,
        now: DateTime<Utc>,
        after: Option<Due>,
        limit: i64,
    ) -> Result<Vec<Due>, StoreError> {
        let (at, id) = after.unwrap_or((DateTime::UNIX_EPOCH, BroadcastId(0)));
        let at = to_column(at);
        let query = broadcast::table
            // As the index has it: of a number that is bound, SQLite could not know that it is this one.
            .filter(diesel::dsl::sql::<Bool>("state = 0"))
            .filter(broadcast::send_at.le(to_column(now)).and(broadcast::send_at.ge(at)))
            .filter(broadcast::send_at.gt(at).or(broadcast::id.gt(id.0)))
            .order((broadcast::send_at, broadcast::id))
            .limit(limit)
            .select((broadcast::send_at.assume_not_null(), broadcast::id));
        let rows = read!(self, |conn| query.load::<(NaiveDateTime, i64)>(&mut conn).await?)?;
        Ok(rows.into_iter().map(|(at, id)| (from_column(at), BroadcastId(id))).collect())
    }

    /// Whether it is remembered at `now` that this sender has used that idempotency key.
    pub async fn has_used_key(
        &self,
        sender: UserId,
        key: String,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let used = idempotency::table
            .find((sender.0, key))
            .filter(idempotency::created_at.gt(to_column(now - Idempotency::KEPT)))
            .select(idempotency::created_at);
        let used = read!(self, |conn| used.get_result::<NaiveDateTime>(&mut conn).await.optional()?)?;
        Ok(used.is_some())
    }

    async fn load_broadcasts(
        &self,
        of: Option<CampusId>,
        span: Span,
        limit: usize,
    ) -> Result<Vec<Broadcast>, StoreError> {
        let is_kept = notification::seq.nullable().gt(log_head::deleted_through.nullable());
        let query = broadcast::table
            .inner_join(app_user::table.on(app_user::id.eq(broadcast::sender_id)))
            .left_join(notification::table.on(broadcast::seq.eq(notification::seq.nullable())))
            .left_join(unsent::table.on(unsent::broadcast_id.eq(broadcast::id)))
            .inner_join(log_head::table.on(log_head::id.eq(1)))
            // What it said may have been deleted for its age, or is about to be.
            .filter(is_kept.or(unsent::broadcast_id.is_not_null()))
            .order(broadcast::id.desc())
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .select((
                columns::<BroadcastRow>(),
                (app_user::id, app_user::key, app_user::name),
                columns::<Option<NotificationRow>>(),
                columns::<Option<UnsentRow>>(),
            ));
        let rows = read!(self, |conn| {
            let mut query = query.into_boxed();
            if let Some(campus) = of {
                query = query.filter(broadcast::campus_id.eq(campus.0));
            }
            query = match span {
                Span::Only(id) => query.filter(broadcast::id.eq(id.0)),
                Span::Before(id) => query.filter(broadcast::id.lt(id.0)),
            };
            query.load::<BroadcastColumns>(&mut conn).await?
        })?;
        Ok(rows.into_iter().filter_map(broadcast_from).collect())
    }
}

#[derive(Clone, Copy)]
enum Span {
    Only(BroadcastId),
    Before(BroadcastId),
}
