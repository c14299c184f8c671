//! A PostgreSQL of a test's own, on a free port, which the test may stop, start and restore.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    os::unix::fs::{OpenOptionsExt as _, chown},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use rustix::process::{Signal, getuid};
use tempfile::TempDir;
use tokio::process::Command;
use tokio_postgres::{Client, NoTls};

use crate::{
    program::Program,
    wait::{until, within},
};

/// Who runs it where the tests are run by root, of whom it will have nothing: `nobody`, `nogroup`.
const NOBODY: u32 = 65_534;

/// A database server that runs. Dropping it kills it, and removes its data.
#[derive(Debug)]
pub struct Postgres {
    // Before its home: the process must be gone when its data goes.
    program: Option<Program>,
    binaries: PathBuf,
    port: u16,
    home: TempDir,
}

/// How a database server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Whoever is connected is cut off, and what is under way rolled back.
    Fast,
    /// As a crash: what was committed is found in its log afterwards.
    Immediate,
}

impl Postgres {
    /// Makes a cluster and starts it.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// The same, with these files in its data folder, by their names: what they say is added to what is there.
    pub async fn start_with(files: &[(&str, &str)]) -> Result<Self> {
        let home = tempfile::tempdir()?;
        if getuid().is_root() {
            chown(home.path(), Some(NOBODY), Some(NOBODY))?;
        }
        let binaries = binaries().context("no PostgreSQL is installed: initdb was not found")?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut postgres = Self { program: None, binaries, port, home };
        let data = postgres.data();
        let data = data.to_str().context("a folder's name is not text")?;
        let arguments =
            ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
        let made = postgres.run("initdb", &arguments)?.end().await?;
        ensure!(made.status.success(), "initdb failed: {}", made.stderr);
        for (name, content) in files {
            postgres.add(name, content)?;
        }
        postgres.begin().await?;
        Ok(postgres)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// The address of its one database.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The address of a database of that name.
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Stops it, and waits until it has ended.
    pub async fn stop(&mut self, how: Stop) -> Result<()> {
        let mut program = self.program.take().context("it does not run")?;
        program.signal(match how {
            Stop::Fast => Signal::INT,
            Stop::Immediate => Signal::QUIT,
        })?;
        program.exit().await?;
        Ok(())
    }

    /// Starts it again, and waits until it takes connections.
    pub async fn begin(&mut self) -> Result<()> {
        let (data, home) = (self.data(), self.home.path().to_owned());
        let (data, home) = (data.to_str().context("not text")?, home.to_str().context("not text")?);
        let port = self.port.to_string();
        // Its shared memory is with its data, and goes with them: one that is killed leaves it behind.
        let shared = "dynamic_shared_memory_type=mmap";
        let listen = "listen_addresses=127.0.0.1";
        let arguments = ["-D", data, "-p", &port, "-k", home, "-c", listen, "-c", shared];
        let program = self.program.insert(self.run("postgres", &arguments)?);
        program.stderr.line_with("database system is ready to accept connections").await?;
        Ok(())
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.program.is_some()
    }

    /// A connection to that database, past the servers.
    pub async fn connect(&self, database: &str) -> Result<Client> {
        let address = format!("{}?connect_timeout=5", self.url_of(database));
        let (client, connection) = tokio_postgres::connect(&address, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// Runs statements in that database.
    pub async fn execute(&self, database: &str, statements: &str) -> Result<()> {
        Ok(within("the database answers", self.connect(database).await?.batch_execute(statements)).await??)
    }

    /// The number that a query gives.
    pub async fn number(&self, query: &str) -> Result<i64> {
        let client = self.connect("postgres").await?;
        let row = within("the database answers", client.query_one(&format!("SELECT ({query})::bigint"), &[]))
            .await??;
        Ok(row.try_get(0)?)
    }

    /// Waits until a query gives this number.
    pub async fn until_number(&self, query: &str, expected: i64) -> Result<()> {
        until(query, async || (self.number(query).await.ok()? == expected).then_some(())).await
    }

    fn add(&self, name: &str, content: &str) -> Result<()> {
        let path = self.data().join(name);
        // A key is nobody else's to read.
        let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path)?;
        file.write_all(content.as_bytes())?;
        if getuid().is_root() {
            chown(&path, Some(NOBODY), Some(NOBODY))?;
        }
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn run(&self, name: &str, arguments: &[&str]) -> Result<Program> {
        let path = self.binaries.join(name);
        let mut command = if getuid().is_root() {
            let mut command = Command::new("setpriv");
            let id = NOBODY.to_string();
            command
                .args([format!("--reuid={id}"), format!("--regid={id}"), "--clear-groups".to_owned()])
                .arg(path);
            command
        } else {
            Command::new(path)
        };
        command
            .args(arguments)
            .env_clear()
            .env("LC_ALL", "C")
            .env("PATH", "/usr/bin:/bin")
            .current_dir(self.home.path());
        Program::start_command(name, command)
    }
}

/// Where the newest PostgreSQL that is installed has its programs.
fn binaries() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let mut packaged: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    packaged.sort();
    let has_all = |folder: &Path| folder.join("initdb").exists() && folder.join("postgres").exists();
    packaged.into_iter().rev().chain(on_path).find(|folder| has_all(folder))
}
