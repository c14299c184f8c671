//! The log without HTTP: publishers as tasks of this process, each waiting for its publish before the next.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use campanile_server::clock::Clock;
use campanile_server::domain::entry::Appended;
use campanile_server::domain::notification_type;
use campanile_server::log::Log;
use campanile_server::store::{DatabaseUrl, Store};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::Measured;
use super::message::Scene;
use super::written::Written;
use crate::load::{Load, Worker, drive};

/// How often it is looked whether a store is used no more, and for how long at most.
const SOON: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(30);

/// A database with its log, as the server has it.
pub(super) struct Opened {
    pub(super) scene: Scene,
    store: Arc<Store>,
    log: Log,
    /// Reads the log forward, as the server's hub does.
    following: JoinHandle<()>,
}

impl Opened {
    /// Makes a database at `path` with a campus and a sender.
    pub(super) async fn make(path: &Path) -> Result<Self> {
        Self::open(&DatabaseUrl::Sqlite(path.to_owned())).await
    }

    /// Makes the tables of a new database, with a campus and a sender.
    pub(super) async fn open(url: &DatabaseUrl) -> Result<Self> {
        let store = Arc::new(Store::open(url, notification_type::built_in(), Clock::system()).await?);
        let (log, mut tail) = Log::start(Arc::clone(&store)).await?;
        let following = tokio::spawn(async move { while tail.next().await.is_some() {} });
        Ok(Self { scene: Scene::set(&store, &log).await?, store, log, following })
    }

    /// Closes it, so that others may open the file.
    pub(super) async fn close(self) -> Result<()> {
        drop(self.log);
        // The tail ends when the writer has; what hears the other servers a moment later.
        self.following.await?;
        let store = Arc::downgrade(&self.store);
        drop(self.store);
        let used = async {
            while store.strong_count() > 0 {
                sleep(SOON).await;
            }
        };
        timeout(PATIENCE, used).await.context("the store is still in use")
    }

    /// Publishes once.
    #[cfg(test)]
    pub(super) async fn publish(&self, ticket: u32, keyed: bool) -> Result<()> {
        self.publisher(keyed).once(ticket).await
    }

    /// Somebody who publishes.
    pub(super) fn publisher(&self, keyed: bool) -> Publisher {
        Publisher { log: self.log.clone(), scene: self.scene.clone(), keyed }
    }
}

/// Somebody who publishes.
pub(super) struct Publisher {
    log: Log,
    scene: Scene,
    keyed: bool,
}

impl Worker for Publisher {
    async fn once(&mut self, ticket: u32) -> Result<()> {
        match self.log.publish(self.scene.publication(ticket, self.keyed)).await? {
            Appended::New(_) => Ok(()),
            other => bail!("a publish was answered {other:?}"),
        }
    }
}

/// So many publishers at once.
pub(super) async fn measure(folder: &Path, publishers: u32, keyed: bool, load: Load) -> Result<Measured> {
    let path = folder.join("log.db");
    let opened = Opened::make(&path).await?;
    let publishers = (0..publishers).map(|_| opened.publisher(keyed)).collect();
    let outcome = drive(publishers, load, std::process::id()).await?;
    opened.close().await?;
    Ok(Measured { written: Written::count(&path, outcome.done)?, outcome, publishes: 1 })
}
