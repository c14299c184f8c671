//! The file of settings: TOML, of which an error names the line, and for a name that is not known the one that was meant.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy;
use serde::Deserialize;

use super::{
    ConfigError,
    console::{Keys, Style, Ui},
    lines::Lines,
    secret::Secret,
    view::View,
};

/// What the file may hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// Where the server is.
    pub server: Option<String>,
    /// Who vouches for it. From the file's own folder, unless absolute.
    pub ca_file: Option<PathBuf>,
    /// Who asks.
    pub token: Option<Secret>,
    /// What prints who asks: a program and its arguments.
    pub token_command: Option<Vec<String>>,
    /// The profile that is chosen unless another one is asked for.
    pub default_profile: Option<String>,
    /// Servers and identities by name.
    #[serde(default)]
    pub profiles: BTreeMap<String, Profile>,
    /// How the interactive client is.
    #[serde(default)]
    pub ui: Ui,
    /// The keys of its actions, by the action's name.
    #[serde(default)]
    pub keys: Keys,
    /// How it looks: styles by name, of themes by name.
    #[serde(default)]
    pub themes: BTreeMap<String, BTreeMap<toml::Spanned<String>, Style>>,
    /// Parts of the history by name.
    #[serde(default)]
    pub views: BTreeMap<String, View>,
    /// Where the file's lines begin; none of what was read from no file.
    #[serde(skip)]
    pub(super) lines: Lines,
}

/// A server, and who asks there. What it leaves out is as in the file's first lines; but for the token where it names a
/// server of its own, so that no server is ever shown a token that was meant for another.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Where the server is.
    pub server: Option<String>,
    /// Who vouches for it. From the file's own folder, unless absolute.
    pub ca_file: Option<PathBuf>,
    /// Who asks.
    pub token: Option<Secret>,
    /// What prints who asks: a program and its arguments.
    pub token_command: Option<Vec<String>>,
    /// The key of the campus that the interactive client begins with.
    pub campus: Option<String>,
}

impl Stored {
    /// Reads it; nothing where it need not exist and does not.
    pub fn read(path: &Path, must_exist: bool) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => {
                return Ok(Self::default());
            }
            Err(error) => {
                return Err(ConfigError::Unreadable { path: path.to_owned(), error });
            }
        };
        let lines = Lines::of(path, &text);
        let mut file: Self = toml::from_str(&text)
            .map_err(|error| lines.error(&error.span().unwrap_or_default(), meant(error.message())))?;
        file.lines = lines;
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

/// Serde's words for a name that it does not know list all that it does; of those, only the one that looks like it helps.
fn meant(message: &str) -> String {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let [unknown, known @ ..] = names.as_slice() else { return message.to_owned() };
    let likeness = |name: &str| strsim::jaro_winkler(unknown, name);
    let nearest = known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match (message.split_once(", expected"), nearest.filter(|name| likeness(name) > 0.75)) {
        (Some((what, _)), Some(nearest)) if message.starts_with("unknown") => {
            format!("{what}; did you mean `{nearest}`?")
        }
        _ => message.to_owned(),
    }
}

/// None where the user has no folder for such things.
pub fn usual_path() -> Option<PathBuf> {
    let folder = etcetera::choose_base_strategy().ok()?.config_dir();
    Some(folder.join("campanile").join("config.toml"))
}

/// Whether anybody but the owner may read a file.
#[cfg(unix)]
pub(crate) fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// Whether anybody but the owner may read a file: this cannot be known here.
#[cfg(not(unix))]
pub(crate) fn others_may_read(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(
        "unknown field `servr`, expected one of `server`, `token`",
        "unknown field `servr`; did you mean `server`?"
    )]
    #[case(
        "unknown field `zzz`, expected `server` or `token`",
        "unknown field `zzz`, expected `server` or `token`"
    )]
    #[case("unknown field `zzz`, there are no fields", "unknown field `zzz`, there are no fields")]
    #[case("invalid type: integer `1`, expected a string", "invalid type: integer `1`, expected a string")]
    #[case("", "")]
    fn the_nearest_name_is_suggested(#[case] message: &str, #[case] said: &str) {
        assert_eq!(meant(message), said);
    }
}
