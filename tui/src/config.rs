//! Where the server and the token come from: a flag, else the environment, else the file.
//!
//! The command line has joined the first two already; here the file comes in, with the profile that is chosen of it, and what
//! is still missing has its default or its message.

mod file;

use std::path::PathBuf;

use crate::{
    cli::Connection,
    net::endpoint::{Endpoint, EndpointError, Token},
};

pub use file::{Stored, usual_path};

/// Where a server listens unless it is told otherwise.
const DEFAULT_SERVER: &str = "http://127.0.0.1:8080";

/// What every command needs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server.
    pub endpoint: Endpoint,
    /// Who asks.
    pub token: Token,
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
    /// Nobody said who asks.
    #[error("no token: give --token, set CAMPANILE_TOKEN, or write `token = \"…\"` to {0}")]
    NoToken(String),
}

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The command line, or the environment.
    Given,
    /// The profile that was chosen.
    Profile,
    /// The file, whatever the profile.
    File,
    /// Nobody said anything.
    Default,
}

/// A setting, and where it comes from.
pub type Sourced<T> = (T, Origin);

/// What is in force, before anything is made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub token: Option<Sourced<String>>,
    /// Nothing may be changed.
    pub readonly: bool,
}

impl Found {
    /// From what the command line says, and the file: the one named, which must be there, or else the usual one.
    pub fn resolve(given: Connection) -> Result<Self, ConfigError> {
        let must_exist = given.config.is_some();
        let path = given.config.or_else(usual_path);
        let file =
            path.as_deref().map(|path| Stored::read(path, must_exist)).transpose()?.unwrap_or_default();
        let named = given.profile.map(|name| (name, Origin::Given));
        let profile = named.or(file.default_profile.clone().map(|name| (name, Origin::File)));
        let chosen = match &profile {
            Some((name, _)) => file.profile(name)?.clone(),
            None => file::Profile::default(),
        };
        let not_empty = |token: Option<String>| token.filter(|token| !token.trim().is_empty());
        let server = first(given.server, chosen.server, file.server);
        Ok(Self {
            path,
            profile,
            server: server.unwrap_or_else(|| (DEFAULT_SERVER.to_owned(), Origin::Default)),
            ca_file: first(given.ca_file, chosen.ca_file, file.ca_file),
            token: first(not_empty(given.token), not_empty(chosen.token), not_empty(file.token)),
            readonly: given.readonly,
        })
    }
}

/// The first that says anything.
fn first<T>(given: Option<T>, profile: Option<T>, file: Option<T>) -> Option<Sourced<T>> {
    let given = given.map(|value| (value, Origin::Given));
    let profile = profile.map(|value| (value, Origin::Profile));
    given.or(profile).or(file.map(|value| (value, Origin::File)))
}

