//! How a happening on the platform is worded: domain events in, the right notification out.
//!
//! Source: the story's "Event Notification Triggers" and the API's description of `ingest`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::content::{self, ContentData, MAX_MESSAGE, MAX_TITLE, Priority};
use super::invalid::Invalid;
use super::text;

/// What happened to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventChange {
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttendanceChange {
    /// They are expected.
    Confirmed,
    /// Something about it changed.
    Updated,
    /// It is due soon.
    Reminder,
}

/// What happened to a transcription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TranscriptionChange {
    /// It is under way.
    Started,
    /// It can be read.
    Completed,
    /// It will not come.
    Failed,
}

/// A happening, without whom it concerns.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// To an event; concerns a whole campus.
    Event {
        /// What.
        change: EventChange,
        /// The platform's id.
        event_id: String,
        /// As people know it.
        title: String,
        /// When it begins.
        starts_at: Option<DateTime<Utc>>,
        /// What changed: field name to new value.
        changes: Option<Value>,
        /// Where to read more.
        action_url: Option<String>,
    },
    /// To someone's attendance of an event.
    Attendance {
        /// What.
        change: AttendanceChange,
        /// The platform's id.
        attendance_id: String,
        /// The platform's id of the event.
        event_id: String,
        /// As people know the event.
        event_title: String,
        /// When the event begins.
        starts_at: Option<DateTime<Utc>>,
        /// Where to read more.
        action_url: Option<String>,
    },
    /// To someone's transcription.
    Transcription {
        /// What.
        change: TranscriptionChange,
        /// The platform's id.
        transcription_id: String,
        /// As its owner knows it.
        title: String,
        /// Why it failed.
        error: Option<String>,
        /// Where to read it.
        action_url: Option<String>,
    },
    /// Someone nears a limit.
    Quota {
        /// Of what.
        resource: String,
        /// How much is used.
        used: f64,
        /// How much there is.
        limit: f64,
    },
}

/// A happening in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Wording {
    /// The name of its notification type.
    pub type_name: &'static str,
    /// How urgent it is.
    pub priority: Priority,
    /// One line.
    pub title: String,
    /// The whole sentence.
    pub message: String,
    /// Where it leads.
    pub data: ContentData,
}

/// Words `happening`, with times as they are read in `zone`. Fields are named as in the API's inputs.
pub fn word(happening: Happening, zone: Tz) -> Result<Wording, Invalid> {
    let mut wording = match happening {
        Happening::Event { change, event_id, title, starts_at, changes, action_url } => {
            text::key("eventId", &event_id)?;
            text::line("title", &title, MAX_TITLE)?;
            check_url(action_url.as_deref())?;
            let changes = check_changes(changes)?;
            let when = starts_at.map(|at| at.with_timezone(&zone));
            word_event(change, event_id, &title, when, changes, action_url)
        }
        Happening::Attendance { change, attendance_id, event_id, event_title, starts_at, action_url } => {
            text::key("attendanceId", &attendance_id)?;
            text::key("eventId", &event_id)?;
            text::line("eventTitle", &event_title, MAX_TITLE)?;
            check_url(action_url.as_deref())?;
            let when = starts_at.map(|at| at.with_timezone(&zone));
            let mut wording = word_attendance(change, &event_title, when);
            let (event_id, attendance_id) = (Some(event_id), Some(attendance_id));
            wording.data = ContentData { event_id, attendance_id, action_url, metadata: None };
            wording
        }
        Happening::Transcription { change, transcription_id, title, error, action_url } => {
            text::key("transcriptionId", &transcription_id)?;
            text::line("title", &title, MAX_TITLE)?;
            check_url(action_url.as_deref())?;
            if let Some(error) = &error {
                text::paragraph("error", error, MAX_MESSAGE)?;
            }
            let mut wording = word_transcription(change, &title, error.as_deref());
            let metadata = Some(json!({ "transcriptionId": transcription_id }));
            wording.data = ContentData { action_url, metadata, ..ContentData::default() };
            wording
        }
        Happening::Quota { resource, used, limit } => word_quota(&resource, used, limit)?,
    };
    wording.title = text::clip(&wording.title, MAX_TITLE);
    wording.message = text::clip(&wording.message, MAX_MESSAGE);
    Ok(wording)
}

fn check_url(address: Option<&str>) -> Result<(), Invalid> {
    address.map_or(Ok(()), |address| content::check_action_url("actionUrl", address))
}

/// `changes` as pairs of a field's name and its new value; the whole is kept as the notification's metadata.
fn check_changes(changes: Option<Value>) -> Result<Option<Value>, Invalid> {
    let Some(changes) = changes else { return Ok(None) };
    if !changes.is_object() {
        return Err(Invalid::new("changes", "must be an object of field names and new values"));
    }
    let metadata = json!({ "changes": changes });
    content::check_json("changes", &metadata)?;
    Ok(Some(metadata))
}

type Moment = DateTime<Tz>;

/// " on 2026-12-01 at 18:00", or nothing.
fn on_and_at(when: Option<&Moment>) -> String {
    when.map(|at| at.format(" on %Y-%m-%d at %H:%M").to_string()).unwrap_or_default()
}

