//! A server with a filled database, and those two whose histories are read there.

use std::ffi::OsStr;
use std::fs::File;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use rustix::fs::{Advice, fadvise};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fill::log::{MUTED, TYPES};
use super::kept::Filled;
use super::people::Person;
use crate::cpu;
use crate::http::Connection;
use crate::server::{Executable, Server};
use crate::tokens::{SECRET, Tokens};

/// Nothing comes of age while it is measured.
const AGELESS: [&str; 4] = ["--archive-after", "100years", "--keep-for", "100years"];

/// Of the read part, each such one was marked unread again.
const UNREAD_AGAIN: usize = 50;
/// Of the unread part, each such one was read.
pub(super) const READ_ALONE: usize = 20;
/// Counts are exact up to this.
const COUNTED: usize = 1_000;

/// All of it, whether it is muted or not.
const WALK: &str = "query Walk($after: String) {
    page: notifications(first: 100, after: $after, filter: { muted: true }) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }
}";
const MARK_ALL_READ: &str =
    "mutation All($through: ID!) { markAllRead(input: { through: $through }) { __typename } }";
const MARK_READ: &str = "mutation Read($ids: [ID!]!) { markRead(input: { ids: $ids }) { __typename } }";
const MARK_UNREAD: &str = "mutation Unread($ids: [ID!]!) { markUnread(input: { ids: $ids }) { __typename } }";
const MUTE: &str = "mutation Mute($types: [TypePreferenceInput!]!) {
    updatePreferences(input: { types: $types }) { __typename }
}";

/// A database, and its server where that runs.
pub(super) struct Stage {
    /// Notifications in the log.
    pub(super) notifications: u32,
    pub(super) filled: Filled,
    executable: Executable,
    tokens: Tokens,
    running: Option<Running>,
    /// What each person sees, newest first, as a walk has found it.
    feeds: [Vec<Place>; 2],
}

struct Running {
    server: Server,
    /// One keep-alive connection for each person.
    connections: [Connection; 2],
}

/// A place in a feed.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) cursor: String,
}

#[derive(Deserialize)]
struct Walk {
    page: Page,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    edges: Vec<Edge>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
struct Edge {
    cursor: String,
    node: Node,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

impl Stage {
    /// Starts the server, walks through both feeds, and makes receipts and preferences those that figures begin with.
    pub(super) async fn set(notifications: u32, filled: Filled, executable: &Executable) -> Result<Self> {
        let mut stage = Self {
            notifications,
            filled,
            executable: executable.clone(),
            tokens: Tokens::new()?,
            running: None,
            feeds: [Vec::new(), Vec::new()],
        };
        stage.start().await?;
        for person in Person::ALL {
            // A run that was broken off may have left it muted.
            stage.mute(person, false).await?;
        }
        stage.walk().await?;
        for person in Person::ALL {
            stage.restore(person).await?;
        }
        Ok(stage)
    }

    /// What a person sees, newest first.
    pub(super) fn feed(&self, person: Person) -> &[Place] {
        &self.feeds[person as usize]
    }

    /// How many of the newest are not read, but for some.
    pub(super) fn unread(&self, person: Person) -> usize {
        person.unread(self.notifications) as usize
    }

    /// What a count of them answers.
    pub(super) fn unread_count(&self, person: Person) -> usize {
        let (unread, feed) = (self.unread(person), self.feed(person).len());
        let all = unread - unread.div_ceil(READ_ALONE) + (feed - unread).div_ceil(UNREAD_AGAIN);
        all.min(COUNTED)
    }

    /// CPU time of the server so far.
    pub(super) fn cpu(&self) -> Result<Duration> {
        cpu::time_of(self.running.as_ref().context("the server does not run")?.server.pid())
    }

    pub(super) async fn start(&mut self) -> Result<()> {
        let secret = ["--jwt-secret", SECRET];
        let database = self.filled.options();
        let options = secret.into_iter().chain(AGELESS).chain(database.iter().map(String::as_str));
        let options: Vec<&OsStr> = options.map(OsStr::new).collect();
        let server = self.executable.start(&self.filled.folder, &options).await?;
        let [reader, busy] = Person::ALL.map(|person| self.tokens.member(person.key()));
        let connections = [
            Connection::open(server.address(), None, &reader).await?,
            Connection::open(server.address(), None, &busy).await?,
        ];
        self.running = Some(Running { server, connections });
        Ok(())
    }

