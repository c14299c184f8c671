//! What the log is measured against: the same rows in the same tables, by plain diesel on one connection, one
//! transaction per publish. As fast as that can be: no channel, no task, no answer to anybody.

use std::path::Path;

use anyhow::Result;
use campanile_server::clock::Clock;
use campanile_server::domain::entry::{Idempotency, Publication};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::Measured;
use super::log::Opened;
use super::message::Scene;
use super::written::Written;
use crate::load::{Load, Worker, drive};
use crate::tables::{campus, feed_entry, idempotency, log_entry, log_head, notification};

/// As the store's own writer has them.
const PRAGMAS: &str = "
    PRAGMA busy_timeout = 2000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -32768;
";

/// One connection that publishes.
pub(super) struct Plain {
    connection: SqliteConnection,
    clock: Clock,
    scene: Scene,
    keyed: bool,
}

impl Plain {
    /// Makes a database at `path` as the store makes it, closes it and opens it anew.
    pub(super) async fn make(path: &Path, keyed: bool) -> Result<Self> {
        let opened = Opened::make(path).await?;
        let scene = opened.scene.clone();
        opened.close().await?;
        let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
        connection.batch_execute(PRAGMAS)?;
        Ok(Self { connection, clock: Clock::system(), scene, keyed })
    }

    /// Publishes and commits. Blocks.
    pub(super) fn publish(&mut self, ticket: u32) -> QueryResult<()> {
        let publication = self.scene.publication(ticket, self.keyed);
        let at = self.clock.now().naive_utc();
        self.connection.batch_execute("BEGIN IMMEDIATE")?;
        write(&mut self.connection, &publication, self.scene.campus.0, at)?;
        self.connection.batch_execute("COMMIT")
    }
}

impl Worker for Plain {
    async fn once(&mut self, ticket: u32) -> Result<()> {
        // Blocks a thread of the runtime, which has nothing else to do.
        Ok(self.publish(ticket)?)
    }
}

/// One publisher without the log.
pub(super) async fn measure(folder: &Path, keyed: bool, load: Load) -> Result<Measured> {
    let path = folder.join("baseline.db");
    let plain = Plain::make(&path, keyed).await?;
    let outcome = drive(vec![plain], load, std::process::id()).await?;
    Ok(Measured { written: Written::count(&path, outcome.done)?, outcome, publishes: 1 })
}

fn write(
    connection: &mut SqliteConnection,
    publication: &Publication,
    campus_id: i64,
    at: chrono::NaiveDateTime,
) -> QueryResult<()> {
    let (content, sender) = (&publication.content, publication.sender.id.0);
    let head = log_head::table.select((log_head::seq, log_head::created_at, log_head::user_count));
    let (last, last_at, user_count) = head.get_result::<(i64, chrono::NaiveDateTime, i64)>(connection)?;
    let (seq, at) = (last + 1, at.max(last_at));
    if let Some(used) = &publication.idempotency {
        claim(connection, used, sender, seq, at)?;
    }
    let members: i64 = campus::table.find(campus_id).select(campus::member_count).first(connection)?;
    diesel::insert_into(notification::table)
        .values((
            notification::seq.eq(seq),
            notification::created_at.eq(at),
            notification::audience_kind.eq(1_i16),
            notification::campus_id.eq(Some(campus_id)),
            notification::audience_size.eq(members),
            notification::type_id.eq(content.type_id.0),
            notification::priority.eq(1_i16),
            notification::title.eq(&content.title),
            notification::message.eq(&content.message),
            notification::event_id.eq(&content.data.event_id),
            notification::attendance_id.eq(&content.data.attendance_id),
            notification::action_url.eq(&content.data.action_url),
            notification::metadata.eq(None::<String>),
            notification::expires_at.eq(None::<chrono::NaiveDateTime>),
            notification::sender_id.eq(sender),
        ))
        .execute(connection)?;
    diesel::insert_into(feed_entry::table)
        .values((
            feed_entry::audience.eq(4 * campus_id + 1),
            feed_entry::seq.eq(seq),
            feed_entry::type_id.eq(content.type_id.0),
            feed_entry::priority.eq(1_i16),
            feed_entry::expires_at.eq(None::<chrono::NaiveDateTime>),
            feed_entry::recalled.eq(false),
        ))
        .execute(connection)?;
    diesel::insert_into(log_entry::table)
        .values((
            log_entry::seq.eq(seq),
            log_entry::group_id.eq(seq),
            log_entry::kind.eq(1_i16),
            log_entry::created_at.eq(at),
            log_entry::user_id.eq(None::<i64>),
            log_entry::campus_id.eq(None::<i64>),
            log_entry::role.eq(None::<i16>),
            log_entry::target_seq.eq(None::<i64>),
        ))
        .execute(connection)?;
    diesel::update(log_head::table)
        .set((log_head::seq.eq(seq), log_head::created_at.eq(at), log_head::user_count.eq(user_count)))
        .execute(connection)
        .map(drop)
}

