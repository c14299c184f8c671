//! Where the server and the token come from: a flag, else the environment, else the file.
//!
//! The command line has joined the first two already; here the file comes in, and what is still missing has its default
//! or its message.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use serde::Deserialize;

use crate::{
    cli::Connection,
    net::endpoint::{Endpoint, EndpointError, Token},
};

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
    /// Nobody said who asks.
    #[error("no token: give --token, set CAMPANILE_TOKEN, or write `token = \"…\"` to {0}")]
    NoToken(String),
}

/// What the file may hold.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    server: Option<String>,
    /// From the file's own folder, unless absolute.
    ca_file: Option<PathBuf>,
    token: Option<String>,
}

impl Settings {
    /// From what the command line says, and the file: the one named, which must be there, or else the usual one.
    pub fn resolve(given: Connection) -> Result<Self, ConfigError> {
        let must_exist = given.config.is_some();
        let path = given.config.or_else(usual_path);
        let file =
            path.as_deref().map(|path| Stored::read(path, must_exist)).transpose()?.unwrap_or_default();
        let server = given.server.or(file.server).unwrap_or_else(|| DEFAULT_SERVER.to_owned());
        let ca_file = given.ca_file.or(file.ca_file);
        let token = given.token.or(file.token).filter(|token| !token.trim().is_empty());
        let token = token.ok_or_else(|| {
            ConfigError::NoToken(
                path.map_or_else(|| "a --config file".to_owned(), |path| path.display().to_string()),
            )
        })?;
        Ok(Self { endpoint: Endpoint::new(&server, ca_file.as_deref())?, token: Token::new(&token) })
    }
}

impl Stored {
    fn read(path: &Path, must_exist: bool) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(ConfigError::Unreadable { path: path.to_owned(), error });
            }
        };
        let mut file: Self = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            ConfigError::Invalid { path: path.to_owned(), line, message: error.message().to_owned() }
        })?;
        if file.token.is_some() && others_may_read(path) {
            return Err(ConfigError::Exposed(path.to_owned()));
        }
        if let (Some(folder), Some(ca_file)) = (path.parent(), &mut file.ca_file) {
            *ca_file = folder.join(&*ca_file);
        }
        Ok(file)
    }
}

/// None where the user has no folder for such things.
fn usual_path() -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.config_dir();
    Some(folder.join("campanile").join("config.toml"))
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn file(text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    fn resolve(server: Option<&str>, token: Option<&str>, path: PathBuf) -> Result<Settings, String> {
        let (server, token) = (server.map(str::to_owned), token.map(str::to_owned));
        let given = Connection { server, ca_file: None, token, config: Some(path) };
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
}
