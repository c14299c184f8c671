//! Writes a log into an empty database without the server: the same rows in the same tables as the server's log writes for
//! the same acts, which a test compares; but in large transactions, and nothing is synced before the end.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use campanile_server::domain::search::SearchText;
use campanile_server::store::text;
use chrono::{DateTime, NaiveDateTime, TimeDelta};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::log::{Act, Draft, TYPES, To};
use crate::content;
use crate::history::people;
use crate::tables::{
    app_user, campus, feed_entry, log_entry, log_head, membership, notification, notification_text,
    recipient_list, recipient_list_member, text_index,
};

/// What is left half-written is thrown away, so that nothing needs to be durable before the end.
const BEGIN: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -262144;
";
/// As the server leaves a file.
const END: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";

/// As much at once as is worth while.
const MERGE: &str = "INSERT INTO notification_text (notification_text, rank) VALUES ('merge', 10000)";

/// Acts of one transaction.
const AT_ONCE: usize = 50_000;
/// Entries of one group, as a server commits them that is not idle.
const GROUP: i64 = 8;
/// Recipients that are written with their notification, at most: `RECIPIENTS_AT_ONCE` of the server's log.
const BY_NAME: usize = 100;
/// 2026-01-01 00:00:00, in seconds.
const FROM: i64 = 1_767_225_600;
/// The whole log is of so many days.
const DAYS: i64 = 300;

/// Writes a directory and then acts.
pub(super) struct Bulk {
    connection: SqliteConnection,
    types: Vec<i32>,
    seq: i64,
    lists: i64,
    users: i64,
    members: BTreeMap<i64, i64>,
    /// From one entry to the next.
    step: TimeDelta,
}

/// A directory: users' keys and names, the first of whom is the sender, and campuses' keys.
pub(super) struct Directory<U> {
    pub(super) users: U,
    pub(super) campuses: Vec<String>,
}

impl Bulk {
    /// Into a database that the server's own code has made and nobody has open; `types` are its numbers of [`TYPES`]. About
    /// `entries` follow.
    pub(super) fn begin(
        database: &Path,
        types: Vec<i32>,
        entries: u32,
        directory: Directory<impl Iterator<Item = (String, String)>>,
    ) -> Result<Self> {
        let mut connection = SqliteConnection::establish(&database.to_string_lossy())
            .context("failed to open the database that is to be filled")?;
        connection.batch_execute(BEGIN)?;
        let step = TimeDelta::days(DAYS) / i32::try_from(entries.max(1))?;
        let mut bulk = Self { connection, types, seq: 0, lists: 0, users: 0, members: BTreeMap::new(), step };
        bulk.connection.batch_execute("BEGIN")?;
        for key in directory.campuses {
            bulk.campus(&key)?;
        }
        for (key, name) in directory.users {
            bulk.user(&key, &name)?;
        }
        bulk.connection.batch_execute("COMMIT")?;
        Ok(bulk)
    }

    /// Writes these acts; tells `progress` now and then how many.
    pub(super) fn write(&mut self, acts: impl Iterator<Item = Act>, progress: impl Fn(i64)) -> Result<()> {
        let mut acts = acts.peekable();
        while acts.peek().is_some() {
            self.connection.batch_execute("BEGIN")?;
            for act in acts.by_ref().take(AT_ONCE) {
                self.act(&act)?;
            }
            self.connection.batch_execute("COMMIT")?;
            progress(self.seq);
        }
        Ok(())
    }

    /// Writes the head, and leaves the file as the server would.
    pub(super) fn finish(mut self) -> Result<()> {
        diesel::update(log_head::table)
            .set((
                log_head::seq.eq(self.seq),
                log_head::created_at.eq(self.at(self.seq)),
                log_head::user_count.eq(self.users),
            ))
            .execute(&mut self.connection)?;
        for (id, members) in &self.members {
            diesel::update(campus::table.find(id))
                .set(campus::member_count.eq(members))
                .execute(&mut self.connection)?;
        }
        diesel::update(text_index::table)
            .set(text_index::indexed_through.eq(self.seq))
            .execute(&mut self.connection)?;
        self.merge_texts()?;
        Ok(self.connection.batch_execute(END)?)
    }

