//! The data folder, and the secret that tokens are signed with.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::Failure;
use super::config::SecretOptions;
use crate::http::Keys;

/// Where the keys came from, for the screen.
pub(super) struct Secret {
    pub(super) keys: Keys,
    pub(super) origin: String,
}

/// The folder to use where none was named.
pub(super) fn data_dir(named: Option<PathBuf>) -> Result<PathBuf, Failure> {
    match named {
        Some(folder) => Ok(folder),
        None => Ok(etcetera::choose_base_strategy()?.data_dir().join("campanile")),
    }
}

/// Makes the folder, for nobody else to read, where it is not there yet.
pub(super) fn make_data_dir(folder: &Path) -> Result<(), Failure> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| format!("cannot make the data folder {}: {error}", folder.display()).into())
}

/// The secret as configured, or the data folder's own. That is made where there is none, if `make`.
pub(super) fn load(options: SecretOptions, data_dir: &Path, make: bool) -> Result<Secret, Failure> {
    if let Some(secret) = options.jwt_secret {
        let origin = "as configured".to_owned();
        return Ok(Secret { keys: Keys::from_secret(secret.as_bytes())?, origin });
    }
    let own = data_dir.join("jwt-secret");
    let (path, generated) = match options.jwt_secret_file {
        Some(path) => (path, false),
        None if make => (own.clone(), generate(&own)?),
        None => (own, false),
    };
    let shown = path.display();
    let secret = fs::read(&path).map_err(|error| format!("cannot read the JWT secret {shown}: {error}"))?;
    let keys = Keys::from_secret(secret.trim_ascii_end()).map_err(|error| format!("{shown}: {error}"))?;
    let origin = if generated { format!("{shown} (generated)") } else { shown.to_string() };
    Ok(Secret { keys, origin })
}

/// Writes 256 random bits that only their owner may read, unless the file is there. True where it was not.
fn generate(path: &Path) -> Result<bool, Failure> {
    let secret = rand::random::<[u64; 4]>().map(|bits| format!("{bits:016x}")).concat();
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            writeln!(file, "{secret}")?;
            file.sync_all()?;
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(format!("cannot write the JWT secret {}: {error}", path.display()).into()),
    }
}
