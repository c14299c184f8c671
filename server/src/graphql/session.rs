//! Who is behind a request or a connection, for as long as it lasts: what their token says, and a fresh one if they
//! bring it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::delivery::Lifetime;
use crate::domain::directory::Role;
use crate::domain::visibility::is_expired;

/// Who asks, as one token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The platform's id of the user.
    pub subject: String,
    /// What the token says that they may do everywhere.
    pub role: Role,
    /// When the token ends.
    pub expires_at: DateTime<Utc>,
}

/// One request, or one connection with everything that comes over it.
#[derive(Debug)]
pub struct Session {
    identity: Mutex<Identity>,
    /// Until when its feeds go on.
    pub(super) lifetime: Arc<Lifetime>,
    /// Where feeds begin, at the earliest.
    pub resume_after: Option<String>,
    /// What looks at fresh tokens, where it lasts long enough to need one: on a socket.
    pub(super) renewable_by: Option<Arc<dyn Tokens>>,
}

/// Whatever tells whose a token is.
pub trait Tokens: Send + Sync {
    /// Who bears this token; `None` where it does not count at the moment `now`.
    fn identify(&self, token: &str, now: DateTime<Utc>) -> Option<Identity>;
}

impl std::fmt::Debug for dyn Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

/// A session stays with the user whom it began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is another user's")]
pub struct AnotherUser;

impl Session {
    /// Begins with this token.
    pub fn new(identity: Identity) -> Self {
        let lifetime = Arc::new(Lifetime::until(identity.expires_at));
        Self { identity: Mutex::new(identity), lifetime, resume_after: None, renewable_by: None }
    }

    /// The same, with feeds that begin at this cursor, at the earliest.
    pub fn resuming(identity: Identity, resume_after: Option<String>) -> Self {
        Self { resume_after, ..Self::new(identity) }
    }

    /// The same, for everything that comes over one socket. Fresh tokens are `tokens`' to look at.
    pub fn on_socket(identity: Identity, resume_after: Option<String>, tokens: Arc<dyn Tokens>) -> Self {
        Self { renewable_by: Some(tokens), ..Self::resuming(identity, resume_after) }
    }

    /// What the token says that counts now.
    pub fn identity(&self) -> Identity {
        self.identity.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the token counts no more at this moment.
    pub fn has_ended(&self, now: DateTime<Utc>) -> bool {
        let identity = self.identity.lock().unwrap_or_else(PoisonError::into_inner);
        is_expired(Some(identity.expires_at), now)
    }

    /// Goes on with a fresh token of the same user.
    pub fn renew(&self, fresh: Identity) -> Result<(), AnotherUser> {
        let mut identity = self.identity.lock().unwrap_or_else(PoisonError::into_inner);
        if identity.subject != fresh.subject {
            return Err(AnotherUser);
        }
        self.lifetime.extend(fresh.expires_at);
        *identity = fresh;
        Ok(())
    }
}