    pub(super) async fn stop(&mut self) -> Result<()> {
        if let Some(Running { server, connections }) = self.running.take() {
            drop(connections);
            server.stop().await?;
        }
        Ok(())
    }

    /// Starts the server anew, and nothing of its database is in memory.
    pub(super) async fn restart_cold(&mut self) -> Result<()> {
        self.stop().await?;
        if let Some(moved) = &self.filled.moved {
            moved.restart_cold().await?;
            return self.start().await;
        }
        let file = File::open(self.filled.database())?;
        // Only what is on the disk already can be forgotten.
        file.sync_all()?;
        fadvise(&file, 0, None, Advice::DontNeed)?;
        self.start().await
    }

    /// Asks, as this person, and gives the answer and how long it took.
    pub(super) async fn ask(
        &mut self,
        person: Person,
        query: &str,
        variables: &Value,
    ) -> Result<(Value, Duration)> {
        let running = self.running.as_mut().context("the server does not run")?;
        let began = Instant::now();
        let answer = running.connections[person as usize].execute(query, variables).await?;
        Ok((answer, began.elapsed()))
    }

    /// Walks through all of both feeds: what is measured afterwards is in memory, as far as there is room.
    pub(super) async fn walk(&mut self) -> Result<()> {
        for person in Person::ALL {
            let (mut feed, mut after) = (Vec::new(), None);
            loop {
                let (answer, _) = self.ask(person, WALK, &json!({ "after": after })).await?;
                let Walk { page } = serde_json::from_value(answer)?;
                feed.extend(
                    page.edges.into_iter().map(|Edge { cursor, node }| Place { id: node.id, cursor }),
                );
                if !page.page_info.has_next_page {
                    break;
                }
                after = page.page_info.end_cursor;
            }
            let expected = person.feed(self.notifications) as usize;
            ensure!(feed.len() == expected, "{}'s feed has {}, not {expected}", person.key(), feed.len());
            self.feeds[person as usize] = feed;
        }
        Ok(())
    }

    /// Makes a person's receipts those that figures begin with: all but the newest are read by one mark; a few below were marked
    /// unread again, and a few above read alone.
    pub(super) async fn restore(&mut self, person: Person) -> Result<()> {
        // Nothing in the API takes a mark back.
        if let Some(moved) = &self.filled.moved {
            moved.run(&forgetting(person)).await?;
        } else {
            let database = self.filled.database();
            tokio::task::spawn_blocking(move || forget(&database, person)).await??;
        }
        let (feed, unread) = (self.feed(person), self.unread(person));
        let ids = |places: &[Place], every| -> Value {
            places.iter().step_by(every).take(COUNTED).map(|place| place.id.as_str()).collect()
        };
        let (again, alone) = (ids(&feed[unread..], UNREAD_AGAIN), ids(&feed[..unread], READ_ALONE));
        let through = feed[unread].id.clone();
        self.ask(person, MARK_ALL_READ, &json!({ "through": through })).await?;
        self.mark_unread(person, &again).await?;
        self.ask(person, MARK_READ, &json!({ "ids": alone })).await?;
        Ok(())
    }

    /// Marks these unread again.
    pub(super) async fn mark_unread(&mut self, person: Person, ids: &Value) -> Result<()> {
        self.ask(person, MARK_UNREAD, &json!({ "ids": ids })).await.map(drop)
    }

    /// Mutes what 90 % of all notifications are of, or takes that back.
    pub(super) async fn mute(&mut self, person: Person, muted: bool) -> Result<()> {
        let enabled = if muted { json!(false) } else { Value::Null };
        let types = TYPES[..MUTED].iter().map(|(name, _)| json!({ "type": name, "enabled": enabled }));
        let variables = json!({ "types": types.collect::<Value>() });
        self.ask(person, MUTE, &variables).await.map(drop)
    }
}

/// Takes back all that a person has ever read.
fn forget(database: &std::path::Path, person: Person) -> Result<()> {
    let mut connection = SqliteConnection::establish(&database.to_string_lossy())?;
    connection.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA synchronous = OFF;")?;
    connection.batch_execute(&format!("BEGIN IMMEDIATE; {} COMMIT;", forgetting(person)))?;
    Ok(())
}

fn forgetting(person: Person) -> String {
    let user = person.id();
    format!(
        "DELETE FROM read_mark WHERE user_id = {user}; DELETE FROM read_exception WHERE user_id = {user};"
    )
}