fn claim(
    connection: &mut SqliteConnection,
    used: &Idempotency,
    sender: i64,
    seq: i64,
    at: chrono::NaiveDateTime,
) -> QueryResult<()> {
    let claimed = diesel::insert_or_ignore_into(idempotency::table)
        .values((
            idempotency::sender_id.eq(sender),
            idempotency::key.eq(&used.key),
            idempotency::fingerprint.eq(used.fingerprint.as_slice()),
            idempotency::seq.eq(seq),
            idempotency::created_at.eq(at),
        ))
        .execute(connection)?;
    // Every key of a benchmark is new.
    (claimed == 1).then_some(()).ok_or(diesel::result::Error::RollbackTransaction)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row that a publish writes, less what differs by chance: times, groups, the log's epoch.
    const ROWS: &str = "
        SELECT 'head ' || seq || ' ' || user_count AS row FROM log_head
        UNION ALL SELECT 'entry ' || quote(seq) || quote(kind) || quote(user_id) || quote(campus_id) || quote(role)
            || quote(target_seq) FROM log_entry
        UNION ALL SELECT 'notification ' || quote(seq) || quote(audience_kind) || quote(campus_id)
            || quote(audience_size) || quote(type_id) || quote(priority) || quote(title) || quote(message)
            || quote(event_id) || quote(attendance_id) || quote(action_url) || quote(metadata) || quote(expires_at)
            || quote(sender_id) || quote(recalled_seq) FROM notification
        UNION ALL SELECT 'feed ' || quote(audience) || quote(seq) || quote(type_id) || quote(priority)
            || quote(expires_at) || quote(recalled) FROM feed_entry
        UNION ALL SELECT 'key ' || quote(sender_id) || quote(key) || quote(fingerprint) || quote(seq) FROM idempotency
        ORDER BY row";

    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        row: String,
    }

    fn rows(database: &Path) -> Vec<String> {
        let mut connection = SqliteConnection::establish(&database.to_string_lossy()).unwrap();
        let rows: Vec<Row> = diesel::sql_query(ROWS).load(&mut connection).unwrap();
        rows.into_iter().map(|row| row.row).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn it_writes_the_rows_that_the_log_writes() {
        let folder = tempfile::tempdir().unwrap();
        for keyed in [false, true] {
            let by_log = folder.path().join(format!("log-{keyed}.db"));
            let by_hand = folder.path().join(format!("hand-{keyed}.db"));
            let opened = Opened::make(&by_log).await.unwrap();
            let mut plain = Plain::make(&by_hand, keyed).await.unwrap();
            for ticket in 0..3 {
                opened.publish(ticket, keyed).await.unwrap();
                plain.publish(ticket).unwrap();
            }
            opened.close().await.unwrap();
            drop(plain);
            let expected = rows(&by_log);
            assert_eq!(expected.len(), if keyed { 1 + 4 * 3 } else { 1 + 3 * 3 });
            assert_eq!(rows(&by_hand), expected);
        }
    }
}