impl Settings {
    /// Of what the command line, the environment and the file say.
    pub fn resolve(given: Connection) -> Result<Self, ConfigError> {
        let found = Found::resolve(given)?;
        let (token, _) = found.token.ok_or_else(|| {
            let path = found.path.map(|path| path.display().to_string());
            ConfigError::NoToken(path.unwrap_or_else(|| "a --config file".to_owned()))
        })?;
        let ca_file = found.ca_file.map(|(ca_file, _)| ca_file);
        let endpoint = Endpoint::new(&found.server.0, ca_file.as_deref())?.only_to_read(found.readonly);
        Ok(Self { endpoint, token: Token::new(&token) })
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn file(text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    fn given(
        server: Option<String>,
        token: Option<String>,
        profile: Option<&str>,
        config: PathBuf,
    ) -> Connection {
        let profile = profile.map(str::to_owned);
        Connection { server, ca_file: None, token, profile, config: Some(config), readonly: false }
    }

    fn resolve(server: Option<&str>, token: Option<&str>, path: PathBuf) -> Result<Settings, String> {
        let (server, token) = (server.map(str::to_owned), token.map(str::to_owned));
        let given = given(server, token, None, path);
        Settings::resolve(given).map_err(|error| error.to_string())
    }

    #[test]
    fn the_command_line_goes_before_the_file() {
        let (_folder, path) = file("server = \"http://file:1\"\ntoken = \"from file\"", 0o600);
        let settings = resolve(None, None, path.clone()).unwrap();
        assert_eq!(
            (settings.endpoint.to_string().as_str(), settings.token),
            ("http://file:1", Token::new("from file"))
        );
        let settings = resolve(Some("ws://flag:2"), Some("from flag"), path).unwrap();
        assert_eq!(
            (settings.endpoint.to_string().as_str(), settings.token),
            ("ws://flag:2", Token::new("from flag"))
        );
    }

    #[test]
    fn a_token_that_others_may_read_is_refused() {
        let (_folder, path) = file("token = \"secret\"", 0o640);
        let error = resolve(None, None, path).unwrap_err();
        assert!(error.contains("chmod 600"), "{error}");
        let (_folder, path) = file("server = \"http://file:1\"", 0o644);
        assert!(resolve(None, Some("from flag"), path).is_ok());
    }

    #[test]
    fn the_authority_is_beside_the_file_that_names_it() {
        let (folder, path) = file("server = \"https://x\"\ntoken = \"t\"\nca_file = \"ca.pem\"", 0o600);
        let error = resolve(None, None, path.clone()).unwrap_err();
        assert!(error.contains(folder.path().join("ca.pem").to_str().unwrap()), "{error}");
        let authority = rcgen::generate_simple_self_signed(["x".to_owned()]).unwrap().cert.pem();
        std::fs::write(folder.path().join("ca.pem"), authority).unwrap();
        assert!(resolve(None, None, path).is_ok());
    }

    #[test]
    fn an_error_names_the_line_and_not_what_is_on_it() {
        let (_folder, path) = file("server = \"http://file:1\"\ntoken = secret", 0o600);
        let error = resolve(None, None, path).unwrap_err();
        assert!(error.contains("line 2") && !error.contains("secret"), "{error}");
        let (_folder, path) = file("\nserver = \"x\"\nhost = 1", 0o600);
        let error = resolve(None, None, path).unwrap_err();
        assert!(error.contains("line 3") && error.contains("host"), "{error}");
    }

    #[test]
    fn what_is_missing_is_said() {
        let (_folder, path) = file("", 0o600);
        assert!(resolve(None, None, path.clone()).unwrap_err().contains("no token"));
        assert!(resolve(None, Some("x"), path.with_extension("not")).unwrap_err().contains("failed to read"));
    }

    const PROFILES: &str = "server = \"http://file:1\"
token = \"usual\"
default_profile = \"work\"
[profiles.work]
token = \"at work\"
[profiles.home]
server = \"http://home:2\"
";

    #[rstest]
    #[case::the_usual(None, ("http://file:1", Origin::File), ("at work", Origin::Profile))]
    #[case::another(Some("home"), ("http://home:2", Origin::Profile), ("usual", Origin::File))]
    fn a_profile_goes_before_the_rest_of_the_file(
        #[case] profile: Option<&str>,
        #[case] server: (&str, Origin),
        #[case] token: (&str, Origin),
    ) {
        let (_folder, path) = file(PROFILES, 0o600);
        let found = Found::resolve(given(None, None, profile, path.clone())).unwrap();
        let of = |(value, origin): &Sourced<String>| (value.clone(), *origin);
        assert_eq!(of(&found.server), (server.0.to_owned(), server.1));
        assert_eq!(of(&found.token.unwrap()), (token.0.to_owned(), token.1));
        let found = Found::resolve(given(None, Some("flag".into()), profile, path)).unwrap();
        assert_eq!(found.token, Some(("flag".to_owned(), Origin::Given)));
    }

    #[rstest]
    #[case(PROFILES, Some("hmoe"), "there is no profile \"hmoe\"; there are home, work")]
    #[case("", Some("home"), "there is no profile \"home\"; write [profiles.NAME]")]
    #[case("default_profile = \"x\"", None, "there is no profile \"x\"")]
    #[case("[profiles.a]\nserver = \"x\"\nhost = 1", None, "line 3: unknown field `host`")]
    fn what_is_wrong_with_profiles_is_said(
        #[case] text: &str,
        #[case] profile: Option<&str>,
        #[case] why: &str,
    ) {
        let (_folder, path) = file(text, 0o600);
        let error = Found::resolve(given(None, None, profile, path)).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn a_profiles_token_is_nobody_elses_either() {
        let (_folder, path) = file(PROFILES, 0o644);
        assert!(resolve(None, None, path).unwrap_err().contains("chmod 600"));
    }
}
