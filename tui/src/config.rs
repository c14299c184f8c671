//! Where the server and the token come from: a flag, else the environment, else the chosen profile, else the rest of the
//! file; and a token at last from where `campanile login` kept it.
//!
//! The command line has joined the first two already; here the file comes in, and what is still missing has its default
//! or its message.

pub mod console;
mod file;
mod lines;
pub mod saved;
mod secret;
pub mod view;

use std::path::PathBuf;

use view::View;

use crate::{
    cli::Connection,
    credentials::{Account, Credentials, Place, VaultError},
    net::endpoint::{self, Endpoint, EndpointError, Token},
};

pub(crate) use file::others_may_read;
pub use file::{Profile, Stored, usual_path};
pub use secret::Secret;

/// Where a server listens unless it is told otherwise.
const DEFAULT_SERVER: &str = "http://127.0.0.1:8080";

/// What every command needs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server.
    pub endpoint: Endpoint,
    /// Who asks.
    pub token: Token,
    /// The profile that was chosen.
    pub profile: Option<String>,
    /// The key of the campus that the profile begins with.
    pub campus: Option<String>,
    /// Whatever else the file says.
    pub stored: Stored,
    /// Nothing is said beside the answer.
    pub quiet: bool,
}

/// Why the settings are of no use.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The address is none, or there is no way to recognise who answers there.
    #[error(transparent)]
    Server(#[from] EndpointError),
    /// The file cannot be read.
    #[error("failed to read {}: {error}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is wrong. The line itself is not shown: it may hold the token.
    #[error("{}, line {line}: {message}", path.display())]
    Invalid {
        /// Which.
        path: PathBuf,
        /// Where, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// Others may read the token.
    #[error("{} holds a token and others may read it; run: chmod 600 {}", .0.display(), .0.display())]
    Exposed(PathBuf),
    /// The profile is not in the file.
    #[error("there is no profile {name:?}{known}")]
    NoProfile {
        /// Which.
        name: String,
        /// Those that there are, as the end of the sentence.
        known: String,
    },
    /// The view is not in the file.
    #[error("there is no view {0:?}; write [views.NAME] into the file")]
    NoView(String),
    /// What should print the token does not.
    #[error("token_command {program:?} {why}")]
    TokenCommand {
        /// The program.
        program: String,
        /// What became of it.
        why: String,
    },
    /// What was kept by `campanile login` is not to be had.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Nobody said who asks.
    #[error(
        "no token: run `campanile login`, give --token, set CAMPANILE_TOKEN, or write `token = \"…\"` to {0}"
    )]
    NoToken(String),
}

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// The environment.
    Environment,
    /// The profile that was chosen.
    Profile,
    /// The file, whatever the profile.
    File,
    /// What `campanile login` kept in the system's keyring.
    Keyring,
    /// What `campanile login` kept in its file.
    TokenFile,
    /// Nobody said anything.
    Default,
}

/// A setting, and where it comes from.
pub type Sourced<T> = (T, Origin);

/// Who asks, or how to learn that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenSource {
    /// The token itself.
    Token(Secret),
    /// What prints it: a program and its arguments.
    Command(Vec<String>),
}

/// What is in force, before anything is made of it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The file, whether it is there or not; none where the user has no folder for such things.
    pub path: Option<PathBuf>,
    /// The profile that was chosen.
    pub profile: Option<Sourced<String>>,
    /// Where the server is.
    pub server: Sourced<String>,
    /// Who vouches for it.
    pub ca_file: Option<Sourced<PathBuf>>,
    /// Who asks.
    pub token: Option<Sourced<TokenSource>>,
    /// The key of the campus that the profile begins with.
    pub campus: Option<String>,
    /// Nothing may be changed.
    pub readonly: bool,
    /// Whatever else the file says.
    pub stored: Stored,
}

impl Found {
    /// From what the command line says, and the file: the one named, which must be there, or else the usual one. What
    /// was kept by `campanile login` is not asked for: see [`Self::with_kept`].
    pub fn resolve(given: Connection) -> Result<Self, ConfigError> {
        let must_exist = given.config.is_some();
        let path = given.config.or_else(usual_path);
        let stored =
            path.as_deref().map(|path| Stored::read(path, must_exist)).transpose()?.unwrap_or_default();
        let named = given.profile.map(|name| {
            let origin = given_by("CAMPANILE_PROFILE", &name);
            (name, origin)
        });
        let profile = named.or(stored.default_profile.clone().map(|name| (name, Origin::File)));
        let chosen = match &profile {
            Some((name, _)) => stored.profile(name)?.clone(),
            None => Profile::default(),
        };
        // A server of its own has a token of its own.
        let general = if chosen.server.is_some() {
            None
        } else {
            token_of(stored.token.as_ref(), stored.token_command.as_ref())
        };
        let token = given.token.as_deref().and_then(Secret::new).map(|token| {
            let origin = given_by("CAMPANILE_TOKEN", token.reveal());
            (TokenSource::Token(token), origin)
        });
        let server = given.server.map(|server| {
            let origin = given_by("CAMPANILE_SERVER", &server);
            (server, origin)
        });
        let ca_file = given.ca_file.map(|path| {
            let origin = given_by("CAMPANILE_CA_FILE", &path.to_string_lossy());
            (path, origin)
        });
        let its_token = token_of(chosen.token.as_ref(), chosen.token_command.as_ref());
        let server = first(server, chosen.server, stored.server.clone());
        Ok(Self {
            path,
            profile,
            server: server.unwrap_or_else(|| (DEFAULT_SERVER.to_owned(), Origin::Default)),
            ca_file: first(ca_file, chosen.ca_file, stored.ca_file.clone()),
            token: first(token, its_token, general),
            campus: chosen.campus,
            readonly: given.readonly,
            stored,
        })
    }

