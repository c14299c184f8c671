//! Why the viewer got a notification.

use chrono::{DateTime, Utc};

/// Whether, and why. The texts have been cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// It is in their feed.
    pub received: bool,
    /// Rule by rule.
    pub reasons: Vec<Reason>,
}

/// What one rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its name.
    pub rule: String,
    /// It speaks for getting it.
    pub holds: bool,
    /// As a sentence.
    pub detail: String,
    /// Since when, or at what moment.
    pub at: Option<DateTime<Utc>>,
}
