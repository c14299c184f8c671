//! What is selected of each of the server's types. Selections only; no behaviour.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{NotificationType, schema};

/// See `Category` in the schema.
#[derive(cynic::Enum, Debug, Clone, PartialEq, Eq)]
pub enum Category {
    /// What happens to events.
    Events,
    /// Who attends what.
    Attendance,
    /// Transcriptions under way.
    Transcription,
    /// News of the campus and of the platform.
    System,
    /// The account itself.
    Account,
    /// One that this build does not know.
    #[cynic(fallback)]
    Other(String),
}

/// See `Priority` in the schema.
#[derive(cynic::Enum, Debug, Clone, PartialEq, Eq)]
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
    #[cynic(fallback)]
    Other(String),
}

/// See `AudienceKind` in the schema.
#[derive(cynic::Enum, Debug, Clone)]
pub enum AudienceKind {
    /// Named users.
    Users,
    /// Everyone on a campus.
    Campus,
    /// Everyone.
    System,
    /// One that this build does not know.
    #[cynic(fallback)]
    Other(String),
}

/// See `CampusRole` in the schema.
#[derive(cynic::Enum, Debug, Clone)]
pub enum CampusRole {
    /// Belongs to the campus.
    Member,
    /// Speaks for the campus.
    Admin,
    /// One that this build does not know.
    #[cynic(fallback)]
    Other(String),
}

/// A campus, as far as a row of the feed names it.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
pub struct Campus {
    /// Campanile's own.
    pub id: cynic::Id,
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
}

/// Who sent a notification.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
pub struct Sender {
    /// Campanile's own.
    pub id: cynic::Id,
    /// For people.
    pub name: String,
}

/// What a notification is about.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct NotificationData {
    /// The event, by the platform's id.
    pub event_id: Option<String>,
    /// The attendance, by the platform's id.
    pub attendance_id: Option<String>,
    /// Where to act on it.
    pub action_url: Option<String>,
    /// Whatever the sender added.
    pub metadata: Option<serde_json::Value>,
}

/// A notification, whole.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Notification {
    /// Campanile's own.
    pub id: cynic::Id,
    /// Which of `notificationTypes`.
    #[cynic(rename = "type")]
    pub kind: NotificationType,
    /// The group that its type belongs to.
    pub category: Category,
    /// Whom it was sent to.
    pub audience: AudienceKind,
    /// Where it was sent; null where it went to all, or to named users.
    pub campus: Option<Campus>,
    /// One line.
    pub title: String,
    /// Several, at times.
    pub message: String,
    /// What it is about.
    pub data: NotificationData,
    /// How much it matters.
    pub priority: Priority,
    /// Who sent it.
    pub sender: Option<Sender>,
    /// When it was accepted.
    pub created_at: DateTime<Utc>,
    /// When it stops being news.
    pub expires_at: Option<DateTime<Utc>>,
    /// When the viewer read it.
    pub read_at: Option<DateTime<Utc>>,
    /// When the viewer archived it, or its age did.
    pub archived_at: Option<DateTime<Utc>>,
}

/// A notification's name, where nothing else of it is wanted.
#[derive(cynic::QueryFragment, Debug, Clone, Serialize)]
#[cynic(graphql_type = "Notification")]
pub struct NotificationRef {
    /// Campanile's own.
    pub id: cynic::Id,
}

/// A number that stops counting.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct CappedCount {
    /// Exact, unless `at_least`.
    pub count: i32,
    /// There are more than `count`.
    pub at_least: bool,
}

/// A user's place on a campus.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Membership {
    /// Where.
    pub campus: Campus,
    /// As what.
    pub role: CampusRole,
}

/// Whoever asks.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct User {
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
    /// Where they belong.
    pub memberships: Vec<Membership>,
}

/// What somebody may do.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Permissions {
    /// The campuses that they may speak to.
    pub administers: Vec<Campus>,
    /// Send to everyone on every campus.
    pub broadcast_to_all: bool,
    /// Read who did what.
    pub audit_log: bool,
}

/// Whoever asks, with the numbers of their feed.
#[derive(cynic::QueryFragment, Debug, Clone)]
pub struct Viewer {
    /// Who it is.
    pub user: User,
    /// What they may do.
    pub permissions: Permissions,
    /// Not read yet.
    pub unread_count: CappedCount,
    /// Arrived since the last look.
    pub unseen_count: CappedCount,
}

/// Only the numbers.
#[derive(cynic::QueryFragment, Debug, Clone)]
#[cynic(graphql_type = "Viewer")]
pub struct ViewerCounts {
    /// Not read yet.
    pub unread_count: CappedCount,
    /// Arrived since the last look.
    pub unseen_count: CappedCount,
}
