//! One process under test: started in an environment of its own, its output read as it comes, ended by its own id.

use std::{
    path::Path,
    process::{ExitStatus, Stdio},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    task::JoinHandle,
};

use crate::{binaries, wait::within};

/// A program that runs. Dropping it kills it.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// What it has written to standard output.
    pub stdout: Transcript,
    /// What it has written to standard error.
    pub stderr: Transcript,
}

/// How a program ended, and all that it wrote.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error.
    pub stderr: String,
}

impl Program {
    /// Starts [`binaries::SERVER`] or [`binaries::CLIENT`] with `home` as its home, where it may keep things.
    ///
    /// It inherits nothing else from whoever runs the tests: a developer's own settings must not decide how they end.
    /// The signal for a file that grows too long is ignored, so that writing to it fails, as it does on a full disk.
    pub fn start(name: &str, arguments: &[&str], home: &Path) -> Result<Self> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", r#"trap '' XFSZ; exec "$0" "$@""#]).arg(binaries::path(name)?).args(arguments);
        command.env_clear().env("HOME", home).current_dir(home);
        // Nor is the keyring of whoever runs this asked.
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        Self::start_command(name, command)
    }

    /// Starts a command that was put together elsewhere; `name` is put before its output when a test fails.
    pub fn start_command(name: &str, mut command: Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("failed to start {name}"))?;
        let stdout = child.stdout.take().context("standard output is not piped")?;
        let stderr = child.stderr.take().context("standard error is not piped")?;
        Ok(Self {
            child,
            stdout: Transcript::of(format!("{name}: "), stdout),
            stderr: Transcript::of(format!("{name} (stderr): "), stderr),
        })
    }

    /// Runs a program to its end.
    pub async fn run(name: &str, arguments: &[&str], home: &Path) -> Result<Ended> {
        Self::start(name, arguments, home)?.end().await
    }

    /// Its process id. An error once its end has been seen.
    pub fn pid(&self) -> Result<Pid> {
        let id = self.child.id().context("the program has ended")?;
        Pid::from_raw(i32::try_from(id)?).context("0 is no process id")
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill_process(self.pid()?, signal)?)
    }

    /// Waits for its end, and for the rest of its output.
    pub async fn end(mut self) -> Result<Ended> {
        let status = self.exit().await?;
        Ok(Ended { status, stdout: self.stdout.all().await?, stderr: self.stderr.all().await? })
    }

    /// Waits for its end.
    pub async fn exit(&mut self) -> Result<ExitStatus> {
        Ok(within("the program ends", self.child.wait()).await??)
    }
}

/// What a program has written so far, in whole lines.
///
/// Each line is printed as well: the test runner shows it when the test fails.
#[derive(Debug)]
pub struct Transcript {
    lines: watch::Receiver<String>,
    reader: JoinHandle<()>,
}

impl Transcript {
    fn of(prefix: String, output: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let (sender, lines) = watch::channel(String::new());
        let reader = tokio::spawn(async move {
            let mut output = BufReader::new(output).lines();
            while let Ok(Some(line)) = output.next_line().await {
                println!("{prefix}{line}");
                sender.send_modify(|text| {
                    text.push_str(&line);
                    text.push('\n');
                });
            }
        });
        Self { lines, reader }
    }

    /// What has been written by now.
    pub fn text(&self) -> String {
        self.lines.borrow().clone()
    }

    /// Waits until `find` finds something in all that has been written.
    pub async fn find<T>(&mut self, what: &str, mut find: impl FnMut(&str) -> Option<T>) -> Result<T> {
        let mut found = None;
        let wait = self.lines.wait_for(|text| {
            found = find(text);
            found.is_some()
        });
        if within(what, wait).await?.is_err() {
            bail!("the output ended before this: {what}\n{}", self.text());
        }
        found.context("a condition that held has to have found something")
    }

    /// Waits for a line with `text` in it, and returns that line.
    pub async fn line_with(&mut self, text: &str) -> Result<String> {
        let what = format!("a line with {text:?} is written");
        self.find(&what, |all| all.lines().find(|line| line.contains(text)).map(str::to_owned)).await
    }

    async fn all(mut self) -> Result<String> {
        within("the output ends", &mut self.reader).await??;
        Ok(self.text())
    }
}
