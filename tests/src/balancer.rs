//! The balancer as it is deployed: Caddy with the configuration that is shipped, in front of servers on this machine.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::process::Command;

use crate::{caller::Caller, program::Program, wait::until};

/// What is shipped.
pub const CONFIGURATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/Caddyfile");

/// A balancer that runs. Dropping it kills it.
#[derive(Debug)]
pub struct Balancer {
    // Before its home.
    _program: Program,
    address: SocketAddr,
    _home: TempDir,
}

impl Balancer {
    /// Starts one in front of these servers, and waits until it lets requests through.
    pub async fn start(servers: &[SocketAddr]) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let servers: Vec<String> = servers.iter().map(ToString::to_string).collect();
        let mut command = command(&["run", "--config", CONFIGURATION, "--adapter", "caddyfile"]);
        command
            .env("HOME", home.path())
            .env("CAMPANILE_SITE", format!("http://{address}"))
            .env("CAMPANILE_SERVERS", servers.join(" "))
            .current_dir(home.path());
        let program = Program::start_command("caddy", command).context("Caddy has to be installed")?;
        let balancer = Self { _program: program, address, _home: home };
        let anybody = Caller::new(address, None);
        until("the balancer lets a request through", async || {
            (anybody.get("/readyz").await.ok()?.status == 200).then_some(())
        })
        .await?;
        Ok(balancer)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Somebody, who comes through it.
    pub fn before(&self, caller: &Caller) -> Caller {
        Caller { address: self.address, ..caller.clone() }
    }
}

/// Caddy, in an environment of its own.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new("caddy");
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.args(arguments).env_clear().env("PATH", path).env("HOME", "/nonexistent");
    command
}
