//! For how long what the server does by itself keeps everybody who writes waiting: a batch of deletions of what is too old, a
//! batch of texts for the index. With the server's own store and log, on a copy of a filled database.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use campanile_server::clock::Clock;
use campanile_server::domain::age::{FIRST_ROWS, next_batch};
use campanile_server::domain::notification_type;
use campanile_server::log::Log;
use campanile_server::store::{DatabaseUrl, Store};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use super::kept::Filled;
use super::measure::Sample;
use crate::statistics::percentile_ms;

/// As it is chosen on the command line.
pub(super) const NAME: &str = "upkeep";

/// What is too old, and what the index lacks: half of the log, and the newest twenty thousand.
const OVERDUE: &str = "
    UPDATE log_head SET deleted_through = seq / 2;
    UPDATE text_index SET indexed_through = max(indexed_through - 20000, indexed_through / 2);
    DELETE FROM notification_text WHERE rowid > (SELECT indexed_through FROM text_index);
";

/// What batches of one kind took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Batches {
    /// By batch.
    pub(super) sample: Sample,
    /// The longest of all.
    pub(super) most_ms: Option<f64>,
}

/// One round: batches of deletions, each as long as it holds the writer, commit aside; and batches of texts, each from being
/// read to being committed.
pub(super) async fn round(filled: &Filled, at_most: Duration) -> Result<[Batches; 2]> {
    let folder = tempfile::tempdir_in(filled.folder.parent().unwrap_or(&filled.folder))?;
    let database = folder.path().join("campanile.db");
    let (from, to) = (filled.database(), database.clone());
    tokio::task::spawn_blocking(move || copy(&from, &to)).await??;
    let url = DatabaseUrl::Sqlite(database);
    let store = Arc::new(Store::open(&url, notification_type::built_in(), Clock::system()).await?);
    let (log, mut tail) = Log::start(Arc::clone(&store)).await?;
    let following = tokio::spawn(async move { while tail.next().await.is_some() {} });
    let measured = async { Ok([deletions(&log, at_most).await?, texts(&log, &store, at_most).await?]) };
    let measured = measured.await;
    drop(log);
    following.await?;
    store.close().await;
    measured
}

async fn deletions(log: &Log, at_most: Duration) -> Result<Batches> {
    let (began, mut held, mut rows) = (Instant::now(), Vec::new(), FIRST_ROWS);
    while began.elapsed() < at_most {
        // As the server goes on.
        let deleted = log.delete_aged(rows).await?;
        if deleted.rows < rows {
            break;
        }
        held.push(deleted.held);
        rows = next_batch(rows, deleted.held);
    }
    Ok(Batches::of(&held))
}

async fn texts(log: &Log, store: &Store, at_most: Duration) -> Result<Batches> {
    let (began, mut took) = (Instant::now(), Vec::new());
    while began.elapsed() < at_most {
        let from = Instant::now();
        let more = log.index_text(store).await?;
        took.push(from.elapsed());
        if !more {
            break;
        }
    }
    Ok(Batches::of(&took))
}

impl Batches {
    fn of(times: &[Duration]) -> Self {
        let sample = Sample {
            p50_ms: percentile_ms(times, 50),
            p99_ms: percentile_ms(times, 99),
            calls: times.len(),
            ..Sample::default()
        };
        Self { sample, most_ms: percentile_ms(times, 100) }
    }
}

/// A server may have it open, whose last writes are beside the file.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let path = to.to_string_lossy().replace('\'', "''");
    SqliteConnection::establish(&from.to_string_lossy())?.batch_execute(&format!("VACUUM INTO '{path}'"))?;
    SqliteConnection::establish(&to.to_string_lossy())?.batch_execute(OVERDUE)?;
    Ok(())
}
