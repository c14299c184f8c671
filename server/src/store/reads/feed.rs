//! Reads of the index of feeds: the rows of one audience, in order, a chunk at a time; and how many there are.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;

use super::read;
use crate::domain::archive::ArchiveException;
use crate::domain::content::Priority;
use crate::domain::id::{CampusId, Seq, TypeId, UserId};
use crate::domain::receipts::Exception;
use crate::store::convert::{AudienceTerm, from_column, priority_column, to_column};
use crate::store::schema::{
    archive_exception, feed_entry, read_exception, recipient_list, recipient_list_member,
};
use crate::store::{Readers, Store, StoreError};

/// Long lists of somebody's that are found at once, at most.
const MOST_LISTED: i64 = 1_024;

/// One of the audiences that a person belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Everyone.
    System,
    /// A campus.
    Campus(CampusId),
    /// The person by name.
    User,
    /// The person by name, on long lists.
    Lists,
}

/// What to walk.
#[derive(Debug, Clone)]
pub struct FeedScan {
    /// Whose feed.
    pub user: UserId,
    /// Which part of it.
    pub source: Source,
    /// Only positions above this.
    pub above: Seq,
    /// Only positions below this.
    pub below: Seq,
    /// Only positions among these.
    pub among: Option<Vec<Seq>>,
    /// Only these types.
    pub types: Option<Vec<TypeId>>,
    /// Not these types.
    pub except_types: Vec<TypeId>,
    /// Only this urgent or more.
    pub min_priority: Option<Priority>,
    /// Not what is past its expiry at this moment.
    pub unexpired_at: Option<DateTime<Utc>>,
    /// Not what its reader archived.
    pub unarchived: bool,
    /// From the newest on, else from the oldest.
    pub newest_first: bool,
    /// At most so many.
    pub limit: i64,
}

/// One notification of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedRow {
    /// Its position.
    pub seq: Seq,
    /// The campus that was told.
    pub campus: Option<CampusId>,
    /// What its reader said of it alone.
    pub exception: Option<Exception>,
    /// What its reader said of its archiving.
    pub archive_exception: Option<ArchiveException>,
}

/// seq, what was said of it, what was said of its archiving
type ScannedRow = (i64, Option<(bool, NaiveDateTime)>, Option<(bool, NaiveDateTime)>);

impl Store {
    /// How many notifications were sent to each of these campuses after this position, the recalled ones among them;
    /// those with none are left out.
    pub async fn sent_to_campuses(
        &self,
        campuses: Vec<CampusId>,
        after: Seq,
    ) -> Result<HashMap<CampusId, i64>, StoreError> {
        let mut sent = HashMap::with_capacity(campuses.len());
        // SQLite takes at most 32,766 variables, PostgreSQL 65,535.
        for campuses in campuses.chunks(10_000) {
            let terms: Vec<i64> =
                campuses.iter().map(|campus| AudienceTerm::Campus(*campus).column()).collect();
            let query = feed_entry::table
                .filter(feed_entry::audience.eq_any(terms).and(feed_entry::seq.gt(after.0)))
                .group_by(feed_entry::audience)
                .select((feed_entry::audience, count_star()));
            let rows = read!(self, |conn| query.load::<(i64, i64)>(&mut conn).await?)?;
            sent.extend(rows.into_iter().filter_map(|(term, count)| match AudienceTerm::from_column(term) {
                AudienceTerm::Campus(campus) => Some((campus, count)),
                _ => None,
            }));
        }
        Ok(sent)
    }

    /// The next rows of a walk, `scan.limit` or some more; fewer where there are no more. Recalled notifications are not among
    /// them.
    pub async fn scan_feed(&self, mut scan: FeedScan) -> Result<Vec<FeedRow>, StoreError> {
        if scan.source != Source::Lists || scan.among.is_some() {
            return self.scan_rows(scan, None).await;
        }
        // A list is of one notification: to look all of somebody's lists up for each chunk would cost a seek for each.
        let (mut rows, mut chunk) = (Vec::new(), scan.limit);
        loop {
            let listed = self.listed(scan.clone(), chunk).await?;
            for lists in listed.chunks(self.most_lists()) {
                let lists = lists.iter().map(|(_, audience)| *audience).collect();
                let all_of_them = FeedScan { limit: MOST_LISTED, ..scan.clone() };
                rows.extend(self.scan_rows(all_of_them, Some(lists)).await?);
            }
            let are_all = i64::try_from(listed.len()).is_ok_and(|n| n < chunk);
            if are_all || i64::try_from(rows.len()).is_ok_and(|n| n >= scan.limit) {
                return Ok(rows);
            }
            if let Some((last, _)) = listed.last() {
                *(if scan.newest_first { &mut scan.below } else { &mut scan.above }) = Seq(*last);
            }
            // Where they were taken back or archived one by one, there are many to look through.
            chunk = MOST_LISTED.max(scan.limit);
        }
    }

    /// Long lists that are looked up at once, at most.
    fn most_lists(&self) -> usize {
        match self.readers {
            // With a thousand it would rather walk the whole log.
            Readers::Sqlite(_) => 256,
            // Each statement is planned anew.
            Readers::Postgres(_) => 1_024,
        }
    }

