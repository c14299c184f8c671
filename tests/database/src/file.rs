//! A SQLite file in a folder of its own.

use std::fs;
use std::path::PathBuf;

use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tempfile::TempDir;

/// A file that may not have been made yet.
#[derive(Debug)]
pub(crate) struct Database(TempDir);

/// A transaction that writes.
pub(crate) struct Hold(#[expect(dead_code, reason = "rolls back when it is dropped")] SqliteConnection);

/// A step of a plan.
#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

impl Database {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("there is a folder for what is temporary"))
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.0.path().join("campanile.db")
    }

    pub(crate) fn run(&self, statements: &str) {
        self.connect().batch_execute(statements).expect("the statements can be run");
    }

    pub(crate) fn number(&self, query: &str) -> i64 {
        let number = diesel::select(sql::<BigInt>(&format!("({query})")));
        number.get_result(&mut self.connect()).expect("the query gives a number")
    }

    /// Of what explains a query.
    pub(crate) fn texts(&self, statements: &str) -> Vec<String> {
        let steps: Vec<Step> =
            diesel::sql_query(statements).load(&mut self.connect()).expect("the query can be run");
        steps.into_iter().map(|step| step.detail).collect()
    }

    pub(crate) fn back_up(&self) -> Self {
        let back_up = Self::new();
        back_up.restore(self);
        back_up
    }

    /// The file, and what SQLite keeps beside it.
    pub(crate) fn restore(&self, back_up: &Self) {
        let folder = |of: &Self| fs::read_dir(of.0.path()).expect("the folder can be read");
        for file in folder(self) {
            fs::remove_file(file.expect("a file").path()).expect("the file can be removed");
        }
        for file in folder(back_up) {
            let file = file.expect("a file");
            fs::copy(file.path(), self.0.path().join(file.file_name())).expect("the file can be copied");
        }
    }

    pub(crate) fn hold(&self) -> Hold {
        let mut connection = self.connect();
        connection.batch_execute("BEGIN EXCLUSIVE").expect("nobody else holds it");
        Hold(connection)
    }

    fn connect(&self) -> SqliteConnection {
        let path = self.path();
        let mut connection =
            SqliteConnection::establish(&path.to_string_lossy()).expect("the file can be opened");
        // Whoever is busy with it, is so for a moment.
        connection.batch_execute("PRAGMA busy_timeout = 60000").expect("SQLite knows it");
        connection
    }
}

impl std::fmt::Debug for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hold")
    }
}
