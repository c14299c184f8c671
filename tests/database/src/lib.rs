//! A database that goes away with its test, so that one text of a test holds on both kinds of database.
//!
//! `CAMPANILE_TEST_DATABASE` says which kind a run is about: `sqlite`, also where it is not set, or `postgres`. Then
//! `CAMPANILE_TEST_POSTGRES` has to name a server, by a superuser's address; `scripts/test` starts one that is thrown away.
//!
//! It knows nothing of the product: its tables are made by whoever opens the database. What fails here, panics: a test without
//! its database has nothing to say.

mod file;
mod postgres;

use std::path::PathBuf;

pub use postgres::server;

/// A database of one test.
#[derive(Debug)]
pub struct Database(Kind);

#[derive(Debug)]
enum Kind {
    File(file::Database),
    Postgres(postgres::Database),
}

/// Keeps everybody else from writing, until it is dropped.
#[derive(Debug)]
pub struct Hold {
    _hold: Held,
}

#[derive(Debug)]
#[expect(dead_code, reason = "each is there to be dropped")]
enum Held {
    File(file::Hold),
    Postgres(postgres::Hold),
}

/// Whether this run is about PostgreSQL.
pub fn is_postgres() -> bool {
    match std::env::var("CAMPANILE_TEST_DATABASE").as_deref() {
        Err(_) | Ok("" | "sqlite") => false,
        Ok("postgres") => true,
        Ok(other) => panic!("CAMPANILE_TEST_DATABASE is sqlite or postgres, not {other:?}"),
    }
}

impl Database {
    /// An empty one, of the kind that this run is about.
    #[expect(clippy::new_without_default, reason = "none is like another")]
    pub fn new() -> Self {
        if is_postgres() { Self::postgres() } else { Self::file() }
    }

    /// A file, for what is about files only.
    pub fn file() -> Self {
        Self(Kind::File(file::Database::new()))
    }

    /// One on the PostgreSQL server, for what is about that only.
    pub fn postgres() -> Self {
        Self(Kind::Postgres(postgres::Database::new()))
    }

    /// As `--database-url` takes it.
    pub fn url(&self) -> String {
        match &self.0 {
            Kind::File(file) => format!("sqlite://{}", file.path().display()),
            Kind::Postgres(database) => database.url(),
        }
    }

    /// The file of one that is a file.
    pub fn path(&self) -> PathBuf {
        match &self.0 {
            Kind::File(file) => file.path(),
            Kind::Postgres(_) => panic!("it is not in a file"),
        }
    }

    /// Runs statements past the product.
    pub fn run(&self, statements: &str) {
        match &self.0 {
            Kind::File(file) => file.run(statements),
            Kind::Postgres(database) => database.run(statements),
        }
    }

    /// The same, without any look at what refers to what.
    pub fn run_unchecked(&self, statements: &str) {
        let unchecked = match &self.0 {
            Kind::File(_) => "PRAGMA foreign_keys = OFF",
            Kind::Postgres(_) => "SET session_replication_role = replica",
        };
        self.run(&format!("{unchecked}; {statements}"));
    }

    /// The number that this query gives, past the product.
    pub fn number(&self, query: &str) -> i64 {
        match &self.0 {
            Kind::File(file) => file.number(query),
            Kind::Postgres(database) => database.number(query),
        }
    }

    /// The rows that these statements give, past the product; of each row, its last column as text.
    pub fn texts(&self, statements: &str) -> Vec<String> {
        match &self.0 {
            Kind::File(file) => file.texts(statements),
            Kind::Postgres(database) => database.texts(statements),
        }
    }

    /// A copy of it as it stands; nobody may be using it.
    #[must_use]
    pub fn back_up(&self) -> Self {
        Self(match &self.0 {
            Kind::File(file) => Kind::File(file.back_up()),
            Kind::Postgres(database) => Kind::Postgres(database.back_up()),
        })
    }

    /// Puts what `back_up` holds in its place; nobody may be using either.
    pub fn restore(&self, back_up: &Self) {
        match (&self.0, &back_up.0) {
            (Kind::File(file), Kind::File(back_up)) => file.restore(back_up),
            (Kind::Postgres(database), Kind::Postgres(back_up)) => database.restore(back_up),
            _ => panic!("a back-up is of the same kind"),
        }
    }

    /// Keeps everybody else from writing, as somebody else's tool may; reading goes on.
    pub fn hold(&self) -> Hold {
        let held = match &self.0 {
            Kind::File(file) => Held::File(file.hold()),
            Kind::Postgres(database) => Held::Postgres(database.hold()),
        };
        Hold { _hold: held }
    }
}
