//! Filled databases on PostgreSQL: the server's own `copy` moves there what was filled for SQLite, so that one fill serves both, and
//! people see the same. Each has a PostgreSQL of its own, so that one can be restarted without the others; it is kept beside what
//! it was filled from, for the next run.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use rustix::fs::{Advice, fadvise};

use super::kept::{Filled, Kept};
use crate::postgres::{Postgres, Programs};
use crate::server::Executable;

const DATABASE: &str = "postgres";

/// A database that was moved.
#[derive(Debug, Clone)]
pub(super) struct Moved(Arc<Postgres>);

impl Moved {
    /// Moves the database of this name to a PostgreSQL, unless an earlier run did, which needs about `space` bytes; what is said
    /// of it afterwards is said of that.
    pub(super) async fn from(
        name: &str,
        filled: Filled,
        kept: &Kept,
        space: u64,
        programs: &Programs,
        executable: &Executable,
    ) -> Result<Filled> {
        let move_there = async |folder: &Path| {
            let postgres = programs.open(folder).await?;
            executable.copy(&filled.database(), &postgres.url(DATABASE)).await?;
            // As PostgreSQL itself would some minutes later.
            postgres.ask(DATABASE, "VACUUM").await?;
            postgres.stop().await
        };
        let (folder, took) = kept.folder(&format!("{name}-on-postgres"), space, move_there).await?;
        let postgres = programs.open(&folder).await?;
        let bytes = postgres.ask(DATABASE, "SELECT pg_database_size(current_database())").await?;
        let bytes = bytes.parse().context("a size that is no number")?;
        let moved = Some(Self(Arc::new(postgres)));
        Ok(Filled { bytes, took, moved, ..filled })
    }

    /// Stops it; what it holds is kept.
    pub(super) async fn stop(&self) -> Result<()> {
        self.0.stop().await
    }

    pub(super) fn url(&self) -> String {
        self.0.url(DATABASE)
    }

    /// Runs statements, past the server.
    pub(super) async fn run(&self, statements: &str) -> Result<()> {
        self.0.ask(DATABASE, statements).await.map(drop)
    }

    /// Restarts it, and nothing of it is in memory.
    pub(super) async fn restart_cold(&self) -> Result<()> {
        self.0.restart(|data| forget(&data.join("base"))).await
    }
}

/// Has the system forget what it has of the files below `folder`, all of which is on the disk by now.
fn forget(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            forget(&path)?;
        } else {
            let file = File::open(&path)?;
            file.sync_all()?;
            fadvise(&file, 0, None, Advice::DontNeed)?;
        }
    }
    Ok(())
}
