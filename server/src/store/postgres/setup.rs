//! Opens a database: the version that is needed, the migrations, the pool.

use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use futures_util::FutureExt as _;

use super::connect::{connect, connect_reader, connect_writer};
use super::{Address, Connection, Readers};
use crate::store::{Options, pool};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../migrations/postgres");
/// The first version, as `server_version_num` counts, that is known to do.
const OLDEST: i32 = 150_000;
/// Whatever the database's own defaults are.
pub(in crate::store) const PATIENT: &str =
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;";
/// What servers lock that start at the same time: the first makes the tables.
pub(in crate::store) const SETTING_UP: &str = "SELECT pg_advisory_lock(4341350841484590)";
const SET_UP: &str = "SELECT pg_advisory_unlock(4341350841484590)";

/// Opens the database, and brings its tables up to date; then has `first` done before another server may open it. Gives the
/// connection that writes, those that read, and what came of `first`. Blocks.
pub(in crate::store) fn open<T>(
    address: &Address,
    options: &Options,
    first: impl FnOnce(&mut crate::store::connection::Connection) -> QueryResult<T>,
) -> Result<(crate::store::connection::Connection, Readers, T), String> {
    let runtime = tokio::runtime::Handle::try_current().map_err(|error| error.to_string())?;
    // A migration takes as long as it takes, and so does that of a server that started before.
    let patient = runtime.block_on(connect(address, PATIENT)).map_err(|error| error.to_string())?;
    let mut patient = Connection::from(patient);
    check(&mut patient)?;
    patient.batch_execute(SETTING_UP).map_err(|error| error.to_string())?;
    patient.run_pending_migrations(MIGRATIONS).map_err(|error| error.to_string())?;
    let mut patient = crate::store::connection::Connection::Postgres(Box::new(patient));
    let done = first(&mut patient).map_err(|error| error.to_string())?;
    if let crate::store::connection::Connection::Postgres(patient) = &mut patient {
        patient.batch_execute(SET_UP).map_err(|error| error.to_string())?;
    }
    let writer = connect_writer(address).map_err(|error| error.to_string())?;
    let readers = pool(manager(address), options);
    let readers = readers.map_err(|error| error.to_string())?;
    Ok((crate::store::connection::Connection::Postgres(Box::new(writer)), readers, done))
}

/// Makes the tables of a database that nobody else opens meanwhile, and nothing more: no server has been there yet. Blocks.
pub(in crate::store) fn make_tables(address: &Address) -> Result<(), String> {
    let runtime = tokio::runtime::Handle::try_current().map_err(|error| error.to_string())?;
    let patient = runtime.block_on(connect(address, PATIENT)).map_err(|error| error.to_string())?;
    let mut patient = Connection::from(patient);
    check(&mut patient)?;
    patient.run_pending_migrations(MIGRATIONS).map(drop).map_err(|error| error.to_string())
}

fn check(conn: &mut Connection) -> Result<(), String> {
    let show = |conn: &mut Connection, what: &str| {
        let setting = sql::<Text>(&format!("current_setting('{what}')"));
        diesel::select(setting).get_result::<String>(conn).map_err(|error| error.to_string())
    };
    let version = show(conn, "server_version_num")?;
    if is_too_old(&version) {
        let version = show(conn, "server_version")?;
        return Err(format!("it is PostgreSQL {version}, and 15 or later is needed"));
    }
    let encoding = show(conn, "server_encoding")?;
    if encoding != "UTF8" {
        return Err(format!("its encoding is {encoding}, and UTF8 is needed"));
    }
    Ok(())
}

/// Of a version as `server_version_num` has it.
fn is_too_old(version: &str) -> bool {
    version.parse::<i32>().is_ok_and(|version| version < OLDEST)
}

fn manager(address: &Address) -> AsyncDieselConnectionManager<AsyncPgConnection> {
    let mut config = ManagerConfig::default();
    // One that was closed meanwhile is seen without asking.
    config.recycling_method = RecyclingMethod::Fast;
    let address = address.clone();
    config.custom_setup = Box::new(move |_| {
        let address = address.clone();
        async move { connect_reader(&address).await }.boxed()
    });
    AsyncDieselConnectionManager::new_with_config(String::new(), config)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("90624", true)]
    #[case("140019", true)]
    #[case("150000", false)]
    #[case("170002", false)]
    // Somebody else's database that speaks like PostgreSQL may say anything.
    #[case("", false)]
    fn before_15_is_too_old(#[case] version: &str, #[case] expected: bool) {
        assert_eq!(is_too_old(version), expected);
    }
}