fn word_event(
    change: EventChange,
    event_id: String,
    title: &str,
    when: Option<Moment>,
    changes: Option<Value>,
    action_url: Option<String>,
) -> Wording {
    let when = when.as_ref();
    let (type_name, priority, headline, message) = match change {
        EventChange::Created => {
            let date = when.map(|at| at.format(" for %Y-%m-%d").to_string()).unwrap_or_default();
            let message = format!("New event \"{title}\" has been created{date}.");
            ("EVENT_CREATED", Priority::Medium, "New event", message)
        }
        EventChange::Updated => {
            let changed =
                changes.as_ref().map(|metadata| list_changes(&metadata["changes"])).unwrap_or_default();
            let begins =
                if when.is_some() { format!(" It begins{}.", on_and_at(when)) } else { String::new() };
            let message = format!("Event \"{title}\" has been updated{changed}.{begins}");
            ("EVENT_UPDATED", Priority::Medium, "Event updated", message)
        }
        EventChange::Cancelled => {
            let message = format!("Event \"{title}\"{} has been cancelled.", on_and_at(when));
            ("EVENT_CANCELLED", Priority::High, "Event cancelled", message)
        }
        EventChange::Reminder => {
            let soon = if when.is_some() { on_and_at(when) } else { " soon".to_owned() };
            let message = format!("Event \"{title}\" begins{soon}.");
            ("EVENT_REMINDER", Priority::Medium, "Reminder", message)
        }
    };
    let data = ContentData { event_id: Some(event_id), attendance_id: None, action_url, metadata: changes };
    Wording { type_name, priority, title: format!("{headline}: {title}"), message, data }
}

/// ": location is now Hall B, seats is now 40", or nothing.
fn list_changes(changes: &Value) -> String {
    let Some(fields) = changes.as_object().filter(|fields| !fields.is_empty()) else {
        return String::new();
    };
    let sentence = |(name, value): (&String, &Value)| match value {
        Value::Null => format!("{name} was removed"),
        Value::String(text) => format!("{name} is now {text}"),
        other => format!("{name} is now {other}"),
    };
    format!(": {}", fields.iter().map(sentence).collect::<Vec<_>>().join(", "))
}

fn word_attendance(change: AttendanceChange, event: &str, when: Option<Moment>) -> Wording {
    let when = on_and_at(when.as_ref());
    let (type_name, headline, message) = match change {
        AttendanceChange::Confirmed => (
            "ATTENDANCE_CONFIRMED",
            "Attendance confirmed",
            format!("Your attendance of \"{event}\"{when} is confirmed."),
        ),
        AttendanceChange::Updated => (
            "ATTENDANCE_UPDATED",
            "Attendance updated",
            format!("Your attendance of \"{event}\"{when} has changed."),
        ),
        AttendanceChange::Reminder => {
            ("ATTENDANCE_REMINDER", "Attendance reminder", format!("Please attend \"{event}\"{when}."))
        }
    };
    let title = format!("{headline}: {event}");
    Wording { type_name, priority: Priority::Medium, title, message, data: ContentData::default() }
}

fn word_transcription(change: TranscriptionChange, subject: &str, error: Option<&str>) -> Wording {
    let (type_name, priority, headline, message) = match change {
        TranscriptionChange::Started => {
            let message = format!("The transcription of \"{subject}\" has started.");
            ("TRANSCRIPTION_STARTED", Priority::Low, "Transcription started", message)
        }
        TranscriptionChange::Completed => {
            let message = format!("The transcription of \"{subject}\" is ready.");
            ("TRANSCRIPTION_COMPLETED", Priority::Medium, "Transcription completed", message)
        }
        TranscriptionChange::Failed => {
            let why = error.map_or_else(|| ".".to_owned(), |error| format!(": {error}"));
            let message = format!("The transcription of \"{subject}\" failed{why}");
            ("TRANSCRIPTION_FAILED", Priority::High, "Transcription failed", message)
        }
    };
    let title = format!("{headline}: {subject}");
    Wording { type_name, priority, title, message, data: ContentData::default() }
}

fn word_quota(resource: &str, used: f64, limit: f64) -> Result<Wording, Invalid> {
    text::line("resource", resource, text::MAX_NAME)?;
    if !used.is_finite() || used < 0.0 {
        return Err(Invalid::new("used", "must be a number from 0"));
    }
    if !limit.is_finite() || limit <= 0.0 {
        return Err(Invalid::new("limit", "must be a number above 0"));
    }
    // Rounded down: 99.6 % of a quota is not all of it.
    let percent = (used / limit * 100.0).floor();
    Ok(Wording {
        type_name: "USER_QUOTA_WARNING",
        priority: if used >= limit { Priority::High } else { Priority::Medium },
        title: format!("Quota warning: {resource}"),
        message: format!("You have used {percent} % of your {resource}: {used} of {limit}."),
        data: ContentData {
            metadata: Some(json!({ "resource": resource, "used": used, "limit": limit })),
            ..ContentData::default()
        },
    })
}

#[cfg(test)]
mod tests;
