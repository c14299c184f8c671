//! The API's enumerations, each the face of one of the domain's.

use async_graphql::Enum;

use crate::domain::{content, directory, entry, ingest, notification_type};

/// What a notification type is about.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "notification_type::Category")]
pub(crate) enum Category {
    /// Events on a campus.
    Events,
    /// Who attends them.
    Attendance,
    /// Recordings turned into text.
    Transcription,
    /// Campanile's and the platform's own news.
    System,
    /// The user's own account.
    Account,
}

/// How urgent a notification is.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "content::Priority")]
pub(crate) enum Priority {
    /// Good to know some day.
    Low,
    /// Unless said otherwise.
    Medium,
    /// Should be seen soon.
    High,
    /// Passes quiet hours.
    Urgent,
}

/// How far a notification has come, as the viewer's own copy stands.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotificationStatus {
    /// It is in the viewer's feed, which no client of theirs has asked for since.
    Sent,
    /// Since it was sent, a client of theirs has been on the feed or fetched a page.
    Delivered,
    /// They have read it.
    Read,
}

/// Whom a notification is addressed to.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "entry::AudienceKind")]
pub(crate) enum AudienceKind {
    /// Named users.
    Users,
    /// Everyone on one campus.
    Campus,
    /// Everyone on every campus.
    System,
}

/// What a person may do on a campus.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "directory::CampusRole")]
pub(crate) enum CampusRole {
    /// Reads.
    Member,
    /// Also speaks to the campus.
    Admin,
}

/// What a caller may do everywhere.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "directory::Role")]
pub(crate) enum Role {
    /// Reads their own feed.
    Member,
    /// Publishes anywhere and keeps the directory; reads nobody's feed.
    Service,
    /// Everything, everywhere.
    SuperAdmin,
}

/// What became of an act of publishing.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BroadcastState {
    /// Waits for its time.
    Scheduled,
    /// Is in the feeds that it was addressed to.
    Sent,
    /// Was in feeds and was taken back.
    Recalled,
    /// Was called off before its time.
    Cancelled,
    /// Could not be sent when its time came.
    Failed,
}

/// What happened to an event.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "ingest::EventChange")]
pub(crate) enum EventChange {
    /// It was announced.
    Created,
    /// Something about it changed.
    Updated,
    /// It will not take place.
    Cancelled,
    /// It begins soon.
    Reminder,
}

/// What happened to someone's attendance.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "ingest::AttendanceChange")]
pub(crate) enum AttendanceChange {
    /// They are expected.
    Confirmed,
    /// Something about it changed.
    Updated,
    /// It is due soon.
    Reminder,
}

/// What happened to a transcription.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "ingest::TranscriptionChange")]
pub(crate) enum TranscriptionChange {
    /// It is under way.
    Started,
    /// It can be read.
    Completed,
    /// It will not come.
    Failed,
}
