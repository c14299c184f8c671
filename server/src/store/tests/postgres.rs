//! Databases for tests on the PostgreSQL server that `CAMPANILE_TEST_POSTGRES` names: a superuser's address of it.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use url::Url;

use crate::store::postgres::Connection;

/// A database of its own, dropped with it.
pub(crate) struct Database {
    server: Url,
    name: String,
}

impl Database {
    /// `None` where the tests are to use files.
    pub(super) fn create() -> Option<Self> {
        let server = std::env::var("CAMPANILE_TEST_POSTGRES").ok()?;
        let server: Url = server.parse().unwrap();
        let name = format!("test_{:016x}", rand::random::<u64>());
        let create = format!("CREATE DATABASE {name}");
        on(&server, move |conn| conn.batch_execute(&create));
        Some(Self { server, name })
    }

    pub(super) fn url(&self) -> String {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url.to_string()
    }

    pub(super) fn run(&self, statements: &str) {
        let statements = statements.to_owned();
        self.ask(move |conn| conn.batch_execute(&statements));
    }

    /// Asks it past the store.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&mut Connection) -> QueryResult<T> + Send + 'static,
    ) -> T {
        on(&self.url().parse().unwrap(), ask)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        on(&self.server, move |conn| conn.batch_execute(&drop));
    }
}

/// In a thread of its own, where blocking is allowed.
fn on<T: Send + 'static>(
    url: &Url,
    ask: impl FnOnce(&mut Connection) -> QueryResult<T> + Send + 'static,
) -> T {
    let url = url.to_string();
    let asking = std::thread::spawn(move || {
        ask(&mut <Connection as diesel::Connection>::establish(&url).unwrap()).unwrap()
    });
    asking.join().unwrap()
}
