//! Why somebody did, or did not, get a notification.

use async_graphql::SimpleObject;

use crate::domain::explanation;
use crate::graphql::scalars::DateTime;

/// Why a user did, or did not, get a notification.
#[derive(SimpleObject)]
pub(crate) struct Explanation {
    /// It is in the user's feed.
    received: bool,
    /// In order: audience, membership, type preference, quiet hours, expiry, recall, delivery, reading.
    reasons: Vec<Reason>,
}

/// What one rule says.
#[derive(SimpleObject)]
pub(crate) struct Reason {
    /// Its name, as in `reasons`.
    rule: &'static str,
    /// It speaks for getting it; for quiet hours: with a sound; for delivery and reading: it has come to that.
    holds: bool,
    /// Why, as a sentence.
    detail: String,
    /// Since when, or at what moment.
    at: Option<DateTime>,
}

impl From<explanation::Explanation> for Explanation {
    fn from(explanation: explanation::Explanation) -> Self {
        let explanation::Explanation { received, reasons } = explanation;
        let reason = |reason: explanation::Reason| Reason {
            rule: reason.rule,
            holds: reason.holds,
            detail: reason.detail,
            at: reason.at.map(DateTime),
        };
        Self { received, reasons: reasons.into_iter().map(reason).collect() }
    }
}
