//! The real server: built for release, started as a process of its own on a free port, and stopped again.

use std::env;
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::build;

/// How long a server may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// The server's executable.
#[derive(Debug, Clone)]
pub struct Executable(PathBuf);

/// A server that runs. Dropping it kills it.
pub struct Server {
    process: Child,
    pid: u32,
    address: SocketAddr,
    executable: Executable,
    data: PathBuf,
}

impl Executable {
    /// Builds the server into the folder `build` of a target folder; see [`build::release`].
    pub async fn build(build: &Path) -> Result<Self> {
        Ok(Self(build::release(build, "campanile-server").await?.join("campanile-server")))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    fn command(&self, name: &str, data: &Path) -> Command {
        let mut command = Command::new(&self.0);
        command.arg(name).arg("--data-dir").arg(data);
        command.stdin(Stdio::null()).kill_on_drop(true);
        // What whoever runs the benchmark has configured for a server of theirs is not for this one.
        for (variable, _) in env::vars_os() {
            if variable.to_string_lossy().starts_with("CAMPANILE_") {
                command.env_remove(variable);
            }
        }
        command.env("RUST_LOG", "warn");
        command
    }

    /// Moves a SQLite database into the empty PostgreSQL one at this address, and shows how far that has come.
    pub async fn copy(&self, from: &Path, to: &str) -> Result<()> {
        let mut command = Command::new(&self.0);
        command.arg("copy").arg("--from").arg(format!("sqlite://{}", from.display())).args(["--to", to]);
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).status().await;
        ensure!(
            status.context("failed to start campanile-server")?.success(),
            "failed to copy {}",
            from.display()
        );
        Ok(())
    }

    /// Starts it with everything of its own in the folder `data` and with these `options`, and waits for its start screen.
    pub async fn start(&self, data: &Path, options: &[&OsStr]) -> Result<Server> {
        let mut command = self.command("serve", data);
        command.args(["--listen", "127.0.0.1:0"]).args(options);
        let mut process =
            command.stdout(Stdio::piped()).spawn().context("failed to start campanile-server")?;
        let address = timeout(PATIENCE, address_on_screen(&mut process))
            .await
            .context("campanile-server took too long to start")??;
        Ok(Server {
            pid: process.id().context("campanile-server has ended")?,
            process,
            address,
            executable: self.clone(),
            data: data.to_owned(),
        })
    }
}

impl Server {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// A token of a service, which may publish anywhere and keep the directory.
    pub async fn service_token(&self, subject: &str) -> Result<String> {
        let mut command = self.executable.command("token", &self.data);
        command.args(["--subject", subject, "--role", "service", "--ttl", "1h"]);
        let output = command.output().await.context("failed to sign a token")?;
        ensure!(output.status.success(), "failed to sign a token");
        Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
    }

    /// Asks it to end, waits until it has, and gives its database.
    pub async fn stop(mut self) -> Result<PathBuf> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        kill_process(pid.context("not a process id")?, Signal::TERM)?;
        let status = timeout(PATIENCE, self.process.wait())
            .await
            .context("campanile-server took too long to stop")??;
        ensure!(status.success(), "campanile-server ended with {status}");
        Ok(self.data.join("campanile.db"))
    }
}

async fn address_on_screen(process: &mut Child) -> Result<SocketAddr> {
    let screen = process.stdout.take().context("campanile-server has no screen")?;
    let mut lines = BufReader::new(screen).lines();
    let mut found = None;
    while let Some(line) = lines.next_line().await? {
        found = found.or_else(|| address_in(&line));
        if line.contains("A token") {
            break;
        }
    }
    found.context("campanile-server did not say where it listens")
}

fn address_in(line: &str) -> Option<SocketAddr> {
    line.split_whitespace().find_map(|word| {
        let (scheme, address) = word.strip_suffix("/graphql")?.split_once("://")?;
        if scheme.starts_with("http") { address.parse().ok() } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_on_the_start_screen() {
        let address = address_in("  GraphQL    http://127.0.0.1:4321/graphql");
        assert_eq!(address, Some(SocketAddr::from(([127, 0, 0, 1], 4321))));
        assert_eq!(address_in("  GraphQL    https://127.0.0.1:4321/graphql"), address);
        assert_eq!(address_in("  GraphiQL   http://127.0.0.1:4321/graphiql"), None);
    }
}
