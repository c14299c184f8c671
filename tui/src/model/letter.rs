//! What is to be published, and to whom; as it leaves, whether from a script or from the console.

use chrono::{DateTime, Utc};

use super::notification::Priority;

/// Whom it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipients {
    /// Everyone on the campus of this key.
    Campus(String),
    /// Everyone on every campus.
    All,
    /// The users of these keys; as news of a campus, where one is named, on which they have to be.
    Users {
        /// The platform's own.
        keys: Vec<String>,
        /// A campus's key.
        campus: Option<String>,
    },
}

/// It, whole. The server has the last word on all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Whom it is for.
    pub to: Recipients,
    /// One of the server's types.
    pub kind: String,
    /// 1 to 200 characters.
    pub title: String,
    /// 1 to 4,000 characters.
    pub message: String,
    /// How much it matters; as usual without.
    pub priority: Option<Priority>,
    /// Where to act on it.
    pub link: Option<String>,
    /// When it stops being news.
    pub expires_at: Option<DateTime<Utc>>,
    /// When to send it; at once without.
    pub send_at: Option<DateTime<Utc>>,
    /// The sender's own: the same again under it is sent once.
    pub key: String,
}

/// The type of what somebody says who names none.
pub fn usual_kind(to_campus: bool) -> &'static str {
    if to_campus { "CAMPUS_UPDATE" } else { "SYSTEM_ANNOUNCEMENT" }
}
