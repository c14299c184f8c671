//! The line to the other servers: a connection of its own that listens, and that tells in transactions of their own. Never
//! the writer's: telling takes a lock that all of the database's servers share.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, Client};

use super::Address;
use super::connect::connect_client;
use crate::store::StoreError;
use crate::store::hints::Hint;

/// What is told is worth nothing after a power cut, and told while a lock is held. Servers that have gone are swept away.
const FIRST: &str = "
    SET application_name = 'campanile-line';
    SET synchronous_commit = off;
    SET statement_timeout = '5s';
    LISTEN campanile;
    DELETE FROM server WHERE seen_at < now() - INTERVAL '1 hour';
";
const BEAT: &str = "
    INSERT INTO server (id, seen_at, figures) VALUES ($1, now(), $2)
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, figures = excluded.figures
";
/// Five seconds, five beats: see [`Store::figures_of_others`](crate::store::Store::figures_of_others).
const OTHERS: &str = "SELECT id FROM server WHERE id <> $1 AND seen_at > now() - INTERVAL '5 seconds'";
/// How long anything may take on this connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// Notifications that may wait to be heard; with more of them the line is given up, and begun anew.
const WAITING: usize = 1_024;
/// Bytes that PostgreSQL lets one notification have, less some.
const PAYLOAD: usize = 7_500;

/// The line to the other servers.
pub(crate) struct Line {
    client: Client,
    /// Who told, as the database numbers its connections, and what.
    heard: mpsc::Receiver<(i32, String)>,
    /// The number of this one.
    own: i32,
}

impl Line {
    pub(in crate::store) async fn connect(address: &Address) -> Result<Self, StoreError> {
        let connecting = async {
            let (client, mut connection) =
                connect_client(address).await.map_err(|error| error.to_string())?;
            let (hear, heard) = mpsc::channel(WAITING);
            tokio::spawn(async move {
                let mut messages = stream::poll_fn(|context| connection.poll_message(context));
                while let Some(Ok(message)) = messages.next().await {
                    if let AsyncMessage::Notification(told) = message
                        && hear.try_send((told.process_id(), told.payload().to_owned())).is_err()
                    {
                        return;
                    }
                }
            });
            let failed = |error: tokio_postgres::Error| error.to_string();
            client.batch_execute(FIRST).await.map_err(failed)?;
            let own = client.query_one("SELECT pg_backend_pid()", &[]).await.map_err(failed)?;
            let own = own.try_get(0).map_err(failed)?;
            Ok(Self { client, heard, own })
        };
        let connected = tokio::time::timeout(PATIENCE, connecting).await;
        connected
            .unwrap_or_else(|_| Err("the database does not answer".to_owned()))
            .map_err(StoreError::Unavailable)
    }

    /// Tells the others.
    pub(crate) async fn tell(&self, hints: &[Hint]) -> Result<(), StoreError> {
        let mut payload = String::new();
        for hint in hints {
            let line = hint.to_string();
            if payload.len() + line.len() >= PAYLOAD {
                self.notify(&std::mem::take(&mut payload)).await?;
            }
            if !payload.is_empty() {
                payload.push('\n');
            }
            payload.push_str(&line);
        }
        if payload.is_empty() { Ok(()) } else { self.notify(&payload).await }
    }

    /// Says that this server is alive, with its numbers; gives who else is.
    pub(crate) async fn beat(&self, server: i64, figures: &str) -> Result<Vec<i64>, StoreError> {
        self.within(self.client.execute(BEAT, &[&server, &figures])).await?;
        let others = self.within(self.client.query(OTHERS, &[&server])).await?;
        let id = |row: &tokio_postgres::Row| {
            row.try_get(0).map_err(|error| StoreError::Unavailable(error.to_string()))
        };
        others.iter().map(id).collect()
    }

    async fn notify(&self, payload: &str) -> Result<(), StoreError> {
        self.within(self.client.execute("SELECT pg_notify('campanile', $1)", &[&payload])).await.map(drop)
    }

    async fn within<T>(
        &self,
        asking: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, StoreError> {
        match tokio::time::timeout(PATIENCE, asking).await {
            Ok(answer) => answer.map_err(|error| StoreError::Unavailable(error.to_string())),
            Err(_) => Err(StoreError::Unavailable("the database does not answer".to_owned())),
        }
    }

    /// What another server tells next; `None` once the line is broken. Safe to drop and call again.
    pub(crate) async fn hear(&mut self) -> Option<Vec<Hint>> {
        loop {
            let (from, payload) = self.heard.recv().await?;
            if from != self.own {
                return Some(payload.lines().filter_map(Hint::read).collect());
            }
        }
    }
}
