//! A notification, as the screen and the scripts know it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::word::{Word, Words};
use crate::text;

/// A notification's name; opaque, cheap to copy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NotificationId(Arc<str>);

impl NotificationId {
    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<Arc<str>>> From<T> for NotificationId {
    fn from(id: T) -> Self {
        Self(id.into())
    }
}

impl Serialize for NotificationId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A notification. Its texts have been cleaned, and it serialises as the API writes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// Campanile's own.
    pub id: NotificationId,
    /// E.g. `EVENT_CREATED`; the server may know more than this build does.
    #[serde(rename = "type")]
    pub kind: Word,
    /// E.g. `EVENTS`.
    pub category: Word,
    /// E.g. `CAMPUS`.
    pub audience: Word,
    /// Where it was sent; none where it went to all, or to named users.
    pub campus: Option<Campus>,
    /// One line.
    pub title: String,
    /// Possibly several.
    pub message: String,
    /// What it is about.
    pub data: Data,
    /// How much it matters.
    pub priority: Priority,
    /// Who sent it.
    pub sender: Option<Sender>,
    /// When it was accepted.
    pub created_at: DateTime<Utc>,
    /// When it stops being news.
    pub expires_at: Option<DateTime<Utc>>,
    /// When the viewer read it; none while it is unread.
    pub read_at: Option<DateTime<Utc>>,
    /// When the viewer put it away; none while it is not in the archive.
    pub archived_at: Option<DateTime<Utc>>,
}

/// A campus, as far as a notification names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Campus {
    /// Campanile's own.
    pub id: Word,
    /// The platform's own.
    pub key: Word,
    /// For people.
    pub name: Word,
}

/// Who sent a notification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sender {
    /// Campanile's own.
    pub id: Word,
    /// For people.
    pub name: Word,
}

/// What a notification is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Data {
    /// The event, by the platform's id.
    pub event_id: Option<String>,
    /// The attendance, by the platform's id.
    pub attendance_id: Option<String>,
    /// Where to act on it.
    pub action_url: Option<String>,
    /// Whatever the sender added.
    pub metadata: Option<serde_json::Value>,
}

/// How much a notification matters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Priority {
    /// Can wait.
    Low,
    /// As usual.
    Medium,
    /// Should be seen today.
    High,
    /// Should be seen now.
    Urgent,
    /// One that this build does not know.
    Other(String),
}

impl Priority {
    /// As the API writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Urgent => "URGENT",
            Self::Other(name) => name,
        }
    }
}

impl From<String> for Priority {
    fn from(name: String) -> Self {
        let known = [Self::Low, Self::Medium, Self::High, Self::Urgent];
        known.into_iter().find(|priority| priority.as_str() == name).unwrap_or(Self::Other(name))
    }
}

impl Serialize for Priority {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Notification {
    /// Not read yet.
    pub fn is_unread(&self) -> bool {
        self.read_at.is_none()
    }

    /// Has what it has in common with others be the same as theirs.
    pub fn share(&mut self, words: &mut Words) {
        let Self { kind, category, audience, campus, sender, .. } = self;
        let campus = campus.iter_mut().flat_map(|campus| [&mut campus.id, &mut campus.key, &mut campus.name]);
        let sender = sender.iter_mut().flat_map(|sender| [&mut sender.id, &mut sender.name]);
        [kind, category, audience].into_iter().chain(campus).chain(sender).for_each(|word| words.share(word));
    }

    /// Whom it was sent to, as people would say it to the viewer.
    pub fn place(&self) -> &str {
        match (&self.campus, self.audience.as_str()) {
            (Some(campus), _) => &campus.name,
            (None, "SYSTEM") => "everyone",
            (None, "USERS") => "you",
            (None, _) => "–",
        }
    }

    /// Its type, as people would write it: `EVENT_CREATED` is "Event created".
    pub fn label(&self) -> String {
        text::words(&self.kind)
    }
}