    /// Merges the index of texts until it has as few parts as the server's, which merges while it writes.
    fn merge_texts(&mut self) -> QueryResult<()> {
        let changes = |connection: &mut SqliteConnection| -> QueryResult<i64> {
            diesel::select(diesel::dsl::sql::<BigInt>("total_changes()")).get_result(connection)
        };
        loop {
            let before = changes(&mut self.connection)?;
            self.connection.batch_execute(MERGE)?;
            // As SQLite's documentation has it: the statement itself counts as one change.
            if changes(&mut self.connection)? < before + 2 {
                return Ok(());
            }
        }
    }

    fn at(&self, seq: i64) -> NaiveDateTime {
        let from = DateTime::from_timestamp(FROM, 0).unwrap_or_default();
        let steps = i32::try_from(seq).unwrap_or(i32::MAX);
        (from + self.step * steps).naive_utc()
    }

    fn campus(&mut self, key: &str) -> QueryResult<()> {
        diesel::insert_into(campus::table)
            .values((
                campus::key.eq(key),
                campus::name.eq(content::CAMPUS_NAME),
                campus::timezone.eq(content::TIMEZONE),
            ))
            .execute(&mut self.connection)
            .map(drop)
    }

    fn user(&mut self, key: &str, name: &str) -> QueryResult<()> {
        // The sender is the first, and a service.
        let role = i16::from(self.users == 0);
        self.users += 1;
        diesel::insert_into(app_user::table)
            .values((
                app_user::key.eq(key),
                app_user::name.eq(name),
                app_user::role.eq(role),
                app_user::known.eq(true),
            ))
            .execute(&mut self.connection)
            .map(drop)
    }

    fn act(&mut self, act: &Act) -> QueryResult<()> {
        self.seq += 1;
        match act {
            Act::Join { user, campus } => self.join(*user, *campus),
            Act::Publish(draft) => self.publish(draft),
        }
    }

    fn join(&mut self, user: i64, campus: i64) -> QueryResult<()> {
        *self.members.entry(campus).or_default() += 1;
        diesel::insert_into(membership::table)
            .values((
                membership::user_id.eq(user),
                membership::campus_id.eq(campus),
                membership::role.eq(0),
                membership::since_seq.eq(self.seq),
                membership::since_at.eq(self.at(self.seq)),
            ))
            .execute(&mut self.connection)?;
        self.entry(3, Some((user, campus)))
    }

    fn publish(&mut self, draft: &Draft) -> QueryResult<()> {
        let (kind, campus_id, audience_size) = match &draft.to {
            To::Everyone => (0_i16, None, self.users),
            To::Campus(campus) => (1, Some(*campus), self.members.get(campus).copied().unwrap_or(0)),
            To::Users(users) => (2, None, i64::try_from(users.len()).unwrap_or(i64::MAX)),
        };
        diesel::insert_into(notification::table)
            .values((
                notification::seq.eq(self.seq),
                notification::created_at.eq(self.at(self.seq)),
                notification::audience_kind.eq(kind),
                notification::campus_id.eq(campus_id),
                notification::audience_size.eq(audience_size),
                notification::type_id.eq(self.types[draft.kind]),
                notification::priority.eq(draft.priority),
                notification::title.eq(&draft.title),
                notification::message.eq(&draft.message),
                notification::event_id.eq(draft.event_id()),
                notification::attendance_id.eq(None::<String>),
                notification::action_url.eq(draft.action_url()),
                notification::metadata.eq(None::<String>),
                notification::expires_at.eq(draft.expires_at()),
                // The sender is the first user.
                notification::sender_id.eq(1),
            ))
            .execute(&mut self.connection)?;
        let audiences = match &draft.to {
            To::Everyone => vec![0],
            To::Campus(campus) => vec![4 * campus + 1],
            To::Users(users) if users.len() > BY_NAME => {
                let list = self.list(draft, users)?;
                self.feed_entry(draft, list)?;
                self.text(draft, &[text::ANY_LIST])?;
                return self.entry(1, None);
            }
            To::Users(users) => users.iter().map(|user| 4 * user + 2).collect(),
        };
        audiences.iter().try_for_each(|audience| self.feed_entry(draft, *audience))?;
        self.text(draft, &audiences)?;
        self.entry(1, None)
    }

