//! Reads of the log itself.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::age::Age;
use crate::domain::entry::{Change, Entry, Notification};
use crate::domain::id::{CampusId, Seq, UserId};
use crate::store::convert::{campus_role, from_column, to_column};
use crate::store::life::{Sight, went_backwards};
use crate::store::schema::{log_entry, log_head, notification};
use crate::store::settings::Resolver;
use crate::store::{Store, StoreError};

/// The end of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Which life of the log.
    pub epoch: Arc<str>,
    /// The position of the last entry.
    pub seq: Seq,
}

/// Why it is not known where the log ends.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum LookError {
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It ends before what was seen of it: an older state has been put in its place.
    #[error("the log ends before what was seen of it")]
    WentBackwards,
}

/// seq, kind, `created_at`, user, campus, role, target, detail
type EntryRow = (i64, i16, NaiveDateTime, Option<i64>, Option<i64>, Option<i16>, Option<i64>, Option<String>);

impl Store {
    /// The end of the log, as committed.
    pub async fn head(&self) -> Result<Head, StoreError> {
        let query = log_head::table.select((log_head::epoch, log_head::seq));
        let (epoch, seq) = read!(self, |conn| query.get_result::<(String, i64)>(&mut conn).await?)?;
        Ok(Head { epoch: epoch.into(), seq: Seq(seq) })
    }

    /// Looks where the log ends, what other servers have written included, and takes note of it; gives how far it has aged.
    /// Fails where it ends before what was seen of it already.
    pub(crate) async fn look(&self) -> Result<Seq, LookError> {
        let before = self.life.now();
        let query = log_head::table.select((log_head::epoch, log_head::seq, log_head::deleted_through));
        let (epoch, seq, deleted) =
            read!(self, |conn| query.get_result::<(String, i64, i64)>(&mut conn).await?)?;
        if went_backwards(&before, &epoch, Seq(seq)) {
            return Err(LookError::WentBackwards);
        }
        let head = Head { epoch: epoch.into(), seq: Seq(seq) };
        self.life.note(Sight { before: before.epoch, head });
        Ok(Seq(deleted))
    }

    /// How many users the directory knows: to how many a system-wide notification is addressed.
    pub async fn user_count(&self) -> Result<i64, StoreError> {
        let query = log_head::table.select(log_head::user_count);
        read!(self, |conn| query.get_result(&mut conn).await?)
    }

    /// How far the log has aged.
    pub async fn age(&self) -> Result<Age, StoreError> {
        let query = log_head::table.select((log_head::archived_through, log_head::deleted_through));
        let (archived, deleted) = read!(self, |conn| query.get_result::<(i64, i64)>(&mut conn).await?)?;
        Ok(Age { archived_through: Seq(archived), deleted_through: Seq(deleted) })
    }

    /// At most `limit` entries after `after`, up to and including `through`, in order.
    pub async fn entries(&self, after: Seq, through: Seq, limit: i64) -> Result<Vec<Arc<Entry>>, StoreError> {
        let range = log_entry::seq.gt(after.0).and(log_entry::seq.le(through.0));
        let query = log_entry::table.filter(range).order(log_entry::seq).limit(limit).select((
            log_entry::seq,
            log_entry::kind,
            log_entry::created_at,
            log_entry::user_id,
            log_entry::campus_id,
            log_entry::role,
            log_entry::target_seq,
            log_entry::detail,
        ));
        let rows = read!(self, |conn| query.load::<EntryRow>(&mut conn).await?)?;
        let named = rows.iter().filter_map(notification_of).collect();
        let notifications = self.notifications(named).await?;
        let entry = |row| Arc::new(entry_from(row, &notifications, &self.resolver));
        Ok(rows.iter().map(entry).collect())
    }

    /// When the notification at this position was taken back, if it was.
    pub async fn recalled_at(&self, seq: Seq) -> Result<Option<DateTime<Utc>>, StoreError> {
        let recalled = notification::recalled_seq.eq(log_entry::seq.nullable());
        let query = notification::table
            .inner_join(log_entry::table.on(recalled))
            .filter(notification::seq.eq(seq.0))
            .select(log_entry::created_at);
        let at = read!(self, |conn| query.get_result::<NaiveDateTime>(&mut conn).await.optional()?)?;
        Ok(at.map(from_column))
    }

    /// The last position whose entry was committed before `moment`. Time follows position, so this splits the log.
    pub async fn last_before(&self, moment: DateTime<Utc>) -> Result<Seq, StoreError> {
        let query = log_entry::table
            .filter(log_entry::created_at.lt(to_column(moment)))
            .order((log_entry::created_at.desc(), log_entry::seq.desc()))
            .select(log_entry::seq);
        let seq = read!(self, |conn| query.first::<i64>(&mut conn).await.optional()?)?;
        Ok(seq.map_or(Seq::ZERO, Seq))
    }
}

/// The notification that an entry is about.
fn notification_of((seq, kind, .., target, _): &EntryRow) -> Option<Seq> {
    match kind {
        1 => Some(Seq(*seq)),
        2 => target.map(Seq),
        _ => None,
    }
}

fn entry_from(row: &EntryRow, notifications: &HashMap<Seq, Arc<Notification>>, resolver: &Resolver) -> Entry {
    let (seq, kind, created_at, user, campus, role, _, detail) = row;
    let notification = notification_of(row).and_then(|seq| notifications.get(&seq)).cloned();
    let change = match (kind, notification, user.map(UserId), campus.map(CampusId)) {
        (1, Some(notification), ..) => Change::Added(notification),
        (2, Some(notification), ..) => Change::Recalled(notification),
        (3, _, Some(user), Some(campus)) => Change::Membership { user, campus, role: role.map(campus_role) },
        (4, _, Some(user), _) => {
            Change::Preferences { user, preferences: resolver.stated(detail.as_deref()) }
        }
        (5, _, Some(user), _) => Change::Standing { user },
        _ => Change::Unknown,
    };
    Entry { seq: Seq(*seq), created_at: from_column(*created_at), change }
}
