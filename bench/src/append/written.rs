//! What a measurement left in its database, counted after the fact: figures are of durable publishes, not of answers.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use diesel::dsl::{count, count_star, max};
use diesel::prelude::*;

use crate::tables::{feed_entry, log_entry, notification};

/// `log_entry.kind` of a publish.
const ADDED: i16 = 1;

/// What is in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// Notifications.
    pub(super) publishes: u32,
    /// Transactions that published any.
    pub(super) commits: u32,
}

impl Written {
    /// Counts it, in a database that nobody uses any more; it must be exactly `expected` publishes.
    pub(super) fn count(database: &Path, expected: u32) -> Result<Self> {
        let mut connection = SqliteConnection::establish(&database.to_string_lossy())
            .context("failed to open the database that was written")?;
        let publishes: i64 = notification::table.count().get_result(&mut connection)?;
        let in_feeds: i64 = feed_entry::table.count().get_result(&mut connection)?;
        let added = log_entry::table.filter(log_entry::kind.eq(ADDED));
        let in_log: i64 = added.count().get_result(&mut connection)?;
        ensure!(
            [publishes, in_feeds, in_log] == [i64::from(expected); 3],
            "{expected} publishes were acknowledged, but the database has {publishes} notifications, {in_feeds} \
             entries of feeds and {in_log} of the log"
        );
        let (entries, last): (i64, Option<i64>) =
            log_entry::table.select((count_star(), max(log_entry::seq))).first(&mut connection)?;
        ensure!(last.unwrap_or(0) == entries, "the log has holes: {entries} entries up to {last:?}");
        let commits: i64 =
            added.select(count(log_entry::group_id).aggregate_distinct()).first(&mut connection)?;
        Ok(Self { publishes: expected, commits: u32::try_from(commits)? })
    }
}
