//! The commands: the interactive client and its twins for scripts. Each returns why it failed; the exit code follows.

mod broadcasts;
mod config;
mod console;
mod dashboard;
mod explain;
mod history;
mod login;
mod manual;
mod mark;
mod output;
mod prefs;
mod run;
mod send;
mod tail;
mod watch;

use std::{io, process::ExitCode};

use output::note;

use crate::{
    app::AppError,
    cli::{Cli, Command},
    config::{ConfigError, Settings},
    credentials::{Credentials, VaultError},
    model::{fault::Fault, link::Backoff},
    net::session::Session,
    when::WhenError,
};

/// Why a command did not do what it was asked to. `campanile --help` documents the exit codes.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The server says no.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// There is no way to the server.
    #[error("cannot reach {server}: {why}")]
    Unreachable {
        /// Where it should be.
        server: String,
        /// What was wrong.
        why: String,
    },
    /// The command line or the config file.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A token could not be kept, or forgotten.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A moment in words.
    #[error(transparent)]
    When(#[from] WhenError),
    /// It is asked for in a wrong way.
    #[error("{0}")]
    Usage(String),
    /// What was run for a notification did not do well.
    #[error("{0}")]
    Child(String, u8),
    /// The terminal, the standard input or output.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The interactive client.
    #[error(transparent)]
    App(#[from] AppError),
}

impl CommandError {
    /// What the shell is told.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Fault(Fault::Unreachable(_)) | Self::Unreachable { .. } => 3,
            Self::Fault(Fault::Unauthenticated(_)) | Self::Config(ConfigError::NoToken(_)) => 4,
            Self::Config(_) | Self::Usage(_) | Self::When(_) => 2,
            Self::Child(_, code) => *code,
            Self::Fault(_) | Self::Vault(_) | Self::Io(_) | Self::App(_) => 1,
        })
    }
}

/// Does what the command line asks for.
pub async fn run(cli: Cli) -> Result<(), CommandError> {
    let (output, connection) = (cli.output, cli.connection);
    let command = match cli.command {
        // These need no server.
        Some(Command::Config(command)) => {
            return blocking(move || config::run(connection, &command, output)).await;
        }
        Some(Command::Login) => return login::login(connection, output).await,
        Some(Command::Logout) => return login::logout(connection, output).await,
        Some(Command::Completions { shell }) => return manual::completions(shell),
        Some(Command::Man { out }) => return manual::pages(out.as_deref()),
        command => command,
    };
    let profiles = console::profiles(&connection);
    let mut settings = blocking(move || Settings::resolve(connection, &Credentials::system())).await?;
    settings.quiet = output.quiet;
    let result = match command {
        // It holds all that is shown.
        None => return Box::pin(watch::run(settings, profiles)).await,
        Some(Command::Tail(args)) => tail::run(&settings, args, output).await,
        Some(Command::Run(args)) => run::run(&settings, args).await,
        Some(Command::Send(args)) => send::run(&settings, args, output).await,
        Some(Command::Read(args)) => mark::read(&settings, args, output).await,
        Some(Command::Unread(args)) => mark::mark(&settings, args.ids, mark::Mark::Unread, output).await,
        Some(Command::Archive(args)) => mark::mark(&settings, args.ids, mark::Mark::Archived, output).await,
        Some(Command::Unarchive(args)) => {
            mark::mark(&settings, args.ids, mark::Mark::Unarchived, output).await
        }
        Some(Command::History(args)) => history::run(&settings, args, output).await,
        Some(Command::Explain(args)) => explain::run(&settings, args, output).await,
        Some(Command::Broadcasts(args)) => broadcasts::run(&settings, args, output).await,
        Some(Command::Prefs(args)) => prefs::run(&settings, args, output).await,
        Some(Command::Dashboard(args)) => dashboard::run(&settings, args, output).await,
        Some(
            Command::Login
            | Command::Logout
            | Command::Config(_)
            | Command::Completions { .. }
            | Command::Man { .. },
        ) => Ok(()),
    };
    result.map_err(|error| reached(error, &settings))
}

/// A failure to reach the server names it.
fn reached(error: CommandError, settings: &Settings) -> CommandError {
    match error {
        CommandError::Fault(Fault::Unreachable(why)) => {
            CommandError::Unreachable { server: settings.endpoint.to_string(), why }
        }
        other => other,
    }
}

/// Does what may wait for a file, a program, a keyring or its user.
async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, CommandError>
where
    T: Send + 'static,
    E: Into<CommandError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(Into::into),
        // It panicked, and has said so.
        Err(error) => Err(io::Error::other(error).into()),
    }
}

/// A command asks so often for the same thing before it gives up.
const ATTEMPTS: u32 = 4;

/// Asks in a session of its own, and again where that may help. What is asked must be harmless to repeat.
async fn persist<T, F>(settings: &Settings, ask: impl Fn(Session) -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, Fault>>,
{
    let mut backoff = Backoff::new(rand::random());
    let mut attempt = 1;
    loop {
        let answer = match Session::open(&settings.endpoint, &settings.token).await {
            Ok(session) => ask(session).await,
            Err(fault) => Err(fault),
        };
        match answer {
            Err(fault) if fault.is_transient() && attempt < ATTEMPTS => {
                note(settings, format_args!("{fault}; trying again"));
                wait(&mut backoff).await;
            }
            answer => return answer,
        }
        attempt += 1;
    }
}

async fn wait(backoff: &mut Backoff) {
    tokio::time::sleep(backoff.delay()).await;
}
