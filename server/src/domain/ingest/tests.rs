//! Tables of happenings and their wording.

use chrono::TimeZone as _;
use rstest::rstest;

use super::*;

const ROME: Tz = chrono_tz::Europe::Rome;

fn evening() -> DateTime<Utc> {
    // Already the next day in Rome.
    Utc.with_ymd_and_hms(2026, 11, 30, 23, 30, 0).unwrap()
}

fn event(change: EventChange, starts_at: Option<DateTime<Utc>>, changes: Option<Value>) -> Happening {
    let (event_id, title) = ("e1".to_owned(), "Open day".to_owned());
    Happening::Event { change, event_id, title, starts_at, changes, action_url: None }
}

fn attendance(change: AttendanceChange) -> Happening {
    Happening::Attendance {
        change,
        attendance_id: "a1".into(),
        event_id: "e1".into(),
        event_title: "Open day".into(),
        starts_at: Some(evening()),
        action_url: None,
    }
}

fn transcription(change: TranscriptionChange, error: Option<&str>) -> Happening {
    let (transcription_id, title) = ("t1".to_owned(), "Lecture 4".to_owned());
    Happening::Transcription {
        change,
        transcription_id,
        title,
        error: error.map(str::to_owned),
        action_url: None,
    }
}

#[rstest]
#[case(
    event(EventChange::Created, Some(evening()), None),
    "EVENT_CREATED",
    "New event \"Open day\" has been created for 2026-12-01."
)]
#[case(event(EventChange::Created, None, None), "EVENT_CREATED", "New event \"Open day\" has been created.")]
#[case(
    event(EventChange::Updated, None, Some(json!({ "location": "Hall B", "seats": 40, "host": null }))),
    "EVENT_UPDATED",
    "Event \"Open day\" has been updated: host was removed, location is now Hall B, seats is now 40."
)]
#[case(
    event(EventChange::Updated, Some(evening()), Some(json!({}))),
    "EVENT_UPDATED",
    "Event \"Open day\" has been updated. It begins on 2026-12-01 at 00:30."
)]
#[case(
    event(EventChange::Cancelled, None, None),
    "EVENT_CANCELLED",
    "Event \"Open day\" has been cancelled."
)]
#[case(
    event(EventChange::Reminder, Some(evening()), None),
    "EVENT_REMINDER",
    "Event \"Open day\" begins on 2026-12-01 at 00:30."
)]
#[case(event(EventChange::Reminder, None, None), "EVENT_REMINDER", "Event \"Open day\" begins soon.")]
#[case(
    attendance(AttendanceChange::Confirmed),
    "ATTENDANCE_CONFIRMED",
    "Your attendance of \"Open day\" on 2026-12-01 at 00:30 is confirmed."
)]
#[case(
    attendance(AttendanceChange::Updated),
    "ATTENDANCE_UPDATED",
    "Your attendance of \"Open day\" on 2026-12-01 at 00:30 has changed."
)]
#[case(
    attendance(AttendanceChange::Reminder),
    "ATTENDANCE_REMINDER",
    "Please attend \"Open day\" on 2026-12-01 at 00:30."
)]
#[case(
    transcription(TranscriptionChange::Started, None),
    "TRANSCRIPTION_STARTED",
    "The transcription of \"Lecture 4\" has started."
)]
#[case(
    transcription(TranscriptionChange::Completed, None),
    "TRANSCRIPTION_COMPLETED",
    "The transcription of \"Lecture 4\" is ready."
)]
#[case(
    transcription(TranscriptionChange::Failed, Some("no sound")),
    "TRANSCRIPTION_FAILED",
    "The transcription of \"Lecture 4\" failed: no sound"
)]
#[case(
    transcription(TranscriptionChange::Failed, None),
    "TRANSCRIPTION_FAILED",
    "The transcription of \"Lecture 4\" failed."
)]
#[case(
    Happening::Quota { resource: "storage".into(), used: 9.96, limit: 10.0 },
    "USER_QUOTA_WARNING",
    "You have used 99 % of your storage: 9.96 of 10."
)]
fn every_happening_has_its_words(
    #[case] happening: Happening,
    #[case] type_name: &str,
    #[case] message: &str,
) {
    let wording = word(happening, ROME).unwrap();
    assert_eq!((wording.type_name, wording.message.as_str()), (type_name, message));
}

#[rstest]
#[case(event(EventChange::Updated, None, Some(json!([1]))), "changes")]
#[case(event(EventChange::Updated, None, Some(json!({ "a": "\u{1b}" }))), "changes")]
#[case(transcription(TranscriptionChange::Failed, Some("\0")), "error")]
#[case(Happening::Quota { resource: "storage".into(), used: f64::NAN, limit: 1.0 }, "used")]
#[case(Happening::Quota { resource: "storage".into(), used: 1.0, limit: 0.0 }, "limit")]
#[case(Happening::Quota { resource: "\u{7}".into(), used: 1.0, limit: 1.0 }, "resource")]
fn what_is_wrong_is_named(#[case] happening: Happening, #[case] field: &str) {
    assert_eq!(word(happening, ROME).unwrap_err().field, field);
}

#[test]
fn a_long_title_is_clipped_behind_its_headline() {
    let happening = Happening::Event {
        change: EventChange::Created,
        event_id: "e1".into(),
        title: "x".repeat(MAX_TITLE),
        starts_at: None,
        changes: None,
        action_url: None,
    };
    let wording = word(happening, ROME).unwrap();
    assert_eq!(wording.title.chars().count(), MAX_TITLE);
    assert!(wording.title.ends_with('…'));
}

#[test]
fn every_type_named_is_built_in() {
    let known: Vec<_> = crate::domain::notification_type::built_in().into_iter().map(|t| t.name).collect();
    for change in [EventChange::Created, EventChange::Updated, EventChange::Cancelled, EventChange::Reminder]
    {
        let wording = word(event(change, None, None), ROME).unwrap();
        assert!(known.iter().any(|name| name == wording.type_name));
    }
}
