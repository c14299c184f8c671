//! What happens on the demo's campuses: events that are created, moved, cancelled and near; attendance;
//! transcriptions; announcements, now and then an urgent one.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _};
use serde_json::json;

use super::people::Cast;
use crate::app::Failure;
use crate::domain::broadcast::{Announcement, When};
use crate::domain::content::{Content, ContentData, Priority};
use crate::domain::directory::{Campus, Role, User};
use crate::domain::entry::{Audience, Publication, Sender};
use crate::domain::ingest::{self, AttendanceChange, EventChange, Happening, TranscriptionChange};
use crate::graphql::Api;

const EVENTS: [&str; 12] = [
    "Open day",
    "Guest lecture: rivers in cities",
    "Choir rehearsal",
    "Chess evening",
    "First-aid course",
    "Career fair",
    "Robotics club",
    "Poetry slam",
    "Library tour",
    "Film night: La Strada",
    "Running group",
    "Thesis workshop",
];
const PLACES: [&str; 6] = ["Hall A", "Hall B", "the garden", "Room 204", "the old library", "the gym"];
const RECORDINGS: [&str; 6] = [
    "Lecture 4: Entropy",
    "Coaching session 12",
    "Seminar: Dante",
    "Interview Dr. Costa",
    "Lab briefing",
    "Lecture 5: Heat",
];
const NEWS: [(&str, &str); 8] = [
    ("Canteen opens later", "The canteen opens at 12:30 today.\nThe coffee bar is open as usual."),
    ("New books", "The library has 140 new books. Have a look at the shelf by the entrance."),
    ("Bicycle repair", "The repair stand by the east gate has new tools."),
    ("Quiet rooms", "Rooms 301 to 305 are quiet rooms until the exams are over."),
    ("Sports week", "Sign up for sports week at the gym's front desk."),
    (
        "図書館 closes at noon",
        "図書館は正午まで閉館します。\nThe library of Japanese studies is closed until noon.",
    ),
    ("Welcome 👩‍🏫👨‍🎓", "The new term begins. Come to the garden at five, and bring whom you like."),
    (
        "اجتماع الطلاب",
        "اجتماع الطلاب عند الظهر في القاعة الكبرى.\nThe students' assembly is at noon in the great hall.",
    ),
];

/// An event that has been announced and may still change.
struct Event {
    id: u32,
    title: &'static str,
    campus: usize,
    starts_at: DateTime<Utc>,
}

/// Makes up one happening after another.
pub(super) struct Storyteller {
    cast: Cast,
    rng: StdRng,
    events: Vec<Event>,
    told: u32,
}

impl Storyteller {
    pub(super) fn new(cast: Cast, rng: StdRng) -> Self {
        Self { cast, rng, events: Vec::new(), told: 0 }
    }

    /// Makes the next thing happen.
    pub(super) async fn tell(&mut self, api: &Api) -> Result<(), Failure> {
        self.told += 1;
        let now = api.clock.now();
        self.events.retain(|event| event.starts_at > now);
        match self.rng.next_u32() % 100 {
            0..30 => self.announce_event(api, now).await,
            30..55 => self.change_event(api).await,
            55..75 => self.attendance(api, now).await,
            75..90 => self.transcription(api).await,
            90..97 => self.campus_news(api).await,
            97..99 => self.quota(api).await,
            _ => self.urgent_news(api).await,
        }
    }

    async fn announce_event(&mut self, api: &Api, now: DateTime<Utc>) -> Result<(), Failure> {
        let starts_at = self.some_day(now);
        let event = Event {
            id: self.told,
            title: self.one_of(&EVENTS),
            campus: self.rng.random_range(0..self.cast.campuses.len()),
            starts_at,
        };
        self.events.push(event);
        self.tell_of_event(api, self.events.len() - 1, EventChange::Created, None).await
    }

    async fn change_event(&mut self, api: &Api) -> Result<(), Failure> {
        if self.events.is_empty() {
            return self.announce_event(api, api.clock.now()).await;
        }
        let index = self.rng.random_range(0..self.events.len());
        match self.rng.next_u32() % 10 {
            0..5 => {
                self.events[index].starts_at += TimeDelta::days(self.rng.random_range(1..3));
                let place = self.one_of(&PLACES);
                self.tell_of_event(api, index, EventChange::Updated, Some(json!({ "place": place }))).await
            }
            5..8 => self.tell_of_event(api, index, EventChange::Reminder, None).await,
            _ => {
                self.tell_of_event(api, index, EventChange::Cancelled, None).await?;
                self.events.swap_remove(index);
                Ok(())
            }
        }
    }

    async fn tell_of_event(
        &self,
        api: &Api,
        index: usize,
        change: EventChange,
        changes: Option<serde_json::Value>,
    ) -> Result<(), Failure> {
        let event = &self.events[index];
        let happening = Happening::Event {
            change,
            event_id: format!("event-{}", event.id),
            title: event.title.to_owned(),
            starts_at: Some(event.starts_at),
            changes,
            action_url: Some(format!("/events/{}", event.id)),
        };
        let campus = &self.cast.campuses[event.campus];
        self.publish_happening(api, happening, campus, Audience::Campus(campus.id)).await
    }

