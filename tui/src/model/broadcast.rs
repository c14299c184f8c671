//! An act of publishing, and how it fares.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::notification::{NotificationId, Priority};
use crate::text;

/// A broadcast's name; opaque, cheap to copy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BroadcastId(Arc<str>);

impl BroadcastId {
    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<Arc<str>>> From<T> for BroadcastId {
    fn from(id: T) -> Self {
        Self(id.into())
    }
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Waits for its time.
    Scheduled,
    /// In the feeds.
    Sent,
    /// Taken back.
    Recalled,
    /// Called off.
    Cancelled,
    /// Could not be sent.
    Failed,
    /// One that this build does not know.
    Other(String),
}

impl State {
    /// For people, in a word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Sent => "sent",
            Self::Recalled => "recalled",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Other(name) => name,
        }
    }
}

/// Whom it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everyone on the campus.
    Campus,
    /// Everyone.
    All,
    /// Named users; of the campus, where there is one.
    Users,
    /// One that this build does not know.
    Other(String),
}

/// Where it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campus {
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
    /// Whose wall clock it goes by; none that this build knows.
    pub zone: Option<Tz>,
}

/// What it has become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The notification.
    pub id: NotificationId,
    /// When it was accepted.
    pub at: DateTime<Utc>,
    /// Where to act on it.
    pub link: Option<String>,
}

/// An act of publishing. Its texts have been cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    /// Campanile's own.
    pub id: BroadcastId,
    /// How far it has come.
    pub state: State,
    /// Why it failed.
    pub failure: Option<String>,
    /// E.g. `CAMPUS_UPDATE`.
    pub kind: String,
    /// One line.
    pub title: String,
    /// Possibly several.
    pub message: String,
    /// How much it matters.
    pub priority: Priority,
    /// When it stops being news.
    pub expires_at: Option<DateTime<Utc>>,
    /// What it has become; nothing before it is sent, and after it was recalled.
    pub outcome: Option<Outcome>,
    /// Who sent it.
    pub sender: String,
    /// Whom it is for.
    pub audience: Audience,
    /// Where.
    pub campus: Option<Campus>,
    /// When it is, or was, to be sent; none where it was sent at once.
    pub send_at: Option<DateTime<Utc>>,
    /// To how many.
    pub size: u32,
    /// How many of them it has reached.
    pub delivered: u32,
    /// How many of them have read it.
    pub read: u32,
}

impl Broadcast {
    /// Its numbers may still change, or it may still be sent.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Scheduled | State::Sent)
    }

    /// When it was sent, or is to be, as far as that is known.
    pub fn when(&self) -> Option<DateTime<Utc>> {
        self.outcome.as_ref().map(|outcome| outcome.at).or(self.send_at)
    }

    /// Whom it is for, as people would say it.
    pub fn place(&self) -> String {
        match (&self.audience, &self.campus) {
            (Audience::Users, Some(campus)) => format!("{} of {}", people(self.size), campus.name),
            (Audience::Users, None) => people(self.size),
            (_, Some(campus)) => campus.name.clone(),
            (Audience::All, None) => "everyone".to_owned(),
            (Audience::Campus, None) => "–".to_owned(),
            (Audience::Other(name), None) => name.to_lowercase(),
        }
    }

    /// Its type, as people would write it.
    pub fn label(&self) -> String {
        text::words(&self.kind)
    }
}

/// So many.
pub fn people(count: u32) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{} people", grouped(count)) }
}

/// A number that people can read: `4,210`.
pub fn grouped(count: u32) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, "0")]
    #[case(999, "999")]
    #[case(1_000, "1,000")]
    #[case(4_294_967_295, "4,294,967,295")]
    fn numbers_are_grouped(#[case] count: u32, #[case] shown: &str) {
        assert_eq!(grouped(count), shown);
    }

    #[rstest]
    #[case(Audience::Campus, true, 7, "North Campus")]
    #[case(Audience::All, false, 7, "everyone")]
    #[case(Audience::Users, true, 1, "1 person of North Campus")]
    #[case(Audience::Users, false, 1_200, "1,200 people")]
    #[case(Audience::Other("PLANET".into()), false, 1, "planet")]
    fn places(#[case] audience: Audience, #[case] campus: bool, #[case] size: u32, #[case] place: &str) {
        let mut broadcast = crate::fixture::broadcast(1);
        (broadcast.audience, broadcast.size) = (audience, size);
        if !campus {
            broadcast.campus = None;
        }
        assert_eq!(broadcast.place(), place);
    }
}
