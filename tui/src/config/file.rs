//! The file of settings: TOML, of which an error names the line.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy;
use serde::Deserialize;

use super::ConfigError;

/// What the file may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// Where the server is.
    pub server: Option<String>,
    /// Who vouches for it. From the file's own folder, unless absolute.
    pub ca_file: Option<PathBuf>,
    /// Who asks.
    pub token: Option<String>,
    /// The profile that is chosen unless another one is asked for.
    pub default_profile: Option<String>,
    /// Servers and identities by name; what one leaves out is as above.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
}

/// A server, and who asks there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Where the server is.
    pub server: Option<String>,
    /// Who vouches for it. From the file's own folder, unless absolute.
    pub ca_file: Option<PathBuf>,
    /// Who asks.
    pub token: Option<String>,
}

impl Stored {
    /// Reads it; nothing where it need not exist and does not.
    pub fn read(path: &Path, must_exist: bool) -> Result<Self, ConfigError> {
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
        let has_token = file.token.is_some() || file.profiles.values().any(|profile| profile.token.is_some());
        if has_token && others_may_read(path) {
            return Err(ConfigError::Exposed(path.to_owned()));
        }
        if let Some(name) = &file.default_profile {
            file.profile(name)?;
        }
        if let Some(folder) = path.parent() {
            let named = file.profiles.values_mut().map(|profile| &mut profile.ca_file);
            for ca_file in named.chain([&mut file.ca_file]).flatten() {
                *ca_file = folder.join(&*ca_file);
            }
        }
        Ok(file)
    }

    /// One of its profiles.
    pub fn profile(&self, name: &str) -> Result<&Profile, ConfigError> {
        self.profiles.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
            let known = if known.is_empty() {
                "; write [profiles.NAME] into the file".to_owned()
            } else {
                format!("; there are {}", known.join(", "))
            };
            ConfigError::NoProfile { name: name.to_owned(), known }
        })
    }
}

/// None where the user has no folder for such things.
pub fn usual_path() -> Option<PathBuf> {
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
