//! Whoever is measured: the server or a baseline, as a process that sockets connect to and that is told what to publish.

mod calls;

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use rustls::ClientConfig;
use tempfile::TempDir;
use tokio::sync::Mutex;

use super::directory;
use crate::audience::Audience;
use crate::baseline::control::Control;
use crate::baseline::notification::Notification;
use crate::baseline::process::{Baseline, Kind};
use crate::content;
use crate::http::Connection;
use crate::server::{Executable, Server};
use crate::tls::Certificate;
use crate::tokens::{SECRET, Tokens};

/// Whoever is measured. It ends when it is dropped, and leaves nothing behind.
pub(super) struct Subject {
    process: Process,
    pid: u32,
    /// One call after the other, so that what is published has the order of its numbers.
    door: Mutex<Door>,
    tls: Option<Arc<ClientConfig>>,
    /// Where it writes; goes when it has ended.
    folder: Option<TempDir>,
}

enum Process {
    Server(Server),
    Baseline(Baseline),
}

enum Door {
    /// GraphQL over HTTP, with the token of a service.
    Graphql(Connection),
    Control(Control),
}

impl Subject {
    /// On this database, or a file of its own.
    pub(super) async fn server(
        executable: &Executable,
        folder: TempDir,
        tokens: &Tokens,
        certificate: Option<&Certificate>,
        database: Option<&str>,
    ) -> Result<Self> {
        let mut options = vec![OsStr::new("--jwt-secret"), OsStr::new(SECRET)];
        options.extend(database.into_iter().flat_map(|url| ["--database-url", url]).map(OsStr::new));
        if let Some(Certificate { certificate, key, .. }) = certificate {
            options.extend(["--tls-cert".as_ref(), certificate.as_os_str()]);
            options.extend(["--tls-key".as_ref(), key.as_os_str()]);
        }
        let tls = certificate.map(|certificate| Arc::clone(&certificate.client));
        let server = executable.start(folder.path(), &options).await?;
        let door = Connection::open(server.address(), tls.as_ref(), &tokens.service()).await?;
        Ok(Self {
            pid: server.pid(),
            process: Process::Server(server),
            door: Mutex::new(Door::Graphql(door)),
            tls,
            folder: Some(folder),
        })
    }

    pub(super) async fn baseline(executable: &Path, kind: Kind) -> Result<Self> {
        let baseline = Baseline::start(executable, kind, &[]).await?;
        let control = Control::open(baseline.control).await?;
        Ok(Self {
            pid: baseline.pid()?,
            process: Process::Baseline(baseline),
            door: Mutex::new(Door::Control(control)),
            tls: None,
            folder: None,
        })
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Where its sockets are.
    pub(super) fn sockets(&self) -> SocketAddr {
        match &self.process {
            Process::Server(server) => server.address(),
            Process::Baseline(baseline) => baseline.sockets,
        }
    }

    /// What to connect with, where it has TLS.
    pub(super) fn tls(&self) -> Option<&Arc<ClientConfig>> {
        self.tls.as_ref()
    }

    /// Makes campuses, and users who are on them. A baseline knows no such thing: all of its sockets are told everything.
    pub(super) async fn set_up(&self, campuses: &[(&str, Range<u32>)]) -> Result<()> {
        match &mut *self.door.lock().await {
            Door::Graphql(keeper) => directory::set_up(keeper, campuses).await,
            Door::Control(_) => Ok(()),
        }
    }

    /// Publishes once, to a campus.
    pub(super) async fn publish(&self, campus: &Audience) -> Result<()> {
        match &mut *self.door.lock().await {
            Door::Graphql(sender) => calls::broadcast(sender, campus).await,
            Door::Control(control) => {
                let mark = campus.mark();
                let title = format!("{mark} {}", content::TITLE);
                control.publish(&[Notification::new(mark.number, title, content::MESSAGE.into())]).await
            }
        }
    }

    /// Publishes `count` times, to these campuses in turn, in one call.
    pub(super) async fn burst(&self, campuses: &[Arc<Audience>], count: u32) -> Result<()> {
        let in_turn = || campuses.iter().cycle().take(count as usize);
        match &mut *self.door.lock().await {
            Door::Graphql(sender) => calls::ingest(sender, in_turn()).await,
            Door::Control(control) => {
                let notifications: Vec<_> =
                    in_turn().map(|campus| calls::as_ingested(campus.mark())).collect();
                control.publish(&notifications).await
            }
        }
    }

    /// Publishes once, to a user.
    pub(super) async fn notify(&self, user: &Audience) -> Result<()> {
        match &mut *self.door.lock().await {
            Door::Graphql(sender) => calls::notify(sender, user).await,
            Door::Control(_) => bail!("a baseline knows no users"),
        }
    }

    /// Asks a server to end, waits until it has, and gives what it has written.
    pub(super) async fn stop(self) -> Result<Option<TempDir>> {
        if let Process::Server(server) = self.process {
            server.stop().await?;
        }
        Ok(self.folder)
    }
}
