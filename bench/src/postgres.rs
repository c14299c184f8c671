//! A PostgreSQL of a benchmark's own, from the programs that are installed: on the disk that is measured, as durable as it comes out
//! of the box (`fsync`, `synchronous_commit`). What it holds is gone with it, or kept in a folder for the next run.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, getuid, kill_process};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// Who runs it where the benchmark is run by root, of whom it will have nothing: `nobody`, `nogroup`.
const NOBODY: u32 = 65_534;
/// How long it may take to start or to stop.
const PATIENCE: Duration = Duration::from_mins(1);
/// What whoever serves many sets for themselves; nothing that makes it less durable.
const SETTINGS: &str = "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 100\n\
    shared_buffers = '512MB'\nmax_wal_size = '4GB'\n";

/// Where the newest PostgreSQL that is installed has its programs; `None` where there is none.
#[derive(Debug, Clone)]
pub struct Programs(PathBuf);

/// A server of databases that runs. Dropping it kills it, and removes its data where nobody keeps them.
#[derive(Debug)]
pub struct Postgres {
    // Before its home.
    process: Mutex<Child>,
    programs: Programs,
    port: u16,
    home: PathBuf,
    // Removed when dropped.
    _temporary: Option<TempDir>,
}

impl Programs {
    /// Finds them where Debian puts them, or on the path.
    pub fn find() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
        let mut packaged: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
        packaged.sort();
        let has_all = |folder: &PathBuf| {
            ["initdb", "postgres", "psql", "pgbench"].iter().all(|name| folder.join(name).exists())
        };
        packaged.into_iter().rev().chain(on_path).find(has_all).map(Self)
    }

    fn command(&self, name: &str, folder: &Path) -> Command {
        let program = self.0.join(name);
        let mut command = if getuid().is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", &NOBODY.to_string(), "--regid", &NOBODY.to_string(), "--clear-groups"]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        command.env_clear().env("LC_ALL", "C").env("PATH", "/usr/bin:/bin").current_dir(folder);
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Makes a cluster in a new folder within `folder`, and starts it; the folder goes with it.
    pub async fn start(&self, folder: &Path) -> Result<Postgres> {
        let home = tempfile::Builder::new().prefix("campanile-bench-postgres-").tempdir_in(folder)?;
        let postgres = self.open(home.path()).await?;
        Ok(Postgres { _temporary: Some(home), ..postgres })
    }

    /// Starts the cluster that a folder has, and makes one where it has none; it stays there.
    pub async fn open(&self, home: &Path) -> Result<Postgres> {
        if !home.join("data").exists() {
            if getuid().is_root() {
                chown(home, Some(NOBODY), Some(NOBODY))?;
            }
            let mut making = self.command("initdb", home);
            making.args(["-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"]);
            let made = making.stdout(Stdio::null()).status().await.context("failed to run initdb")?;
            ensure!(made.success(), "initdb failed");
        }
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        fs::write(home.join("data/postgresql.auto.conf"), format!("{SETTINGS}port = {port}\n"))?;
        let process = Mutex::new(self.run(home)?);
        let postgres =
            Postgres { process, programs: self.clone(), port, home: home.to_owned(), _temporary: None };
        postgres.answers().await?;
        Ok(postgres)
    }

    fn run(&self, home: &Path) -> Result<Child> {
        let mut starting = self.command("postgres", home);
        starting.args(["-D", "data"]).stdout(Stdio::null()).stderr(Stdio::null());
        starting.spawn().context("failed to start PostgreSQL")
    }
}

impl Postgres {
    /// The address of a database of that name.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn client(&self, name: &str) -> Command {
        let mut command = self.programs.command(name, Path::new("/"));
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "postgres"]);
        command
    }

    /// What psql says to these statements.
    pub async fn ask(&self, database: &str, statements: &str) -> Result<String> {
        let mut asking = self.client("psql");
        asking.args(["-qAtX", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statements]);
        let output = asking.output().await.context("failed to run psql")?;
        ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// Runs a script of pgbench's over and over on one connection; gives transactions per second.
    pub async fn pgbench(&self, database: &str, script: &str, for_so_long: Duration) -> Result<f64> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("script.sql");
        fs::write(&file, script)?;
        if getuid().is_root() {
            chown(folder.path(), Some(NOBODY), Some(NOBODY))?;
        }
        let mut running = self.client("pgbench");
        running.args(["--no-vacuum", "--client=1", "--protocol=prepared", "--time"]);
        running.arg(for_so_long.as_secs().max(1).to_string()).arg("--file").arg(&file).arg(database);
        let output = running.output().await.context("failed to run pgbench")?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        ensure!(output.status.success(), "pgbench: {said}{}", String::from_utf8_lossy(&output.stderr));
        per_second(&said).with_context(|| format!("pgbench did not say how fast it was: {said}"))
    }

    /// Asks it to end, waits until it has, does something with its data, and starts it again.
    pub async fn restart(&self, meanwhile: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let mut process = self.process.lock().await;
        end(&mut process).await?;
        meanwhile(&self.home.join("data"))?;
        *process = self.programs.run(&self.home)?;
        self.answers().await
    }

    /// Asks it to end, and waits until it has.
    pub async fn stop(&self) -> Result<()> {
        end(&mut *self.process.lock().await).await
    }

    async fn answers(&self) -> Result<()> {
        let answering = async {
            while self.ask("postgres", "SELECT 1").await.is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, answering).await.context("PostgreSQL took too long to start")
    }
}

async fn end(process: &mut Child) -> Result<()> {
    let pid = process.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    kill_process(pid.context("PostgreSQL has ended")?, Signal::INT)?;
    timeout(PATIENCE, process.wait()).await.context("PostgreSQL took too long to stop")??;
    Ok(())
}

fn per_second(said: &str) -> Option<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_fast_it_was_is_found() {
        let said = "latency average = 4.114 ms\ninitial connection time = 1.9 ms\ntps = 243.047319 (without initial connection time)\n";
        assert_eq!(per_second(said), Some(243.047_319));
        assert_eq!(per_second("nothing"), None);
    }
}
