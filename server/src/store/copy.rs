//! Moves a SQLite database whole into an empty PostgreSQL one: positions, ids and epoch kept.
//!
//! Which tables and columns there are, the databases say themselves (`catalogue`); both must say the same. Everything happens in
//! one transaction of PostgreSQL, with what is refused, loaded and compared: whoever is cut off leaves nothing behind. Nothing
//! is written to the file, and memory is bounded, however large it is.

mod catalogue;
mod error;
mod source;
mod target;

use std::sync::Arc;

use tokio::sync::mpsc;

use catalogue::Table;
use source::{Chunk, Source};
use target::Target;

pub use error::CopyError;

use super::DatabaseUrl;

/// The index of texts is not copied but made anew: SQLite keeps no words, only where they are.
const INDEX: &str = "notification_text";
/// Chunks that wait to be sent, at most.
const WAITING: usize = 8;

/// How far a copy has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// There are so many rows to copy.
    Begun {
        /// Those of all tables.
        rows: u64,
    },
    /// The rows of this table come next.
    Copying {
        /// Its name.
        table: &'a str,
        /// How many it has.
        rows: u64,
    },
    /// So many more have been sent.
    Sent {
        /// Since the last such step.
        rows: u64,
    },
    /// All rows are there; PostgreSQL makes the indexes that speed things up, and looks whether what refers to something finds it.
    Indexing,
    /// Both databases add up what they have in this table.
    Comparing {
        /// Its name.
        table: &'a str,
    },
}

/// What a table was found to hold, on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Its name.
    pub table: String,
    /// Its rows.
    pub rows: u64,
    /// A sum over what each row says, in whatever order.
    pub checksum: u64,
}

/// Copies everything that `from` has into `to`, and tells `tell` how far it has come.
///
/// Fails, with nothing done, where a server has `from` open, where `to` holds anything, and where the two are found to differ at
/// the end.
pub async fn copy(
    from: &DatabaseUrl,
    to: &DatabaseUrl,
    mut tell: impl FnMut(Step<'_>),
) -> Result<Vec<Copied>, CopyError> {
    let (DatabaseUrl::Sqlite(path), DatabaseUrl::Postgres(address)) = (from, to) else {
        return Err(CopyError::Direction);
    };
    let path = path.clone();
    let source = Arc::new(in_thread(move || Source::open(&path)).await?);
    let mut target = Target::connect(address).await?;
    target.make_tables(address).await?;
    let theirs = target.tables().await?;
    let tables = {
        let source = Arc::clone(&source);
        in_thread(move || catalogue::agree(source.columns()?, theirs)).await?
    };
    let transaction = target.begin(&tables).await?;

    let counts = {
        let (source, tables) = (Arc::clone(&source), tables.clone());
        in_thread(move || tables.iter().map(|table| source.count(table)).collect::<Result<Vec<u64>, _>>())
            .await?
    };
    tell(Step::Begun { rows: counts.iter().sum() });
    for (table, rows) in tables.iter().zip(counts) {
        tell(Step::Copying { table: &table.name, rows });
        let (sender, chunks) = mpsc::channel::<Chunk>(WAITING);
        let reading = {
            let (source, table) = (Arc::clone(&source), table.clone());
            in_thread(move || source.send(&table, &sender))
        };
        // Both to their end: whoever stops first is seen by the other, and what it says is the reason.
        let (read, loaded) =
            tokio::join!(reading, transaction.load(table, chunks, |rows| tell(Step::Sent { rows })));
        loaded?;
        read?;
    }
    tell(Step::Indexing);
    transaction.finish_tables(&tables).await?;

    let mut copied = Vec::with_capacity(tables.len());
    for table in tables {
        tell(Step::Comparing { table: &table.name });
        let summing = {
            let (source, table) = (Arc::clone(&source), table.clone());
            in_thread(move || source.sum(&table))
        };
        let (here, there) = tokio::join!(summing, transaction.sum(&table));
        let (here, there) = (here?, there?);
        if here != there {
            return Err(CopyError::Differs { table: table.name, here, there });
        }
        copied.push(Copied { table: table.name, rows: here.rows, checksum: here.checksum });
    }
    transaction.commit().await?;
    Ok(copied)
}

/// What a table adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    rows: u64,
    checksum: u64,
}

impl std::fmt::Display for Sum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} rows, checksum {:016x}", self.rows, self.checksum)
    }
}

/// Where blocking is allowed.
async fn in_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CopyError> + Send + 'static,
) -> Result<T, CopyError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| CopyError::Source(error.to_string()))?
}

/// A table of either database by its name there, in quotes.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Every table that is copied; both databases have the same.
fn is_copied(table: &Table) -> bool {
    !table.name.starts_with("__diesel")
}

#[cfg(test)]
mod tests;
