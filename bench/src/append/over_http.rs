//! Over HTTP, against the real server: one call at a time on each keep-alive connection.

use std::path::Path;

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::Measured;
use super::figure::EVENTS;
use super::message;
use super::written::Written;
use crate::content;
use crate::http::Connection;
use crate::load::{Load, Worker, drive};
use crate::server::Executable;

/// A call that publishes.
pub(super) trait Call: From<Connection> + Worker {
    /// Publishes of one call.
    const PUBLISHES: u32;
}

/// `broadcastToCampus`
pub(super) struct Broadcast(Connection);

/// `ingest` of [`EVENTS`]
pub(super) struct Ingest(Connection);

const DIRECTORY: &str = "
    mutation Directory($campuses: UpsertCampusesInput!, $users: UpsertUsersInput!) {
        upsertCampuses(input: $campuses) { campuses { key } }
        upsertUsers(input: $users) { users { key } }
    }";

const BROADCAST: &str = "
    mutation Broadcast($input: CampusBroadcastInput!) {
        published: broadcastToCampus(input: $input) { created broadcast { id } }
    }";

const INGEST: &str = "
    mutation Ingest($input: IngestInput!) {
        published: ingest(input: $input) { created refused { index code message } }
    }";

#[derive(Deserialize)]
struct Answer<T> {
    published: Published<T>,
}

#[derive(Deserialize)]
struct Published<T> {
    created: T,
}

impl From<Connection> for Broadcast {
    fn from(connection: Connection) -> Self {
        Self(connection)
    }
}

impl From<Connection> for Ingest {
    fn from(connection: Connection) -> Self {
        Self(connection)
    }
}

impl Call for Broadcast {
    const PUBLISHES: u32 = 1;
}

impl Call for Ingest {
    const PUBLISHES: u32 = EVENTS;
}

impl Worker for Broadcast {
    async fn once(&mut self, _: u32) -> Result<()> {
        let variables = json!({ "input": {
            "campusKey": content::CAMPUS,
            "content": {
                "type": content::TYPE,
                "title": content::TITLE,
                "message": content::MESSAGE,
                "data": { "eventId": content::EVENT, "actionUrl": content::ACTION_URL },
            },
        }});
        let answer: Answer<bool> = self.0.execute(BROADCAST, &variables).await?;
        ensure!(answer.published.created, "a broadcast was not created");
        Ok(())
    }
}

impl Worker for Ingest {
    async fn once(&mut self, ticket: u32) -> Result<()> {
        let events: Vec<Value> = (0..EVENTS).map(|event| happening(ticket * EVENTS + event)).collect();
        let variables = json!({ "input": { "events": events } });
        let answer: Answer<u32> = self.0.execute(INGEST, &variables).await?;
        let created = answer.published.created;
        ensure!(created == EVENTS, "{created} of {EVENTS} events were created");
        Ok(())
    }
}

fn happening(number: u32) -> Value {
    json!({ "event": {
        "idempotencyKey": message::key(number),
        "change": "UPDATED",
        "eventId": content::EVENT,
        "campusKey": content::CAMPUS,
        "title": content::TITLE,
        "startsAt": "2030-11-04T13:15:00Z",
        "changes": { "location": "Lecture hall B 204" },
        "actionUrl": content::ACTION_URL,
    }})
}

/// So many connections at once to a server of their own.
pub(super) async fn measure<C: Call>(
    executable: &Executable,
    folder: &Path,
    connections: u32,
    load: Load,
) -> Result<Measured> {
    let server = executable.start(folder, &[]).await?;
    let token = server.service_token(content::SENDER).await?;
    let directory = json!({
        "campuses": { "campuses": [
            { "key": content::CAMPUS, "name": content::CAMPUS_NAME, "timezone": content::TIMEZONE },
        ]},
        "users": { "users": [{ "key": content::SENDER, "name": content::SENDER_NAME, "role": "SERVICE" }] },
    });
    let mut keeper = Connection::open(server.address(), None, &token).await?;
    let _: IgnoredAny = keeper.execute(DIRECTORY, &directory).await?;
    let mut callers = Vec::new();
    for _ in 0..connections {
        callers.push(C::from(Connection::open(server.address(), None, &token).await?));
    }
    let outcome = drive(callers, load, server.pid()).await?;
    drop(keeper);
    let database = server.stop().await?;
    Ok(Measured {
        written: Written::count(&database, outcome.done * C::PUBLISHES)?,
        outcome,
        publishes: C::PUBLISHES,
    })
}
