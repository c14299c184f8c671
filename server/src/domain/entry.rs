//! The log's entries, and what waits to become one.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::content::Content;
use super::directory::CampusRole;
use super::id::{CampusId, Seq, UserId};
use super::preferences::Preferences;

/// Whom a notification is addressed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everyone on every campus.
    System,
    /// Everyone on one campus.
    Campus(CampusId),
    /// Named users, sorted, each once.
    Users(Arc<[UserId]>),
}

/// Whom a notification is addressed to, without naming them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AudienceKind {
    /// Everyone on every campus.
    System,
    /// Everyone on one campus.
    Campus,
    /// Named users.
    Users,
}

impl Audience {
    /// Without naming them.
    pub fn kind(&self) -> AudienceKind {
        match self {
            Self::System => AudienceKind::System,
            Self::Campus(_) => AudienceKind::Campus,
            Self::Users(_) => AudienceKind::Users,
        }
    }

    /// To these users, in whatever order and however often they are named.
    pub fn users(users: impl IntoIterator<Item = UserId>) -> Self {
        let mut users: Vec<UserId> = users.into_iter().collect();
        users.sort_unstable();
        users.dedup();
        Self::Users(users.into())
    }
}

/// Who sent a notification, as recipients may know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The store's number.
    pub id: UserId,
    /// The platform's id.
    pub key: String,
    /// As people read it.
    pub name: String,
}

/// A notification as it stands in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// Its position, which is its identity.
    pub seq: Seq,
    /// When it was committed; never before an earlier position's.
    pub created_at: DateTime<Utc>,
    /// Whom it is addressed to.
    pub audience: Audience,
    /// For named users: the campus within which they were told, if any. Its admins may recall it.
    pub within: Option<CampusId>,
    /// What it says.
    pub content: Content,
    /// Who sent it.
    pub sender: Sender,
    /// How many people it was addressed to when it was sent.
    pub audience_size: i64,
    /// Taken back since.
    pub recalled: bool,
}

impl Notification {
    /// The campus that everyone on was told, if that is whom it is addressed to.
    pub fn campus(&self) -> Option<CampusId> {
        match self.audience {
            Audience::Campus(campus) => Some(campus),
            Audience::System | Audience::Users(_) => None,
        }
    }

    /// The campus whose admins are responsible for it.
    pub fn responsible_campus(&self) -> Option<CampusId> {
        self.campus().or(self.within)
    }
}

/// What one position of the log says.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A notification was published.
    Added(Arc<Notification>),
    /// A notification was taken back.
    Recalled(Arc<Notification>),
    /// A user joined a campus, got another role there, or left (`None`).
    Membership {
        /// Who.
        user: UserId,
        /// Where.
        campus: CampusId,
        /// What they may do there from now on.
        role: Option<CampusRole>,
    },
    /// A user's preferences changed.
    Preferences {
        /// Whose.
        user: UserId,
        /// What they are from now on.
        preferences: Arc<Preferences>,
    },
    /// What a user may do everywhere changed.
    Standing {
        /// Whose.
        user: UserId,
    },
    /// Written by a newer server; stepped over.
    Unknown,
}

/// One position of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it stands. Positions are contiguous.
    pub seq: Seq,
    /// When it was committed; never before an earlier position's.
    pub created_at: DateTime<Utc>,
    /// What it says.
    pub change: Change,
}

/// A publish that waits for its position.
#[derive(Debug, Clone)]
pub struct Publication {
    /// Who sends it.
    pub sender: Sender,
    /// Whom it is addressed to.
    pub audience: Audience,
    /// See [`Notification::within`].
    pub within: Option<CampusId>,
    /// What it says.
    pub content: Content,
    /// The sender's own key, under which the same publish again is told apart from a new one.
    pub idempotency: Option<Idempotency>,
}

impl Publication {
    /// The campus whose admins are responsible for it.
    pub fn responsible_campus(&self) -> Option<CampusId> {
        match self.audience {
            Audience::Campus(campus) => Some(campus),
            Audience::System | Audience::Users(_) => self.within,
        }
    }
}

/// How a repeated publish is recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The sender's own key.
    pub key: String,
    /// A digest of everything else that the publish says: other content under the same key is a conflict.
    pub fingerprint: [u8; 32],
}

/// What became of something that was to be appended.
#[derive(Debug, Clone, PartialEq)]
pub enum Appended {
    /// It is in the log, committed.
    New(Arc<Entry>),
    /// The idempotency key had been used for the same publish, which stands at this position.
    Duplicate(Seq),
    /// The idempotency key had been used for another publish.
    Conflict,
    /// It says what already is so: nothing was appended.
    Unchanged,
}

impl Idempotency {
    /// For how long a used key is remembered.
    pub const KEPT: TimeDelta = TimeDelta::days(7);

    /// For a publish of this under `key`.
    pub fn new(key: String, audience: &Audience, within: Option<CampusId>, content: &Content) -> Self {
        Self { key, fingerprint: digest(&said(audience, within, content)) }
    }

    /// For a broadcast of this under `key`: at another time it is another thing. At once it is as any publish, as servers have
    /// always remembered it.
    pub fn of_broadcast(
        key: String,
        audience: &Audience,
        within: Option<CampusId>,
        content: &Content,
        send_at: Option<DateTime<Utc>>,
    ) -> Self {
        let Some(send_at) = send_at else { return Self::new(key, audience, within, content) };
        let said = said(audience, within, content);
        let said = serde_json::json!(["broadcast", send_at.timestamp_millis(), said]);
        Self { key, fingerprint: digest(&said) }
    }
}

/// All that a publish says, as JSON, so that no two different ones read the same.
fn said(audience: &Audience, within: Option<CampusId>, content: &Content) -> serde_json::Value {
    let (kind, ids) = match audience {
        Audience::System => ("system", vec![]),
        Audience::Campus(campus) => ("campus", vec![campus.0]),
        Audience::Users(users) => ("users", users.iter().map(|user| user.0).collect()),
    };
    serde_json::json!([
        kind,
        ids,
        within.map(|campus| campus.0),
        content.type_id.0,
        content.title,
        content.message,
        content.priority as u8,
        content.data.event_id,
        content.data.attendance_id,
        content.data.action_url,
        content.data.metadata,
        content.expires_at.map(|at| at.timestamp_millis()),
    ])
}

fn digest(said: &serde_json::Value) -> [u8; 32] {
    Sha256::digest(said.to_string()).into()
}
