//! A database on the server that `CAMPANILE_TEST_POSTGRES` names.
//!
//! Each request has a connection and a thread of its own, so that a test may ask from wherever it is, asynchronous or not.

use std::thread::{self, JoinHandle};

use anyhow::Result;
use tokio::sync::oneshot;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};
use url::Url;

/// A database, dropped with it.
#[derive(Debug)]
pub(crate) struct Database {
    server: Url,
    name: String,
}

/// A transaction that holds the head of the log, in a thread of its own.
#[derive(Debug)]
pub(crate) struct Hold {
    release: Option<oneshot::Sender<()>>,
    holding: Option<JoinHandle<Result<()>>>,
}

/// A superuser's address of the server.
pub fn server() -> Url {
    let address = std::env::var("CAMPANILE_TEST_POSTGRES")
        .expect("CAMPANILE_TEST_POSTGRES names no PostgreSQL server: scripts/test starts one");
    address.parse().expect("CAMPANILE_TEST_POSTGRES is an address")
}

impl Database {
    pub(crate) fn new() -> Self {
        Self::from("template0")
    }

    fn from(template: &str) -> Self {
        let database = Self { server: server(), name: format!("test_{:016x}", rand::random::<u64>()) };
        database.create(template);
        database
    }

    fn create(&self, template: &str) {
        let create = format!("CREATE DATABASE {} TEMPLATE {template}", self.name);
        ask(&self.server, async |client| client.batch_execute(&create).await)
            .expect("a database can be made");
    }

    fn remove(&self) -> Result<()> {
        let remove = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        ask(&self.server, async |client| client.batch_execute(&remove).await)
    }

    pub(crate) fn back_up(&self) -> Self {
        Self::from(&self.name)
    }

    pub(crate) fn restore(&self, back_up: &Self) {
        self.remove().expect("the database can be dropped");
        self.create(&back_up.name);
    }

    pub(crate) fn url(&self) -> String {
        self.address().to_string()
    }

    pub(crate) fn run(&self, statements: &str) {
        ask(&self.address(), async |client| client.batch_execute(statements).await)
            .expect("the statements can be run");
    }

    pub(crate) fn number(&self, query: &str) -> i64 {
        let query = format!("SELECT ({query})::bigint");
        ask(&self.address(), async |client| client.query_one(&query, &[]).await?.try_get(0))
            .expect("the query gives a number")
    }

    pub(crate) fn texts(&self, statements: &str) -> Vec<String> {
        let messages = ask(&self.address(), async |client| client.simple_query(statements).await)
            .expect("the statements can be run");
        let text = |message: &SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => row.get(row.len() - 1).map(str::to_owned),
            _ => None,
        };
        messages.iter().filter_map(text).collect()
    }

    pub(crate) fn hold(&self) -> Hold {
        let (url, (release, released), (had, is_held)) =
            (self.address(), oneshot::channel(), std::sync::mpsc::channel());
        let holding = thread::spawn(move || {
            on_a_connection(&url, async |client| {
                client.batch_execute("BEGIN; SELECT FROM log_head FOR UPDATE").await?;
                // Whoever holds on no longer waits for neither.
                let _ = had.send(());
                let _ = released.await;
                client.batch_execute("ROLLBACK").await
            })
        });
        is_held.recv().expect("nobody else holds it for long");
        Hold { release: Some(release), holding: Some(holding) }
    }

    fn address(&self) -> Url {
        let mut url = self.server.clone();
        url.set_path(&self.name);
        url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Where that fails, the test has most likely failed as well, and says why; the server is thrown away anyway.
        let _ = self.remove();
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.release.take().map(|release| release.send(()));
        if let Some(holding) = self.holding.take() {
            // One that broke holds nothing either.
            let _ = holding.join();
        }
    }
}

/// In a thread where blocking is allowed.
fn ask<T: Send>(
    url: &Url,
    ask: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error> + Send,
) -> Result<T> {
    thread::scope(|scope| scope.spawn(|| on_a_connection(url, ask)).join().expect("it does not panic"))
}

fn on_a_connection<T>(
    url: &Url,
    ask: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>,
) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url.as_str(), NoTls).await?;
        tokio::spawn(connection);
        Ok(ask(&client).await?)
    })
}
