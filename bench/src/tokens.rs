//! Tokens of whoever calls, as the platform would sign them.

use anyhow::Result;
use campanile_server::clock::Clock;
use campanile_server::domain::directory::Role;
use campanile_server::http::{Keys, TokenRequest};
use chrono::TimeDelta;

use crate::content;

/// What tokens are signed with: the server's `--jwt-secret`.
pub const SECRET: &str = "the secret of a server that lives for a benchmark";

/// Signs tokens, which count for half a day.
pub struct Tokens {
    keys: Keys,
    clock: Clock,
}

impl Tokens {
    /// With [`SECRET`].
    pub fn new() -> Result<Self> {
        Ok(Self { keys: Keys::from_secret(SECRET.as_bytes())?, clock: Clock::system() })
    }

    /// Of the user whom the platform knows by this id.
    pub fn member(&self, key: impl Into<String>) -> String {
        self.sign(key.into(), Role::Member)
    }

    /// Of the service that keeps the directory and publishes.
    pub fn service(&self) -> String {
        self.sign(content::SENDER.to_owned(), Role::Service)
    }

    fn sign(&self, subject: String, role: Role) -> String {
        let request = TokenRequest { subject, role, issued_at: self.clock.now(), ttl: TimeDelta::hours(12) };
        self.keys.sign(request).unwrap_or_else(|| unreachable!("half a day from now is a date"))
    }
}
