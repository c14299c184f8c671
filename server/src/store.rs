//! Everything durable. Plain methods outside; inside, an enum of database pools and a small macro that opens its arm.
//! Nothing beyond this module may assume which database it is.
//!
//! Reads are methods of [`Store`] (see `reads/`). Writes are values (see `writes/`) that the log's one writer hands to
//! [`Store::commit`] in groups.

mod appends;
mod connection;
mod convert;
pub mod copy;
mod error;
mod group;
mod hints;
mod life;
mod pool;
mod postgres;
mod reads;
mod rows;
mod schema;
mod settings;
mod setup;
mod sqlite;
pub mod text;
mod transaction;
mod write;
pub(crate) mod writes;

use std::fs::File;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::domain::notification_type::{TypeDefinition, TypeRegistry};

use connection::Connection;
use pool::pool;

pub use error::{OpenError, StoreError};
pub(crate) use group::Committed;
pub(crate) use hints::{Hint, NAMED};
pub(crate) use life::Life;
pub use postgres::Address as PostgresAddress;
pub(crate) use postgres::Line;
pub(crate) use reads::LookError;
pub use reads::{Due, FeedRow, FeedScan, Head, ReaderState, Receipt, Recipients, Source, TextLookup};
pub(crate) use write::{Answer, Job, Pending, Write};
pub use writes::Deleted;

/// Connections that read, at most: what they read is nearly always in memory, so that more of them than cores wait for each
/// other, and each keeps pages of its own.
pub fn most_readers() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (2 * cores).clamp(4, 16)
}

/// How long the database may take, unless it is said otherwise.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What is asked of a database, and what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Connections that read, at least 1.
    pub readers: usize,
    /// How long a read may take, with the wait for a free connection; and a PostgreSQL to connect, to give a lock, or to answer
    /// a statement. (A file that somebody else has locked is waited for two seconds.)
    pub timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: most_readers(), timeout: TIMEOUT }
    }
}

/// Which database, from `--database-url`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite://PATH`
    Sqlite(PathBuf),
    /// `postgres://…`
    Postgres(postgres::Address),
}

impl FromStr for DatabaseUrl {
    type Err = OpenError;

    fn from_str(text: &str) -> Result<Self, OpenError> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return text.parse().map(Self::Postgres).map_err(OpenError::Address);
        }
        match text.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            _ => Err(OpenError::Url),
        }
    }
}

#[derive(Clone)]
enum Readers {
    Sqlite(sqlite::Readers),
    Postgres(postgres::Readers),
}

/// An open database.
pub struct Store {
    url: DatabaseUrl,
    /// How long a read may take, connection and all.
    timeout: Duration,
    readers: Readers,
    writer: Arc<Mutex<group::Writer>>,
    life: Arc<Life>,
    resolver: settings::Resolver,
    /// Of a file, held for as long as the store is: no second server may write it.
    _lock: Option<File>,
}

impl Store {
    /// Opens the database, making and migrating it if need be, and makes sure that it knows these types.
    pub async fn open(
        url: &DatabaseUrl,
        types: Vec<TypeDefinition>,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        Self::open_with(url, Options::default(), types, clock).await
    }

    /// The same, with these options.
    pub async fn open_with(
        url: &DatabaseUrl,
        options: Options,
        types: Vec<TypeDefinition>,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let own = url.clone();
        let opening = tokio::task::spawn_blocking(move || open(own, options, &types, clock));
        opening.await.map_err(|error| OpenError::unusable(url, &error))?
    }

    /// Which life of the log this is.
    pub fn epoch(&self) -> Arc<str> {
        self.life.now().epoch
    }

    /// Where the log ends, as far as this server knows.
    pub(crate) fn life(&self) -> &Life {
        &self.life
    }

    /// The notification types that the database was seen to know.
    pub fn types(&self) -> Arc<TypeRegistry> {
        self.resolver.types()
    }

    /// Whether other servers may work on the same database.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.url, DatabaseUrl::Postgres(_))
    }

    /// A line to the other servers; `None` where there can be none.
    pub(crate) async fn line(&self) -> Option<Result<Line, StoreError>> {
        match &self.url {
            DatabaseUrl::Sqlite(_) => None,
            DatabaseUrl::Postgres(address) => Some(Line::connect(address).await),
        }
    }

    /// Leaves one tidy file behind; nothing can be read any more.
    pub async fn close(&self) {
        match &self.readers {
            Readers::Sqlite(readers) => readers.close(),
            Readers::Postgres(readers) => readers.close(),
        }
        let writer = Arc::clone(&self.writer);
        let closing = tokio::task::spawn_blocking(move || {
            writer.lock().unwrap_or_else(PoisonError::into_inner).close();
        });
        // A writer that panicked has nothing to close.
        let _ = closing.await;
    }

    /// Writes a group and answers each of its writes; gives what the log gained. Whole even when the caller goes away
    /// meanwhile.
    pub(crate) async fn commit(&self, jobs: Vec<Box<dyn Job>>) -> Committed {
        let writer = Arc::clone(&self.writer);
        let committing = tokio::task::spawn_blocking(move || {
            writer.lock().unwrap_or_else(PoisonError::into_inner).commit(jobs)
        });
        // A writer that panicked has answered nobody: its jobs, dropped, tell their callers so.
        committing.await.unwrap_or_default()
    }
}

/// Blocks.
fn open(
    mut url: DatabaseUrl,
    options: Options,
    types: &[TypeDefinition],
    clock: Clock,
) -> Result<Store, OpenError> {
    if let DatabaseUrl::Postgres(address) = &mut url {
        address.set_timeout(options.timeout);
    }
    let set_up = |conn: &mut Connection| Ok((setup::sync_types(conn, types)?, setup::head(conn)?));
    let (lock, connection, readers, (types, head)) = match &url {
        DatabaseUrl::Sqlite(path) => {
            let (lock, connection, readers) = sqlite::open(path, &options)?;
            let mut connection = Connection::Sqlite(connection);
            let unusable = |error: diesel::result::Error| OpenError::unusable(&url, &error);
            let found = set_up(&mut connection).map_err(unusable)?;
            (Some(lock), connection, Readers::Sqlite(readers), found)
        }
        DatabaseUrl::Postgres(address) => {
            let opened = postgres::open(address, &options, set_up);
            let (connection, readers, found) = opened.map_err(|reason| OpenError::unusable(&url, &reason))?;
            (None, connection, Readers::Postgres(readers), found)
        }
    };
    let resolver = settings::Resolver::new(types);
    let life = Arc::new(Life::new(head));
    let writer = group::Writer::new(url.clone(), clock, resolver.clone(), Arc::clone(&life), connection);
    let writer = Arc::new(Mutex::new(writer));
    Ok(Store { url, timeout: options.timeout, readers, writer, life, resolver, _lock: lock })
}

impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
