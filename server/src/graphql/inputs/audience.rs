//! Whom something would be sent to.

use async_graphql::InputObject;

use crate::domain::invalid::Invalid;
use crate::graphql::scalars::NotificationType;

/// Whom something would be sent to: exactly one of `campusKey`, `userKeys`, `all`.
#[derive(InputObject)]
pub(crate) struct AudienceInput {
    /// Everyone on this campus.
    campus_key: Option<String>,
    /// These users, 1 to 10,000.
    user_keys: Option<Vec<String>>,
    /// Everyone on every campus.
    all: Option<bool>,
    /// Of what type it would be.
    pub(in crate::graphql) r#type: NotificationType,
}

/// The one that was named.
pub(in crate::graphql) enum AudienceKeys {
    Campus(String),
    Users(Vec<String>),
    All,
}

impl AudienceInput {
    /// Whom it names.
    pub(in crate::graphql) fn keys(&mut self) -> Result<AudienceKeys, Invalid> {
        let refused = || Invalid::new("campusKey", "or userKeys or all: exactly one has to be set");
        match (self.campus_key.take(), self.user_keys.take(), self.all == Some(true)) {
            (Some(key), None, false) => Ok(AudienceKeys::Campus(key)),
            (None, Some(keys), false) => Ok(AudienceKeys::Users(keys)),
            (None, None, true) => Ok(AudienceKeys::All),
            _ => Err(refused()),
        }
    }
}
