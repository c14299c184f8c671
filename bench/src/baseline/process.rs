//! A baseline as a process.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// See [`super::bare`].
    Bare,
    /// See [`super::textbook`].
    Textbook,
}

/// A baseline that runs. Dropping it kills it; it ends with this process, too, whose end it sees on its standard input.
pub struct Baseline {
    process: Child,
    /// Where its sockets are.
    pub sockets: SocketAddr,
    /// Where it is told what to publish.
    pub control: SocketAddr,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bare => "bare",
            Self::Textbook => "textbook",
        })
    }
}

impl Baseline {
    /// Starts one. `arguments` are those of the executable's command.
    pub async fn start(executable: &Path, kind: Kind, arguments: &[&str]) -> Result<Self> {
        let mut process = Command::new(executable)
            .arg(kind.to_string())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("failed to start {}", executable.display()))?;
        let screen = process.stdout.take().context("a baseline has no screen")?;
        let line = BufReader::new(screen).lines().next_line().await?;
        let line = line.context("a baseline ended when it began")?;
        let (sockets, control) = line.split_once(' ').context("a baseline did not say where it listens")?;
        Ok(Self { process, sockets: sockets.parse()?, control: control.parse()? })
    }

    /// Its process id.
    pub fn pid(&self) -> Result<u32> {
        self.process.id().context("a baseline has ended")
    }
}