    /// Puts its text into the index.
    fn text(&mut self, draft: &Draft, audiences: &[i64]) -> QueryResult<()> {
        let (terms, _) = text::terms(audiences, &SearchText::of(&draft.title, &draft.message));
        diesel::insert_into(notification_text::table)
            .values((notification_text::rowid.eq(self.seq), notification_text::terms.eq(terms)))
            .execute(&mut self.connection)
            .map(drop)
    }

    fn feed_entry(&mut self, draft: &Draft, audience: i64) -> QueryResult<()> {
        diesel::insert_into(feed_entry::table)
            .values((
                feed_entry::audience.eq(audience),
                feed_entry::seq.eq(self.seq),
                feed_entry::type_id.eq(self.types[draft.kind]),
                feed_entry::priority.eq(draft.priority),
                feed_entry::expires_at.eq(draft.expires_at()),
                feed_entry::recalled.eq(false),
            ))
            .execute(&mut self.connection)
            .map(drop)
    }

    fn list(&mut self, draft: &Draft, users: &[i64]) -> QueryResult<i64> {
        self.lists += 1;
        diesel::insert_into(recipient_list::table)
            .values((
                recipient_list::id.eq(self.lists),
                recipient_list::created_at.eq(self.at(self.seq)),
                recipient_list::seq.eq(Some(self.seq)),
            ))
            .execute(&mut self.connection)?;
        let audience = 4 * self.lists + 3;
        for user in users {
            diesel::insert_into(recipient_list_member::table)
                .values((
                    recipient_list_member::user_id.eq(user),
                    recipient_list_member::audience.eq(audience),
                    recipient_list_member::type_id.eq(self.types[draft.kind]),
                    recipient_list_member::priority.eq(draft.priority),
                    recipient_list_member::expires_at.eq(draft.expires_at()),
                ))
                .execute(&mut self.connection)?;
        }
        Ok(audience)
    }

    fn entry(&mut self, kind: i16, of: Option<(i64, i64)>) -> QueryResult<()> {
        // Far apart, as random ones are.
        let group = (self.seq / GROUP).wrapping_mul(0x5851_f42d_4c95_7f2d) & i64::MAX;
        diesel::insert_into(log_entry::table)
            .values((
                log_entry::seq.eq(self.seq),
                log_entry::group_id.eq(group),
                log_entry::kind.eq(kind),
                log_entry::created_at.eq(self.at(self.seq)),
                log_entry::user_id.eq(of.map(|(user, _)| user)),
                log_entry::campus_id.eq(of.map(|(_, campus)| campus)),
                // A member's.
                log_entry::role.eq(of.map(|_| 0_i16)),
                log_entry::target_seq.eq(None::<i64>),
            ))
            .execute(&mut self.connection)
            .map(drop)
    }
}

impl Draft {
    pub(super) fn event_id(&self) -> String {
        format!("event-{}", self.event)
    }

    pub(super) fn action_url(&self) -> String {
        format!("/events/{}", self.event)
    }

    pub(super) fn expires_at(&self) -> Option<NaiveDateTime> {
        let later = DateTime::from_timestamp(FROM, 0).unwrap_or_default() + TimeDelta::days(36_500);
        self.expires.then(|| later.naive_utc())
    }
}

/// The directory of [`people`].
pub(super) fn directory() -> Directory<impl Iterator<Item = (String, String)>> {
    Directory { users: people::users(), campuses: (1..=people::CAMPUSES).map(people::campus_key).collect() }
}

/// How many [`TYPES`] there are.
pub(super) fn type_names() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, _)| *name)
}
