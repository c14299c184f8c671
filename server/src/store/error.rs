//! What can go wrong between us and the database.

use std::path::PathBuf;

use super::DatabaseUrl;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why the store did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, is locked, or its disk is full. Nothing was done, or it is not known whether it
    /// was: the same again, with its idempotency key, is safe.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database refuses this write alone, and would again.
    #[error("the database refuses the data: {0}")]
    Refused(String),
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        if is_data_error(&error) {
            Self::Refused(error.to_string())
        } else {
            Self::Unavailable(error.to_string())
        }
    }
}

/// Whether one write of a group can be at fault, rather than the database.
pub(super) fn is_data_error(error: &DieselError) -> bool {
    use DatabaseErrorKind::{
        CheckViolation, ForeignKeyViolation, NotNullViolation, RestrictViolation, UniqueViolation,
    };
    match error {
        DieselError::DatabaseError(kind, _) => matches!(
            kind,
            CheckViolation | ForeignKeyViolation | NotNullViolation | RestrictViolation | UniqueViolation
        ),
        DieselError::InvalidCString(_) | DieselError::SerializationError(_) | DieselError::NotFound => true,
        _ => false,
    }
}

/// Why a database could not be opened. Each is one line for whoever starts the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// An address of a kind that this build does not understand. It may hold a password, and is not repeated.
    #[error("a database is sqlite://PATH or postgres://…")]
    Url,
    /// It names a PostgreSQL database in a way that cannot be understood.
    #[error("it is no address of a PostgreSQL database: {0}")]
    Address(String),
    /// SQLite has one server per file.
    #[error("another campanile-server is using {0}")]
    InUse(PathBuf),
    /// It cannot be made, reached, read or understood.
    #[error("cannot use the database {database}: {reason}")]
    Unusable {
        /// Which file or address.
        database: String,
        /// What the system or the database said.
        reason: String,
    },
}

impl OpenError {
    pub(super) fn unusable(url: &DatabaseUrl, reason: &impl ToString) -> Self {
        let database = match url {
            DatabaseUrl::Sqlite(path) => path.display().to_string(),
            DatabaseUrl::Postgres(address) => address.to_string(),
        };
        // A database may say more than one line, with details and hints.
        let reason = reason.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ");
        Self::Unusable { database, reason }
    }
}
