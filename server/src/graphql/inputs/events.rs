//! Domain events of the platform's own workflows.

use async_graphql::{InputObject, OneofObject};

use crate::domain::ingest::Happening;
use crate::graphql::scalars::DateTime;
use crate::graphql::types::{AttendanceChange, EventChange, TranscriptionChange};

/// Domain events.
#[derive(InputObject)]
pub(crate) struct IngestInput {
    /// At most 1,000.
    pub(in crate::graphql) events: Vec<DomainEventInput>,
}

/// One domain event: exactly one field is set.
#[derive(OneofObject)]
pub(crate) enum DomainEventInput {
    /// Something happened to an event; goes to the whole campus.
    Event(EventChangedInput),
    /// Something happened to someone's attendance; goes to them.
    Attendance(AttendanceChangedInput),
    /// Something happened to someone's transcription; goes to them.
    Transcription(TranscriptionChangedInput),
    /// Someone nears a limit; goes to them.
    Quota(QuotaWarningInput),
}

/// Something happened to an event. Goes to the whole campus, e.g. New event "Open day" has been created for 2026-12-01.
#[derive(InputObject)]
pub(crate) struct EventChangedInput {
    /// The sender's own, kept 7 days: the same event again sends nothing new.
    idempotency_key: String,
    /// What happened.
    change: EventChange,
    /// The platform's id of the event.
    event_id: String,
    /// Where.
    campus_key: String,
    /// As people know the event.
    title: String,
    /// When it begins; worded in the campus's time zone.
    starts_at: Option<DateTime>,
    /// What changed, on UPDATED: field name to new value.
    changes: Option<serde_json::Value>,
    /// Where to read more: an http(s) or site-relative address.
    action_url: Option<String>,
}

/// Something happened to someone's attendance of an event. Goes to that user.
#[derive(InputObject)]
pub(crate) struct AttendanceChangedInput {
    /// The sender's own, kept 7 days: the same event again sends nothing new.
    idempotency_key: String,
    /// What happened.
    change: AttendanceChange,
    /// The platform's id of the attendance.
    attendance_id: String,
    /// The platform's id of the event.
    event_id: String,
    /// Where; times are worded in its time zone.
    campus_key: String,
    /// Whose attendance.
    user_key: String,
    /// As people know the event.
    event_title: String,
    /// When it begins.
    starts_at: Option<DateTime>,
    /// Where to read more: an http(s) or site-relative address.
    action_url: Option<String>,
}

/// Something happened to a transcription. Goes to its owner.
#[derive(InputObject)]
pub(crate) struct TranscriptionChangedInput {
    /// The sender's own, kept 7 days: the same event again sends nothing new.
    idempotency_key: String,
    /// What happened.
    change: TranscriptionChange,
    /// The platform's id of the transcription.
    transcription_id: String,
    /// Whose transcription.
    user_key: String,
    /// As its owner knows it.
    title: String,
    /// Why it failed.
    error: Option<String>,
    /// Where to read it: an http(s) or site-relative address.
    action_url: Option<String>,
}

/// Someone nears a limit. Goes to that user.
#[derive(InputObject)]
pub(crate) struct QuotaWarningInput {
    /// The sender's own, kept 7 days: the same event again sends nothing new.
    idempotency_key: String,
    /// Who.
    user_key: String,
    /// Of what.
    resource: String,
    /// How much of it is used.
    used: f64,
    /// How much of it there is.
    limit: f64,
}

/// Whom a domain event concerns.
pub(crate) struct Concerns {
    /// Everyone on this campus, or, with a user, where it happened to them.
    pub(in crate::graphql) campus: Option<String>,
    /// This user alone.
    pub(in crate::graphql) user: Option<String>,
}

impl DomainEventInput {
    /// The name of the field that is set.
    pub(in crate::graphql) fn field(&self) -> &'static str {
        match self {
            Self::Event(_) => "event",
            Self::Attendance(_) => "attendance",
            Self::Transcription(_) => "transcription",
            Self::Quota(_) => "quota",
        }
    }

    /// The sender's own key of this event.
    pub(in crate::graphql) fn idempotency_key(&self) -> &str {
        match self {
            Self::Event(event) => &event.idempotency_key,
            Self::Attendance(event) => &event.idempotency_key,
            Self::Transcription(event) => &event.idempotency_key,
            Self::Quota(event) => &event.idempotency_key,
        }
    }

    /// Whom it concerns.
    pub(in crate::graphql) fn concerns(&self) -> Concerns {
        let (campus, user) = match self {
            Self::Event(event) => (Some(&event.campus_key), None),
            Self::Attendance(event) => (Some(&event.campus_key), Some(&event.user_key)),
            Self::Transcription(event) => (None, Some(&event.user_key)),
            Self::Quota(event) => (None, Some(&event.user_key)),
        };
        Concerns { campus: campus.cloned(), user: user.cloned() }
    }

    /// What happened.
    pub(in crate::graphql) fn into_happening(self) -> Happening {
        match self {
            Self::Event(event) => Happening::Event {
                change: event.change.into(),
                event_id: event.event_id,
                title: event.title,
                starts_at: event.starts_at.map(|at| at.0),
                changes: event.changes,
                action_url: event.action_url,
            },
            Self::Attendance(event) => Happening::Attendance {
                change: event.change.into(),
                attendance_id: event.attendance_id,
                event_id: event.event_id,
                event_title: event.event_title,
                starts_at: event.starts_at.map(|at| at.0),
                action_url: event.action_url,
            },
            Self::Transcription(event) => Happening::Transcription {
                change: event.change.into(),
                transcription_id: event.transcription_id,
                title: event.title,
                error: event.error,
                action_url: event.action_url,
            },
            Self::Quota(event) => {
                Happening::Quota { resource: event.resource, used: event.used, limit: event.limit }
            }
        }
    }
}
