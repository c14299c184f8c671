//! The system's keyring: the Secret Service on Linux, the Keychain, the Credential Manager. Whatever keeps it from
//! answering (no session, a locked one that nobody opens) means that there is none.

use keyring::{Entry, Error};

use super::{Account, Vault, VaultError};
use crate::config::Secret;

/// As which application.
const SERVICE: &str = "campanile";

/// The one that the system has. It may ask the user to unlock it, and block for as long.
#[derive(Debug, Clone, Copy)]
pub struct SystemKeyring;

fn entry(account: &Account) -> Result<Entry, VaultError> {
    Entry::new(SERVICE, account.as_str()).map_err(no_keyring)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn no_keyring(error: Error) -> VaultError {
    VaultError::NoKeyring(crate::sanitise::line(&error.to_string()))
}

impl Vault for SystemKeyring {
    fn get(&self, account: &Account) -> Result<Option<Secret>, VaultError> {
        match entry(account)?.get_password() {
            Ok(token) => Ok(Secret::new(&token)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(no_keyring(error)),
        }
    }

    fn set(&self, account: &Account, token: &Secret) -> Result<(), VaultError> {
        entry(account)?.set_password(token.reveal()).map_err(no_keyring)
    }

    fn remove(&self, account: &Account) -> Result<bool, VaultError> {
        match entry(account)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(no_keyring(error)),
        }
    }
}
