//! Opens a database file: one server per file, the pragmas, the migrations.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::result::Error::QueryBuilderError;
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use diesel::{Connection as _, ConnectionResult, QueryResult, RunQueryDsl as _, SqliteConnection};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use futures_util::FutureExt as _;

use crate::store::error::OpenError;
use crate::store::{DatabaseUrl, Options, pool};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/sqlite");

/// A commit is on the disk before it is acknowledged (`synchronous = FULL`), in a write-ahead log that readers do not
/// wait for. A writer that finds the file locked by someone else's tool waits two seconds, then gives up.
const WRITER_PRAGMAS: &str = "
    PRAGMA busy_timeout = 2000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16384;
";

const READER_PRAGMAS: &str = "
    PRAGMA busy_timeout = 2000;
    PRAGMA query_only = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -4096;
";

/// The connections that only read.
pub(in crate::store) type Readers = Pool<SyncConnectionWrapper<SqliteConnection>>;

/// Opens the file at `path`, making it if need be, and brings its tables up to date. Blocks.
///
/// The returned file is a lock: whoever holds it is the one server of this database.
pub(in crate::store) fn open(
    path: &Path,
    options: &Options,
) -> Result<(File, SqliteConnection, Readers), OpenError> {
    let unusable = |reason: String| OpenError::unusable(&DatabaseUrl::Sqlite(path.to_owned()), &reason);
    let lock = lock(path)?;
    let mut writer = connect_writer(path).map_err(|error| unusable(error.to_string()))?;
    writer.run_pending_migrations(MIGRATIONS).map_err(|error| unusable(error.to_string()))?;
    let readers = pool(reader_manager(path), options);
    let readers = readers.map_err(|error| unusable(error.to_string()))?;
    Ok((lock, writer, readers))
}

/// Opens the file at `path`, which no server may have open meanwhile, to be read only; `None` where its tables are of another
/// version than ours. Blocks.
pub(in crate::store) fn open_unserved(path: &Path) -> Result<Option<(File, SqliteConnection)>, OpenError> {
    let unusable = |reason: String| OpenError::unusable(&DatabaseUrl::Sqlite(path.to_owned()), &reason);
    // SQLite would make one.
    std::fs::metadata(path).map_err(|error| unusable(error.to_string()))?;
    let lock = lock(path)?;
    let mut reader =
        connect(&path.to_string_lossy(), READER_PRAGMAS).map_err(|error| unusable(error.to_string()))?;
    Ok(is_ours(&mut reader).map_err(|error| unusable(error.to_string()))?.then_some((lock, reader)))
}

/// Whether the tables are as our migrations make them. Asks the table of migrations itself, which diesel would make.
fn is_ours(conn: &mut SqliteConnection) -> QueryResult<bool> {
    let there = "(SELECT count(*) FROM sqlite_schema WHERE name = '__diesel_schema_migrations')";
    if diesel::select(sql::<BigInt>(there)).get_result::<i64>(conn)? == 0 {
        return Ok(false);
    }
    let migrations = MigrationSource::<Sqlite>::migrations(&MIGRATIONS).map_err(QueryBuilderError)?;
    let mut ours: Vec<_> = migrations.iter().map(|one| one.name().version().as_owned()).collect();
    let mut theirs = conn.applied_migrations().map_err(QueryBuilderError)?;
    ours.sort_unstable();
    theirs.sort_unstable();
    Ok(ours == theirs)
}

/// Another connection for the writer, after its last one failed.
pub(in crate::store) fn connect_writer(path: &Path) -> ConnectionResult<SqliteConnection> {
    connect(&path.to_string_lossy(), WRITER_PRAGMAS)
}

fn connect(path: &str, pragmas: &str) -> ConnectionResult<SqliteConnection> {
    let mut connection = SqliteConnection::establish(path)?;
    connection.batch_execute(pragmas).map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
    Ok(connection)
}

fn reader_manager(path: &Path) -> AsyncDieselConnectionManager<SyncConnectionWrapper<SqliteConnection>> {
    let mut config = ManagerConfig::default();
    config.recycling_method = diesel_async::pooled_connection::RecyclingMethod::Fast;
    config.custom_setup = Box::new(|path| {
        let path = path.to_owned();
        async move {
            let connecting = tokio::task::spawn_blocking(move || connect(&path, READER_PRAGMAS));
            let connected =
                connecting.await.map_err(|e| diesel::ConnectionError::BadConnection(e.to_string()))?;
            connected.map(SyncConnectionWrapper::new)
        }
        .boxed()
    });
    AsyncDieselConnectionManager::new_with_config(path.to_string_lossy(), config)
}

fn lock(path: &Path) -> Result<File, OpenError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let unusable = |error: std::io::Error| OpenError::unusable(&DatabaseUrl::Sqlite(path.to_owned()), &error);
    let file = File::create(name).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(unusable(error)),
    }
}