    /// The next positions of a walk whose long lists name its reader, each with the list as `feed_entry.audience` has it: those
    /// that have what the walk asks of type, priority and expiry, as the lists' members say without being looked up anywhere
    /// else. Where they do not say it, `scan_rows` does.
    async fn listed(&self, scan: FeedScan, limit: i64) -> Result<Vec<(i64, i64)>, StoreError> {
        let seq = recipient_list::seq.assume_not_null();
        // As `feed_entry.audience` numbers them.
        let of_member = recipient_list::id.eq(recipient_list_member::audience / 4);
        let query = recipient_list_member::table
            .inner_join(recipient_list::table.on(of_member))
            .filter(recipient_list_member::user_id.eq(scan.user.0))
            .filter(planned_each_time())
            .filter(recipient_list::seq.gt(scan.above.0).and(recipient_list::seq.lt(scan.below.0)))
            .select((seq, recipient_list_member::audience))
            .limit(limit);
        read!(self, |conn| {
            let (type_id, priority) = (recipient_list_member::type_id, recipient_list_member::priority);
            let expires_at = recipient_list_member::expires_at;
            let mut query = query.into_boxed();
            if let Some(types) = scan.types {
                query = query.filter(type_id.is_null().or(type_id.eq_any(types.into_iter().map(|id| id.0))));
            }
            if !scan.except_types.is_empty() {
                let except = scan.except_types.iter().map(|id| id.0);
                query = query.filter(type_id.is_null().or(type_id.ne_all(except)));
            }
            if let Some(least) = scan.min_priority {
                query = query.filter(priority.is_null().or(priority.ge(priority_column(least))));
            }
            if let Some(now) = scan.unexpired_at {
                query = query.filter(expires_at.is_null().or(expires_at.gt(to_column(now))));
            }
            query = if scan.newest_first { query.order(seq.desc()) } else { query.order(seq.asc()) };
            query.load::<(i64, i64)>(&mut conn).await?
        })
    }

    /// `lists` are those of [`Source::Lists`] that are looked through.
    async fn scan_rows(&self, scan: FeedScan, lists: Option<Vec<i64>>) -> Result<Vec<FeedRow>, StoreError> {
        let excepted = read_exception::seq.eq(feed_entry::seq).and(read_exception::user_id.eq(scan.user.0));
        let archived =
            archive_exception::seq.eq(feed_entry::seq).and(archive_exception::user_id.eq(scan.user.0));
        let query = feed_entry::table
            .left_join(read_exception::table.on(excepted))
            .left_join(archive_exception::table.on(archived))
            .filter(feed_entry::recalled.eq(false))
            .select((
                feed_entry::seq,
                (read_exception::is_read, read_exception::at).nullable(),
                (archive_exception::is_archived, archive_exception::at).nullable(),
            ))
            .limit(scan.limit);
        let (term, campus) = match scan.source {
            Source::System => (Some(AudienceTerm::System), None),
            Source::Campus(campus) => (Some(AudienceTerm::Campus(campus)), Some(campus)),
            Source::User => (Some(AudienceTerm::User(scan.user)), None),
            Source::Lists => (None, None),
        };
        let of_user = recipient_list_member::table.filter(recipient_list_member::user_id.eq(scan.user.0));
        let looked_up = scan.among.is_some() || lists.is_some();
        let rows = read!(self, |conn| {
            let mut query = query.into_boxed();
            if looked_up {
                query = query.filter(planned_each_time());
            }
            query = match (term, lists) {
                (Some(term), _) => query.filter(feed_entry::audience.eq(term.column())),
                (None, Some(lists)) => query.filter(feed_entry::audience.eq_any(lists)),
                // Of each position whether it is theirs, rather than each list at each position.
                (None, None) => query.filter(diesel::dsl::exists(
                    of_user.filter(recipient_list_member::audience.eq(feed_entry::audience)),
                )),
            };
            query = if let Some(among) = scan.among {
                // Without the range: SQLite might rather walk through all of that where there are many.
                let among = among.into_iter().filter(|seq| scan.above < *seq && *seq < scan.below);
                query.filter(feed_entry::seq.eq_any(among.map(|seq| seq.0)))
            } else {
                query.filter(feed_entry::seq.gt(scan.above.0).and(feed_entry::seq.lt(scan.below.0)))
            };
            if let Some(types) = scan.types {
                query = query.filter(feed_entry::type_id.eq_any(types.into_iter().map(|id| id.0)));
            }
            if !scan.except_types.is_empty() {
                query =
                    query.filter(feed_entry::type_id.ne_all(scan.except_types.into_iter().map(|id| id.0)));
            }
            if let Some(least) = scan.min_priority {
                query = query.filter(feed_entry::priority.ge(priority_column(least)));
            }
            if let Some(now) = scan.unexpired_at {
                query = query
                    .filter(feed_entry::expires_at.is_null().or(feed_entry::expires_at.gt(to_column(now))));
            }
            if scan.unarchived {
                let is_archived = archive_exception::is_archived.nullable();
                query = query.filter(is_archived.is_null().or(is_archived.eq(false)));
            }
            query = match (looked_up, scan.newest_first) {
                (false, true) => query.order(feed_entry::seq.desc()),
                (false, false) => query.order(feed_entry::seq.asc()),
                // A sum is in no index: PostgreSQL might rather walk all of the log in order than look up what is few.
                (true, true) => query.order((feed_entry::seq + 0_i64).desc()),
                (true, false) => query.order((feed_entry::seq + 0_i64).asc()),
            };
            query.load::<ScannedRow>(&mut conn).await?
        })?;
        Ok(rows
            .into_iter()
            .map(|(seq, exception, archive_exception)| FeedRow {
                seq: Seq(seq),
                campus,
                exception: exception.map(|(read, at)| Exception { read, at: from_column(at) }),
                archive_exception: archive_exception
                    .map(|(archived, at)| ArchiveException { archived, at: from_column(at) }),
            })
            .collect())
    }
}

/// Holds always, and has PostgreSQL plan a statement anew for each of its values instead of keeping it prepared: how it is best
/// found is another matter for three positions, or for somebody on three lists, than for a thousand, which a plan for any number
/// of them does not know.
fn planned_each_time() -> SqlLiteral<Bool> {
    sql("TRUE")
}
