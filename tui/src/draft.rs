//! A draft: what somebody is about to publish, as they write it. Plain data, as it is kept across a crash; what is wrong with
//! it, and what it means, is [`judge`]'s to say.

mod judge;

pub use self::judge::{
    LONGEST_LINK, LONGEST_MESSAGE, LONGEST_TITLE, Verdict, judge, length, moment, recipients,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoEnumIterator};

use crate::model::{letter::usual_kind, notification::Priority};

/// What somebody is about to publish. Times are words: what they mean is only fixed when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Made once, and sent with every attempt: however many there are, it is published once.
    pub key: String,
    /// Where to.
    #[serde(default)]
    pub place: Option<Place>,
    /// Only to the users of these keys there; to everyone there, where it names none.
    #[serde(default)]
    pub only: String,
    /// One of the server's types; the usual one without.
    #[serde(default)]
    pub kind: Option<String>,
    /// How much it matters.
    #[serde(default = "usual")]
    pub priority: Priority,
    /// One line.
    #[serde(default)]
    pub title: String,
    /// Possibly several.
    #[serde(default)]
    pub message: String,
    /// Where to act on it.
    #[serde(default)]
    pub link: String,
    /// When it stops being news, in words.
    #[serde(default)]
    pub expires: String,
    /// When to send it, in words; at once without.
    #[serde(default)]
    pub send_at: String,
    /// What it was sent as, where nobody knows whether that arrived.
    #[serde(default)]
    pub attempt: Option<Attempt>,
}

/// Where something is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A campus.
    Campus {
        /// The platform's own.
        key: String,
        /// For people.
        name: String,
    },
    /// Every campus.
    All,
}

/// An attempt: the words have been taken for these moments, and the next attempt is to mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When to send it; at once without.
    pub send_at: Option<DateTime<Utc>>,
    /// When it stops being news.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A part of a draft, in the order in which it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter)]
pub enum Field {
    /// Where to.
    To,
    /// Only to these.
    Only,
    /// What kind of news.
    Type,
    /// How much it matters.
    Priority,
    /// One line.
    Title,
    /// The whole text.
    Message,
    /// Where to act on it.
    Link,
    /// When it stops being news.
    Expires,
    /// When to send it.
    SendAt,
}

impl Field {
    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::To => "To",
            Self::Only => "Only",
            Self::Type => "Type",
            Self::Priority => "Priority",
            Self::Title => "Title",
            Self::Message => "Message",
            Self::Link => "Link",
            Self::Expires => "Expires",
            Self::SendAt => "Send at",
        }
    }

    /// The one below, or above; at the end there is none.
    pub fn step(self, by: isize) -> Option<Self> {
        let at = Self::iter().position(|field| field == self)?;
        at.checked_add_signed(by).and_then(|at| Self::iter().nth(at))
    }
}

/// The levels that can be chosen, from the least.
pub const PRIORITIES: [Priority; 4] = [Priority::Low, Priority::Medium, Priority::High, Priority::Urgent];

fn usual() -> Priority {
    Priority::Medium
}

impl Draft {
    /// An empty one.
    pub fn new(key: String) -> Self {
        Self {
            key,
            place: None,
            only: String::new(),
            kind: None,
            priority: usual(),
            title: String::new(),
            message: String::new(),
            link: String::new(),
            expires: String::new(),
            send_at: String::new(),
            attempt: None,
        }
    }

    /// Nobody has written anything: there is nothing to lose. Where it would go, and what kind of news it would be, is
    /// chosen in a moment.
    pub fn is_empty(&self) -> bool {
        let texts = [&self.only, &self.title, &self.message, &self.link, &self.expires, &self.send_at];
        texts.iter().all(|text| text.trim().is_empty()) && self.attempt.is_none()
    }

    /// One of the server's types: the chosen one, or the usual one.
    pub fn kind(&self) -> &str {
        let to_campus = !matches!(self.place, Some(Place::All));
        self.kind.as_deref().unwrap_or_else(|| usual_kind(to_campus))
    }

    /// What it is, in a few words.
    pub fn summary(&self) -> String {
        match &self.place {
            Some(place) => format!("a draft to {}", place.name()),
            None => "a draft".to_owned(),
        }
    }
}

impl Place {
    /// For people.
    pub fn name(&self) -> &str {
        match self {
            Self::Campus { name, .. } => name,
            Self::All => "everyone",
        }
    }
}