    /// With what `campanile login` kept, where nobody else says who asks. May wait for the system's keyring.
    pub fn with_kept(mut self, credentials: &Credentials) -> Result<Self, ConfigError> {
        if self.token.is_none()
            && let Some((token, place)) = credentials.find(&self.account()?)?
        {
            let origin = match place {
                Place::Keyring => Origin::Keyring,
                Place::File => Origin::TokenFile,
            };
            self.token = Some((TokenSource::Token(token), origin));
        }
        Ok(self)
    }

    /// Whose token is kept.
    pub fn account(&self) -> Result<Account, ConfigError> {
        let profile = self.profile.as_ref().map(|(name, _)| name.as_str());
        Ok(Account::new(&endpoint::address(&self.server.0)?, profile))
    }

    /// Where the server is, and by what it is recognised.
    pub fn endpoint(&self) -> Result<Endpoint, ConfigError> {
        let ca_file = self.ca_file.as_ref().map(|(path, _)| path.as_path());
        Ok(Endpoint::new(&self.server.0, ca_file)?.only_to_read(self.readonly))
    }

    /// Whatever a command needs. Runs what prints the token, where that is how it is to be had.
    pub fn settings(self) -> Result<Settings, ConfigError> {
        let endpoint = self.endpoint()?;
        let token = match &self.token {
            Some((TokenSource::Token(token), _)) => token.clone(),
            Some((TokenSource::Command(command), _)) => printed_by(command)?,
            None => {
                let path = self.path.map(|path| path.display().to_string());
                return Err(ConfigError::NoToken(path.unwrap_or_else(|| "a --config file".to_owned())));
            }
        };
        Ok(Settings {
            endpoint,
            token: Token::new(token.reveal()),
            profile: self.profile.map(|(name, _)| name),
            campus: self.campus,
            stored: self.stored,
            quiet: false,
        })
    }
}

/// Whether it is the environment that says so, or the command line, which says it again at most.
fn given_by(variable: &str, value: &str) -> Origin {
    let said = std::env::var(variable).is_ok_and(|said| said.trim() == value.trim());
    if said { Origin::Environment } else { Origin::Flag }
}

/// A token that is there, or else what prints one.
fn token_of(token: Option<&Secret>, command: Option<&Vec<String>>) -> Option<TokenSource> {
    let token = token.and_then(|token| Secret::new(token.reveal())).map(TokenSource::Token);
    token.or_else(|| command.cloned().map(TokenSource::Command))
}

/// What a program prints; it may ask the user on the terminal.
fn printed_by(command: &[String]) -> Result<Secret, ConfigError> {
    let (program, arguments) =
        command.split_first().map_or((String::new(), &[][..]), |(program, rest)| (program.clone(), rest));
    let failed = |why: String| ConfigError::TokenCommand { program: program.clone(), why };
    let output = std::process::Command::new(&program)
        .args(arguments)
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| failed(format!("cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!("failed: {}", output.status)));
    }
    let printed = String::from_utf8(output.stdout).ok().and_then(|text| Secret::new(&text));
    printed.ok_or_else(|| failed("printed no token".to_owned()))
}

/// The first that says anything.
fn first<T>(given: Option<Sourced<T>>, profile: Option<T>, file: Option<T>) -> Option<Sourced<T>> {
    let profile = profile.map(|value| (value, Origin::Profile));
    given.or(profile).or(file.map(|value| (value, Origin::File)))
}

impl Settings {
    /// Whose wall clock times in words go by where nothing nearer says so: the file's, else the machine's, else UTC.
    pub fn zone(&self) -> chrono_tz::Tz {
        let machine = || iana_time_zone::get_timezone().ok()?.parse().ok();
        self.stored.ui.timezone.map(|zone| zone.0).or_else(machine).unwrap_or_default()
    }

    /// One of the file's views.
    pub fn view(&self, name: &str) -> Result<&View, ConfigError> {
        self.stored.views.get(name).ok_or_else(|| ConfigError::NoView(name.to_owned()))
    }

    /// Of what the command line, the environment and the file say, and what was kept. May wait for a keyring, a program or
    /// its user.
    pub fn resolve(given: Connection, credentials: &Credentials) -> Result<Self, ConfigError> {
        Found::resolve(given)?.with_kept(credentials)?.settings()
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
