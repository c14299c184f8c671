//! The connection that writes, to whichever database: a statement that both can take is written once.

use diesel::connection::SimpleConnection;
use diesel::query_dsl::LoadQuery;
use diesel::query_dsl::methods::{ExecuteDsl, LimitDsl};
use diesel::{QueryResult, RunQueryDsl, SqliteConnection};

use super::postgres;

/// The one connection that writes. Blocks, whichever database it is.
pub(crate) enum Connection {
    Sqlite(SqliteConnection),
    Postgres(Box<postgres::Connection>),
}

impl Connection {
    /// Runs statements that have no place for a value.
    pub(super) fn batch_execute(&mut self, statements: &str) -> QueryResult<()> {
        match self {
            Self::Sqlite(conn) => SimpleConnection::batch_execute(conn, statements),
            Self::Postgres(conn) => SimpleConnection::batch_execute(&mut **conn, statements),
        }
    }

    /// Runs a statement; gives how many rows it touched.
    pub(super) fn execute(
        &mut self,
        statement: impl ExecuteDsl<SqliteConnection> + ExecuteDsl<postgres::Connection>,
    ) -> QueryResult<usize> {
        match self {
            Self::Sqlite(conn) => ExecuteDsl::execute(statement, conn),
            Self::Postgres(conn) => ExecuteDsl::execute(statement, &mut **conn),
        }
    }

    /// Every row of a query.
    pub(super) fn load<'query, U>(
        &mut self,
        query: impl LoadQuery<'query, SqliteConnection, U> + LoadQuery<'query, postgres::Connection, U>,
    ) -> QueryResult<Vec<U>> {
        match self {
            Self::Sqlite(conn) => RunQueryDsl::load(query, conn),
            Self::Postgres(conn) => RunQueryDsl::load(query, &mut **conn),
        }
    }

    /// The one row of a query, or `NotFound`.
    pub(super) fn get_result<'query, U>(
        &mut self,
        query: impl LoadQuery<'query, SqliteConnection, U> + LoadQuery<'query, postgres::Connection, U>,
    ) -> QueryResult<U> {
        match self {
            Self::Sqlite(conn) => RunQueryDsl::get_result(query, conn),
            Self::Postgres(conn) => RunQueryDsl::get_result(query, &mut **conn),
        }
    }

    /// The first of the rows of a query, or `NotFound`.
    pub(super) fn first<'query, U>(
        &mut self,
        query: impl LimitDsl<
            Output: LoadQuery<'query, SqliteConnection, U> + LoadQuery<'query, postgres::Connection, U>,
        >,
    ) -> QueryResult<U> {
        self.get_result(query.limit(1))
    }
}
