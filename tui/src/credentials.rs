//! Where `campanile login` keeps tokens: the system's keyring, or where there is none a file that only its owner reads.
//!
//! A token is kept for an account: a server's address, and the profile where one was chosen. So it is never shown to a
//! server that it was not meant for, whatever else changes in the config file.

mod keyring;
mod token_file;

use std::{io, path::PathBuf};

pub use keyring::SystemKeyring;
pub use token_file::TokenFile;

use crate::config::Secret;

/// Whose a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account(String);

impl Account {
    /// On a server, by the address of its socket, or by what else tells whose it is there; as a profile, where one was chosen.
    pub fn new(socket: &str, profile: Option<&str>) -> Self {
        Self(profile.map_or_else(|| socket.to_owned(), |profile| format!("{profile} at {socket}")))
    }

    /// As it is written down.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Something that keeps tokens.
pub trait Vault: Send {
    /// The account's token, where there is one.
    fn get(&self, account: &Account) -> Result<Option<Secret>, VaultError>;
    /// Keeps a token, instead of the one that there was.
    fn set(&self, account: &Account, token: &Secret) -> Result<(), VaultError>;
    /// Forgets a token. Says whether there was one.
    fn remove(&self, account: &Account) -> Result<bool, VaultError>;
}

/// Why a token is not to be had, or could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The system has no keyring, or none that answers.
    #[error("no keyring here: {0}")]
    NoKeyring(String),
    /// The user has no folder for such things.
    #[error("there is no folder to keep a token in")]
    NoFolder,
    /// Others may read the file.
    #[error("{} holds tokens and others may read it; run: chmod 600 {}", .0.display(), .0.display())]
    Exposed(PathBuf),
    /// The file is not what it should be. What is in it is not shown.
    #[error("{} is not a file of tokens; remove it and log in again", .0.display())]
    Damaged(PathBuf),
    /// The file cannot be read or written.
    #[error("failed to use {}: {error}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Where a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the system's keyring.
    Keyring,
    /// In the file.
    File,
}

/// The two places, in the order in which they are asked.
pub struct Credentials {
    keyring: Box<dyn Vault>,
    file: Box<dyn Vault>,
}

impl Credentials {
    /// Of the system, and of the user who runs this.
    pub fn system() -> Self {
        Self::new(SystemKeyring, TokenFile::usual())
    }

    /// Of these two.
    pub fn new(keyring: impl Vault + 'static, file: impl Vault + 'static) -> Self {
        Self { keyring: Box::new(keyring), file: Box::new(file) }
    }

    /// The account's token, and where it was. A keyring that does not answer has none.
    pub fn find(&self, account: &Account) -> Result<Option<(Secret, Place)>, VaultError> {
        match self.keyring.get(account) {
            Ok(Some(token)) => return Ok(Some((token, Place::Keyring))),
            Ok(None) | Err(VaultError::NoKeyring(_)) => {}
            Err(error) => return Err(error),
        }
        match self.file.get(account) {
            Err(VaultError::NoFolder) => Ok(None),
            token => Ok(token?.map(|token| (token, Place::File))),
        }
    }

    /// Keeps a token, and says where; and why not in the keyring.
    pub fn keep(&self, account: &Account, token: &Secret) -> Result<(Place, Option<VaultError>), VaultError> {
        match self.keyring.set(account, token) {
            Ok(()) => {
                // An older one would be left behind there, for whoever reads the file. It has no say any more.
                let _ = self.file.remove(account);
                Ok((Place::Keyring, None))
            }
            Err(why @ VaultError::NoKeyring(_)) => {
                self.file.set(account, token)?;
                Ok((Place::File, Some(why)))
            }
            Err(error) => Err(error),
        }
    }

    /// Forgets the account's token wherever it is. Says where there was one.
    pub fn forget(&self, account: &Account) -> Result<Vec<Place>, VaultError> {
        let vaults = [(&self.keyring, Place::Keyring), (&self.file, Place::File)];
        let mut places = Vec::new();
        for (vault, place) in vaults {
            match vault.remove(account) {
                Ok(true) => places.push(place),
                Ok(false) | Err(VaultError::NoKeyring(_) | VaultError::NoFolder) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(places)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        sync::{Arc, Mutex},
    };

    use super::*;

    /// A keyring that is not the system's; none at all without a map.
    #[derive(Clone, Default)]
    struct Fake(Option<Arc<Mutex<BTreeMap<String, String>>>>);

    impl Fake {
        fn there() -> Self {
            Self(Some(Arc::default()))
        }

        fn tokens(&self) -> Result<std::sync::MutexGuard<'_, BTreeMap<String, String>>, VaultError> {
            let tokens = self.0.as_ref().ok_or_else(|| VaultError::NoKeyring("none".into()))?;
            Ok(tokens.lock().unwrap())
        }
    }

    impl Vault for Fake {
        fn get(&self, account: &Account) -> Result<Option<Secret>, VaultError> {
            Ok(self.tokens()?.get(account.as_str()).and_then(|token| Secret::new(token)))
        }
        fn set(&self, account: &Account, token: &Secret) -> Result<(), VaultError> {
            self.tokens()?.insert(account.as_str().to_owned(), token.reveal().to_owned());
            Ok(())
        }
        fn remove(&self, account: &Account) -> Result<bool, VaultError> {
            Ok(self.tokens()?.remove(account.as_str()).is_some())
        }
    }

    fn account() -> Account {
        Account::new("ws://x/graphql/ws", Some("work"))
    }

    fn token(text: &str) -> Secret {
        Secret::new(text).unwrap()
    }

    #[test]
    fn the_keyring_goes_before_the_file() {
        let (keyring, file) = (Fake::there(), Fake::there());
        file.set(&account(), &token("old")).unwrap();
        let credentials = Credentials::new(keyring, file.clone());
        assert_eq!(credentials.find(&account()).unwrap(), Some((token("old"), Place::File)));
        assert!(matches!(credentials.keep(&account(), &token("new")), Ok((Place::Keyring, None))));
        assert_eq!(credentials.find(&account()).unwrap(), Some((token("new"), Place::Keyring)));
        assert!(file.tokens().unwrap().is_empty());
        assert_eq!(credentials.forget(&account()).unwrap(), [Place::Keyring]);
        assert_eq!(credentials.find(&account()).unwrap(), None);
    }

    #[test]
    fn without_a_keyring_there_is_the_file() {
        let credentials = Credentials::new(Fake::default(), Fake::there());
        let kept = credentials.keep(&account(), &token("t")).unwrap();
        assert!(matches!(kept, (Place::File, Some(VaultError::NoKeyring(_)))));
        assert_eq!(credentials.find(&account()).unwrap(), Some((token("t"), Place::File)));
        assert_eq!(credentials.find(&Account::new("ws://x/graphql/ws", None)).unwrap(), None);
        assert_eq!(credentials.forget(&account()).unwrap(), [Place::File]);
        assert!(credentials.forget(&account()).unwrap().is_empty());
    }
}
