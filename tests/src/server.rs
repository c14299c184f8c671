//! The real `campanile-server`, on a free port of the loopback interface, with a data folder and a database of its own: on
//! whichever kind of database this run is about, unless a test says what else.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitStatus,
};

use anyhow::{Context, Result, ensure};
use campanile_test_database::Database;
use rustix::process::{Resource, Rlimit, Signal, getrlimit, prlimit};
use tempfile::TempDir;

use crate::{
    binaries,
    caller::Caller,
    program::{Ended, Program},
};

/// A server that runs. Dropping it kills it, and removes its data.
#[derive(Debug)]
pub struct Server {
    // Before its home and its database: fields are dropped in order, and the process must be gone when its data goes.
    program: Program,
    address: SocketAddr,
    options: Vec<String>,
    home: TempDir,
    database: Option<Database>,
}

/// The roles that a token can claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Reads their own feed.
    Member,
    /// A part of the platform: publishes, and keeps the directory.
    Service,
    /// May do everything.
    SuperAdmin,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Service => "service",
            Self::SuperAdmin => "super-admin",
        }
    }
}

impl Server {
    /// Starts a server on nothing, and waits for its start screen.
    pub async fn start() -> Result<Self> {
        Self::start_with(&[]).await
    }

    /// As [`Self::start`], with more options of `serve`; one of them may name another database.
    pub async fn start_with(options: &[&str]) -> Result<Self> {
        let elsewhere = options.contains(&"--database-url");
        Self::start_on((!elsewhere).then(Database::new), options).await
    }

    /// As [`Self::start_with`], with a file in its data folder, for what is about files only.
    pub async fn start_on_file(options: &[&str]) -> Result<Self> {
        Self::start_on(Some(Database::file()), options).await
    }

    async fn start_on(database: Option<Database>, options: &[&str]) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let mut options: Vec<_> = options.iter().map(|&option| option.to_owned()).collect();
        if let Some(database) = &database {
            options.extend(["--database-url".to_owned(), database.url()]);
        }
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut program = serve(home.path(), any_port, &options)?;
        let address = address_on_screen(&mut program).await?;
        Ok(Self { program, address, options, home, database })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as a client is given it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its home, which holds its data folder and nothing else: its database is elsewhere.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where it keeps its secret.
    pub fn data_folder(&self) -> PathBuf {
        data_folder(self.home.path())
    }

    /// Its database, past the server.
    pub fn database(&self) -> Result<&Database> {
        self.database.as_ref().context("the database is not the server's own")
    }

    /// The options that it was started with.
    pub fn options(&self) -> &[String] {
        &self.options
    }

    /// Whether it finds its disk full from now on: it can then make no file longer than a byte.
    pub fn set_disk_full(&self, full: bool) -> Result<()> {
        let limit = Rlimit { current: full.then_some(1), maximum: None };
        prlimit(Some(self.program.pid()?), Resource::Fsize, limit)?;
        Ok(())
    }

    /// How many descriptors it may have open from now on.
    pub fn set_descriptors(&self, most: u64) -> Result<()> {
        let limit = Rlimit { current: Some(most), maximum: getrlimit(Resource::Nofile).maximum };
        prlimit(Some(self.program.pid()?), Resource::Nofile, limit)?;
        Ok(())
    }

    /// Waits until it has logged a line with this in it.
    pub async fn log_line(&mut self, text: &str) -> Result<String> {
        self.program.stderr.line_with(text).await
    }

    /// Kills it as a power cut would: no handler runs, nothing is flushed.
    pub async fn kill_9(&mut self) -> Result<()> {
        self.program.signal(Signal::KILL)?;
        self.program.exit().await?;
        Ok(())
    }

    /// Stops it in the middle of whatever it does; or lets it go on from there.
    pub fn pause(&self, paused: bool) -> Result<()> {
        self.program.signal(if paused { Signal::STOP } else { Signal::CONT })
    }

    /// Asks it to end, as a service manager does, and waits until it has.
    pub async fn terminate(&mut self) -> Result<ExitStatus> {
        self.ask_to_end()?;
        self.ended().await
    }

    /// Sends SIGTERM and does not wait.
    pub fn ask_to_end(&self) -> Result<()> {
        self.program.signal(Signal::TERM)
    }

    /// Waits until it has ended.
    pub async fn ended(&mut self) -> Result<ExitStatus> {
        self.program.exit().await
    }

    /// Starts a server that has ended again, on the same data and at the same address: clients that reconnect find it.
    pub async fn restart(&mut self) -> Result<()> {
        let mut program = serve(self.home.path(), self.address, &self.options)?;
        let address = address_on_screen(&mut program).await?;
        ensure!(address == self.address, "restarted at {address} instead of {}", self.address);
        self.program = program;
        Ok(())
    }

    /// A token for an hour, signed by `campanile-server token`.
    pub async fn token(&self, subject: &str, role: Role) -> Result<String> {
        self.token_for(subject, role, "1h").await
    }

    /// A token that runs out, e.g. after `3s`.
    pub async fn token_for(&self, subject: &str, role: Role, ttl: &str) -> Result<String> {
        let data = self.data_folder();
        let data = data.to_str().context("the data folder's name is not text")?;
        let mut arguments = vec!["token", "--data-dir", data, "--subject", subject, "--ttl", ttl];
        if role != Role::Member {
            arguments.extend(["--role", role.as_str()]);
        }
        let Ended { status, stdout, stderr } =
            Program::run(binaries::SERVER, &arguments, self.home.path()).await?;
        ensure!(status.success(), "failed to sign a token: {stderr}");
        Ok(stdout.trim_end().to_owned())
    }

    /// Someone with a token of their own.
    pub async fn caller(&self, subject: &str, role: Role) -> Result<Caller> {
        Ok(Caller::new(self.address, Some(self.token(subject, role).await?)))
    }

    /// A member, who has to be in the directory to be told anything.
    pub async fn member(&self, subject: &str) -> Result<Caller> {
        self.caller(subject, Role::Member).await
    }

    /// The platform: publishes, and keeps the directory.
    pub async fn service(&self) -> Result<Caller> {
        self.caller("platform", Role::Service).await
    }
}

/// Finds the address on the start screen of `serve` or `demo`.
pub async fn address_on_screen(program: &mut Program) -> Result<SocketAddr> {
    program.stdout.find("the start screen shows the address of the API", address_in).await
}

/// Starts `campanile-server serve` in `home`, without waiting for anything.
pub fn serve(home: &Path, listen: SocketAddr, options: &[String]) -> Result<Program> {
    let data = data_folder(home);
    let data = data.to_str().context("the data folder's name is not text")?;
    let listen = listen.to_string();
    let mut arguments = vec!["serve", "--listen", &listen, "--data-dir", data];
    arguments.extend(options.iter().map(String::as_str));
    Program::start(binaries::SERVER, &arguments, home)
}

fn data_folder(home: &Path) -> PathBuf {
    home.join("campanile")
}

fn address_in(screen: &str) -> Option<SocketAddr> {
    screen
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("http://").or_else(|| word.strip_prefix("https://")))
        .find_map(|rest| rest.strip_suffix("/graphql")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_on_a_start_screen() {
        let screen = "Campanile\n  GraphQL   http://127.0.0.1:8080/graphql\n  GraphiQL  http://127.0.0.1:8080/graphiql\n";
        assert_eq!(address_in(screen), Some(SocketAddr::from(([127, 0, 0, 1], 8080))));
        assert_eq!(address_in("Campanile\n  GraphQL   "), None);
    }
}