    async fn attendance(&mut self, api: &Api, now: DateTime<Utc>) -> Result<(), Failure> {
        let change = self.one_of(&[
            AttendanceChange::Confirmed,
            AttendanceChange::Updated,
            AttendanceChange::Reminder,
        ]);
        let happening = Happening::Attendance {
            change,
            attendance_id: format!("attendance-{}", self.told),
            event_id: format!("event-{}", self.told),
            event_title: self.one_of(&EVENTS).to_owned(),
            starts_at: Some(self.some_day(now)),
            action_url: None,
        };
        let (person, campus) = self.somebody();
        self.publish_happening(api, happening, &campus, Audience::users([person.id])).await
    }

    async fn transcription(&mut self, api: &Api) -> Result<(), Failure> {
        let change = self.one_of(&[
            TranscriptionChange::Started,
            TranscriptionChange::Completed,
            TranscriptionChange::Completed,
            TranscriptionChange::Failed,
        ]);
        let failed = change == TranscriptionChange::Failed;
        let happening = Happening::Transcription {
            change,
            transcription_id: format!("transcription-{}", self.told),
            title: self.one_of(&RECORDINGS).to_owned(),
            error: failed.then(|| "the recording has no sound".to_owned()),
            action_url: Some(format!("/transcriptions/{}", self.told)),
        };
        let (person, campus) = self.somebody();
        self.publish_happening(api, happening, &campus, Audience::users([person.id])).await
    }

    async fn quota(&mut self, api: &Api) -> Result<(), Failure> {
        let used = f64::from(self.rng.random_range(180..200)) / 10.0;
        let happening = Happening::Quota { resource: "GB of storage".to_owned(), used, limit: 20.0 };
        let (person, campus) = self.somebody();
        self.publish_happening(api, happening, &campus, Audience::users([person.id])).await
    }

    async fn campus_news(&mut self, api: &Api) -> Result<(), Failure> {
        let campus = self.rng.random_range(0..self.cast.campuses.len());
        let (title, message) = self.one_of(&NEWS);
        let admin = &self.cast.people[campus];
        let sender = Sender { id: admin.id, key: admin.key.clone(), name: admin.name.clone() };
        let content = content(api, "CAMPUS_UPDATE", Priority::Medium, title, message)?;
        let audience = Audience::Campus(self.cast.campuses[campus].id);
        announce(api, sender, Role::Member, audience, content, None).await
    }

    async fn urgent_news(&mut self, api: &Api) -> Result<(), Failure> {
        let sender = self.cast.platform.clone();
        let (title, message) = ("Storm warning", "Please stay inside until 18:00. Lectures go on online.");
        let content = content(api, "SYSTEM_WARNING", Priority::Urgent, title, message)?;
        announce(api, sender, Role::Service, Audience::System, content, None).await
    }

    async fn publish_happening(
        &self,
        api: &Api,
        happening: Happening,
        campus: &Campus,
        audience: Audience,
    ) -> Result<(), Failure> {
        let wording = ingest::word(happening, campus.timezone.parse()?)?;
        let types = api.store.types();
        let known = types.named(wording.type_name).ok_or("a built-in type is missing")?;
        let content = Content {
            type_id: known.id,
            title: wording.title,
            message: wording.message,
            priority: wording.priority,
            data: wording.data,
            expires_at: None,
        };
        let sender = self.cast.platform.clone();
        api.log.publish(Publication { sender, audience, within: None, content, idempotency: None }).await?;
        Ok(())
    }

    /// A full or half hour by day, one to nine days ahead.
    fn some_day(&mut self, now: DateTime<Utc>) -> DateTime<Utc> {
        let half_hours = self.rng.random_range(16..36);
        let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc();
        midnight + TimeDelta::days(self.rng.random_range(1..10)) + TimeDelta::minutes(30 * half_hours)
    }

    /// Anyone, but the one whose feed is on show more often than chance would have it.
    fn somebody(&mut self) -> (User, Campus) {
        let index =
            if self.rng.random_ratio(1, 3) { 10 } else { self.rng.random_range(0..self.cast.people.len()) };
        (self.cast.people[index].clone(), self.cast.campuses[index % self.cast.campuses.len()].clone())
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.rng.random_range(0..choices.len())]
    }
}

/// What somebody writes, without more to it.
pub(super) fn content(
    api: &Api,
    type_name: &str,
    priority: Priority,
    title: &str,
    message: &str,
) -> Result<Content, Failure> {
    let types = api.store.types();
    let known = types.named(type_name).ok_or("a built-in type is missing")?;
    Ok(Content {
        type_id: known.id,
        title: title.to_owned(),
        message: message.to_owned(),
        priority,
        data: ContentData::default(),
        expires_at: None,
    })
}

/// Somebody tells a campus, or all; now, or at a moment that lies ahead.
pub(super) async fn announce(
    api: &Api,
    sender: Sender,
    token_role: Role,
    audience: Audience,
    content: Content,
    send_at: Option<DateTime<Utc>>,
) -> Result<(), Failure> {
    let publication = Publication { sender, audience, within: None, content, idempotency: None };
    let when = Ok(send_at.map_or(When::Now, When::At));
    api.log.announce(Announcement { publication, send_at, when, token_role }).await?;
    Ok(())
}
