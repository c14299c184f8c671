//! Fills databases: the server's own code makes the tables, [`bulk`] writes what [`log`] says into them, and the server
//! derives from it what it derives.

mod bulk;
pub(super) mod log;
pub(super) mod words;

#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Context as _, Result};
use campanile_server::clock::Clock;
use campanile_server::domain::notification_type;
use campanile_server::store::{DatabaseUrl, Store};

use bulk::{Bulk, Directory};
use log::{Act, Acts};

use crate::content;

/// Counts up with every change of what is written.
pub(super) const VERSION: u32 = 2;

/// Campuses of different sizes, whose only members are all users, and the first few.
pub(super) const LARGE_CAMPUS: &str = "large";
/// The first few users' campus.
pub(super) const SMALL_CAMPUS: &str = "small";
/// How many those are.
pub(super) const SMALL: i64 = 10;

/// A log of so many notifications.
pub(super) async fn notifications(database: &Path, notifications: u32) -> Result<()> {
    let types = make(database).await?;
    let acts = Acts::new(notifications);
    blocking(database, move |database| {
        let mut bulk = Bulk::begin(database, types, notifications, bulk::directory())?;
        write(&mut bulk, acts, i64::from(notifications))?;
        bulk.finish()
    })
    .await
}

/// A campus of so many members, and a small one.
pub(super) async fn members(database: &Path, members: u32) -> Result<()> {
    let types = make(database).await?;
    blocking(database, move |database| {
        let members = i64::from(members);
        let sender = (content::SENDER.to_owned(), content::SENDER_NAME.to_owned());
        let users = (1..=members).map(|number| (format!("user-{number:07}"), format!("User {number}")));
        let directory = Directory {
            users: std::iter::once(sender).chain(users),
            campuses: vec![LARGE_CAMPUS.to_owned(), SMALL_CAMPUS.to_owned()],
        };
        // The sender is the first user.
        let join = |campus: i64| move |number: i64| Act::Join { user: number + 1, campus };
        let acts = (1..=members).map(join(1)).chain((1..=SMALL).map(join(2)));
        let mut bulk = Bulk::begin(database, types, u32::try_from(members + SMALL)?, directory)?;
        write(&mut bulk, acts, members + SMALL)?;
        bulk.finish()
    })
    .await
}

/// An empty database, as the server makes it. Gives its numbers of the log's types.
pub(super) async fn make(database: &Path) -> Result<Vec<i32>> {
    let url = DatabaseUrl::Sqlite(database.to_owned());
    let store = Store::open(&url, notification_type::built_in(), Clock::system()).await?;
    let number = |name: &str| {
        let found = store.types().named(name).map(|known| known.id.0);
        found.with_context(|| format!("the server knows no type {name}"))
    };
    let types = bulk::type_names().map(number).collect();
    store.close().await;
    types
}

async fn blocking(database: &Path, fill: impl FnOnce(&Path) -> Result<()> + Send + 'static) -> Result<()> {
    let database = database.to_owned();
    tokio::task::spawn_blocking(move || fill(&database)).await?
}

fn write(bulk: &mut Bulk, acts: impl Iterator<Item = Act>, expected: i64) -> Result<()> {
    let tenth = (expected / 10).max(1);
    let told = std::cell::Cell::new(0);
    bulk.write(acts, |seq| {
        if seq / tenth > told.get() {
            told.set(seq / tenth);
            eprintln!("    {seq} entries");
        }
    })
}
