//! Filled databases, which are kept from one run to the next: filling takes minutes, and what is measured is reading.
//!
//! They are in `campanile-bench-history/KEY/NAME/campanile.db`, in the folder where figures are made. The key is of the tables
//! that the server makes and of the version of what is filled in, so that no run finds what another one's code has filled.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::fill;
use super::moved::Moved;

/// In the folder where figures are made; beside it are other benchmarks' databases.
const FOLDER: &str = "campanile-bench-history";
/// What the server calls its database.
const FILE: &str = "campanile.db";

/// The folder of databases that this code has filled.
pub(super) struct Kept {
    folder: PathBuf,
}

/// A database.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    /// The server's data folder.
    pub(super) folder: PathBuf,
    /// How large the file is.
    pub(super) bytes: u64,
    /// How long it took to fill, or to move, where this run did.
    pub(super) took: Option<Duration>,
    /// Where it was moved to, if it was.
    pub(super) moved: Option<Moved>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    text: String,
}

impl Kept {
    /// In this folder; databases of other code are removed.
    pub(super) async fn open(within: &Path) -> Result<Self> {
        let root = within.join(FOLDER);
        fs::create_dir_all(&root)?;
        let key = key(&root).await?;
        for other in fs::read_dir(&root)? {
            let other = other?;
            if other.file_name() != key.as_str() {
                eprintln!("removing databases of another schema: {}", other.path().display());
                fs::remove_dir_all(other.path())?;
            }
        }
        Ok(Self { folder: root.join(key) })
    }

    /// The database of this name, filled by `fill` where it is not there yet, which needs about `space` bytes.
    pub(super) async fn database(
        &self,
        name: &str,
        space: u64,
        fill: impl AsyncFnOnce(&Path) -> Result<()>,
    ) -> Result<Filled> {
        let fill = async |folder: &Path| {
            let database = folder.join(FILE);
            fill(&database).await?;
            Ok(fs::File::open(database)?.sync_all()?)
        };
        let (folder, took) = self.folder(name, space, fill).await?;
        Ok(Filled { bytes: fs::metadata(folder.join(FILE))?.len(), folder, took, moved: None })
    }

    /// The folder of this name, filled by `fill` where it is not there yet, and how long that took if this run did it.
    pub(super) async fn folder(
        &self,
        name: &str,
        space: u64,
        fill: impl AsyncFnOnce(&Path) -> Result<()>,
    ) -> Result<(PathBuf, Option<Duration>)> {
        let folder = self.folder.join(name);
        let mut took = None;
        if !folder.exists() {
            eprintln!("filling {name}");
            let began = Instant::now();
            let partial = self.folder.join(format!("{name}.partial"));
            if partial.exists() {
                fs::remove_dir_all(&partial)?;
            }
            fs::create_dir_all(&partial)?;
            check_space(&partial, space)?;
            fill(&partial).await.with_context(|| format!("failed to fill {name}"))?;
            fs::rename(&partial, &folder)?;
            took = Some(began.elapsed());
        }
        Ok((folder, took))
    }
}

impl Filled {
    /// What a server is told to be on it, beside its folder.
    pub(super) fn options(&self) -> Vec<String> {
        let moved = self.moved.iter();
        moved.flat_map(|moved| ["--database-url".to_owned(), moved.url()]).collect()
    }

    pub(super) fn database(&self) -> PathBuf {
        self.folder.join(FILE)
    }
}

/// Of the tables that the server makes, on either kind of database, and of what is filled in.
async fn key(root: &Path) -> Result<String> {
    let folder = tempfile::tempdir_in(root)?;
    let database = folder.path().join(FILE);
    fill::make(&database).await?;
    let mut connection = SqliteConnection::establish(&database.to_string_lossy())?;
    let schema = "SELECT coalesce(sql, name) AS text FROM sqlite_schema ORDER BY 1";
    let schema: Vec<Row> = diesel::sql_query(schema).load(&mut connection)?;
    let mut hasher = DefaultHasher::new();
    fill::VERSION.hash(&mut hasher);
    for row in schema {
        row.text.hash(&mut hasher);
    }
    // Those that are moved are beside what they were filled from.
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/postgres");
    let mut files = Vec::new();
    for migration in fs::read_dir(&migrations)? {
        files.push(migration?.path().join("up.sql"));
    }
    files.sort();
    for file in files {
        fs::read_to_string(&file).with_context(|| file.display().to_string())?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn check_space(folder: &Path, needed: u64) -> Result<()> {
    let disk = rustix::fs::statvfs(folder)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    ensure!(
        free > needed,
        "{} has {} MiB free, and filling takes {}",
        folder.display(),
        free >> 20,
        needed >> 20
    );
    Ok(())
}
