//! A file of tokens, by account: JSON, of mode 0600. It is written beside itself and moved into its place, so that it is
//! never half there; a folder that is made for it is its owner's alone.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use etcetera::BaseStrategy;

use super::{Account, Vault, VaultError};
use crate::{
    config::{Secret, others_may_read},
    private_file,
};

/// No file of tokens is larger, in bytes.
const LARGEST: u64 = 1 << 20;

/// The file, which need not be there.
#[derive(Debug, Clone)]
pub struct TokenFile(Option<PathBuf>);

type Tokens = BTreeMap<String, String>;

impl TokenFile {
    /// In the user's data folder.
    pub fn usual() -> Self {
        let folder = etcetera::choose_base_strategy().ok().map(|strategy| strategy.data_dir());
        Self(folder.map(|folder| folder.join("campanile").join("tokens.json")))
    }

    /// At that path.
    pub fn at(path: PathBuf) -> Self {
        Self(Some(path))
    }

    /// Where it is; none where the user has no folder for such things.
    pub fn path(&self) -> Option<&Path> {
        self.0.as_deref()
    }

    fn open(&self) -> Result<(&Path, Tokens), VaultError> {
        let path = self.path().ok_or(VaultError::NoFolder)?;
        let failed = |error| VaultError::Io { path: path.to_owned(), error };
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((path, Tokens::new())),
            Err(error) => return Err(failed(error)),
            Ok(file) if file.len() > LARGEST => return Err(VaultError::Damaged(path.to_owned())),
            Ok(_) if others_may_read(path) => return Err(VaultError::Exposed(path.to_owned())),
            Ok(_) => {}
        }
        let text = fs::read(path).map_err(failed)?;
        let tokens = serde_json::from_slice(&text).map_err(|_| VaultError::Damaged(path.to_owned()))?;
        Ok((path, tokens))
    }
}

fn write(path: &Path, tokens: &Tokens) -> io::Result<()> {
    private_file::write(path, &serde_json::to_vec_pretty(tokens)?)
}

impl Vault for TokenFile {
    fn get(&self, account: &Account) -> Result<Option<Secret>, VaultError> {
        let (_, tokens) = self.open()?;
        Ok(tokens.get(account.as_str()).and_then(|token| Secret::new(token)))
    }

    fn set(&self, account: &Account, token: &Secret) -> Result<(), VaultError> {
        let (path, mut tokens) = self.open()?;
        tokens.insert(account.as_str().to_owned(), token.reveal().to_owned());
        write(path, &tokens).map_err(|error| VaultError::Io { path: path.to_owned(), error })
    }

    fn remove(&self, account: &Account) -> Result<bool, VaultError> {
        let (path, mut tokens) = self.open()?;
        if tokens.remove(account.as_str()).is_none() {
            return Ok(false);
        }
        let done = if tokens.is_empty() { fs::remove_file(path) } else { write(path, &tokens) };
        done.map(|()| true).map_err(|error| VaultError::Io { path: path.to_owned(), error })
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn account(name: &str) -> Account {
        Account::new("ws://x/graphql/ws", Some(name))
    }

    fn token(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    fn file() -> (tempfile::TempDir, PathBuf, TokenFile) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made").join("tokens.json");
        (folder, path.clone(), TokenFile::at(path))
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn it_is_its_owners_alone_and_gone_with_the_last_token() {
        let (_folder, path, file) = file();
        assert_eq!(file.get(&account("a")).unwrap(), None);
        assert!(!file.remove(&account("a")).unwrap());
        file.set(&account("a"), &token("1")).unwrap();
        file.set(&account("b"), &token("2")).unwrap();
        file.set(&account("a"), &token("3")).unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(file.get(&account("a")).unwrap(), Some(token("3")));
        assert!(file.remove(&account("a")).unwrap());
        assert_eq!(file.get(&account("b")).unwrap(), Some(token("2")));
        assert!(file.remove(&account("b")).unwrap());
        assert!(!path.exists());
    }

    #[test]
    fn one_that_others_may_read_is_not_used() {
        let (_folder, path, file) = file();
        file.set(&account("a"), &token("1")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let error = file.get(&account("a")).unwrap_err().to_string();
        assert!(error.contains("chmod 600"), "{error}");
    }

    #[test]
    fn one_that_is_damaged_is_not_written_over() {
        let (_folder, path, file) = file();
        file.set(&account("a"), &token("1")).unwrap();
        fs::write(&path, "secret, and no JSON").unwrap();
        let error = file.set(&account("a"), &token("2")).unwrap_err().to_string();
        assert!(error.contains("log in again") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn without_a_folder_there_is_no_file() {
        assert!(matches!(TokenFile(None).get(&account("a")), Err(VaultError::NoFolder)));
    }
}
