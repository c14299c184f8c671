//! Why a database was not copied.

use std::path::PathBuf;

use super::Sum;
use crate::store::OpenError;

/// Why a database was not copied. Each is one line for whoever asked for it; nothing was done then.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// Only from SQLite to PostgreSQL.
    #[error("copies only --from sqlite://PATH --to postgres://…")]
    Direction,
    /// One of them cannot be opened, or is used by a server.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file's tables are not those of this version.
    #[error(
        "{0} is not as this version keeps it: start this version on it once, or `campanile-server migrate`, then copy it"
    )]
    Version(PathBuf),
    /// Something stands in the target.
    #[error("the database to copy to is not empty: there is something in its table {0}")]
    NotEmpty(String),
    /// Somebody else makes its tables, or copies into it.
    #[error("the database to copy to is in use by another copy, or by a server that starts")]
    Busy,
    /// The two do not have the same tables and columns, or one that this version cannot copy.
    #[error("cannot copy {0}")]
    Unlike(String),
    /// The file cannot be read.
    #[error("failed to read the database to copy from: {0}")]
    Source(String),
    /// The database to copy to did not take it.
    #[error("failed to write the database to copy to: {0}")]
    Target(String),
    /// What was copied is not what was there.
    #[error(
        "the copy is not the same, and was given up: {table} has {here} in SQLite, and {there} in PostgreSQL"
    )]
    Differs {
        /// Which table.
        table: String,
        /// What SQLite says.
        here: Sum,
        /// What PostgreSQL says.
        there: Sum,
    },
}

impl From<diesel::result::Error> for CopyError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Source(error.to_string())
    }
}

impl From<tokio_postgres::Error> for CopyError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else {
            let cause =
                std::error::Error::source(&error).map_or_else(String::new, |cause| format!(": {cause}"));
            return Self::Target(format!("{error}{cause}"));
        };
        // Of a row that is refused, where says which.
        let place = said
            .where_()
            .map_or_else(String::new, |place| format!(" ({})", place.lines().next().unwrap_or("")));
        Self::Target(format!("{}{place}", said.message()))
    }
}
