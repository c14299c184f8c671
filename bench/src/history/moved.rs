//! Filled databases on PostgreSQL: the server's own `copy` moves there what was filled for SQLite, so that one fill serves both, and
//! people see the same. Each has a PostgreSQL of its own, so that one can be restarted without the others.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, Result};
use rustix::fs::{Advice, fadvise};

use super::kept::Filled;
use crate::postgres::{Postgres, Programs};
use crate::server::Executable;

const DATABASE: &str = "postgres";

/// A database that was moved.
#[derive(Debug, Clone)]
pub(super) struct Moved(Arc<Postgres>);

impl Moved {
    /// Moves it to a PostgreSQL that is made in `folder`; what is said of it afterwards is said of that.
    pub(super) async fn from(
        filled: Filled,
        programs: &Programs,
        executable: &Executable,
        folder: &Path,
    ) -> Result<Filled> {
        let began = Instant::now();
        let postgres = programs.start(folder).await?;
        executable.copy(&filled.database(), &postgres.url(DATABASE)).await?;
        // As PostgreSQL itself would some minutes later.
        postgres.ask(DATABASE, "VACUUM").await?;
        let bytes = postgres.ask(DATABASE, "SELECT pg_database_size(current_database())").await?;
        let bytes = bytes.parse().context("a size that is no number")?;
        let moved = Some(Self(Arc::new(postgres)));
        Ok(Filled { bytes, took: Some(began.elapsed()), moved, ..filled })
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
    for entry in std::fs::read_dir(folder)? {
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
