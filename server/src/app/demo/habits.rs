//! What the demo's people want to hear, how far they have read, and what is yet to be sent; so that there is something on every
//! screen, and that it moves.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::happenings::{announce, content};
use super::people::Cast;
use crate::app::Failure;
use crate::domain::content::Priority;
use crate::domain::directory::{Role, User};
use crate::domain::entry::{Audience, Sender};
use crate::domain::id::{CampusId, Seq};
use crate::domain::preferences::{Adjustment, QuietHoursAdjustment, SettingsChange, TimeOfDay};
use crate::domain::receipts::ReceiptChange;
use crate::graphql::Api;

/// Of so many people one looks, each time that something happens.
const LOOKING: usize = 25;

/// What is to be sent: in how many days, at which hour of UTC, to which campus or all, and what.
const AHEAD: [(i64, i64, Option<usize>, &str, &str); 4] = [
    (
        1,
        7,
        Some(0),
        "Open day: doors open at nine",
        "Come to the garden first. Bring a friend.\nThe gym is closed for the day.",
    ),
    (1, 15, Some(1), "Harbour lights", "The boats leave at sunset. There is room for sixty."),
    (3, 20, None, "Maintenance on the night", "The platform is away from midnight to two."),
    (9, 8, Some(0), "Exams begin", "Rooms and seats are on your page. Be there a quarter of an hour before."),
];

/// Everybody chooses what to hear, and has read some of the past.
pub(super) async fn settle(api: &Api, cast: &Cast) -> Result<(), Failure> {
    // What people choose is in the log, too.
    let end = api.store.head().await?.seq.0;
    let [first, second] = [0, 1].map(|index| cast.campuses[index].id);
    for person in [cast.member(), cast.campus_admin(), cast.super_admin()] {
        mute(api, person, None, &[("TRANSCRIPTION_STARTED", false)]).await?;
        mute(api, person, Some(second), &[("EVENT_REMINDER", false), ("TRANSCRIPTION_STARTED", true)])
            .await?;
        be_quiet(api, person, None, (22, 7)).await?;
        be_quiet(api, person, Some(first), (20, 9)).await?;
    }
    for person in cast.people.iter().skip(3).step_by(9) {
        mute(api, person, None, &[("EVENT_UPDATED", false), ("CAMPUS_UPDATE", false)]).await?;
    }
    for person in cast.people.iter().skip(4).step_by(7) {
        be_quiet(api, person, None, (0, 23)).await?;
    }
    for (index, person) in cast.people.iter().enumerate() {
        // Some have read all of it, some have been away for a while; whose feeds are on show, for a day.
        let behind = if is_on_show(cast, person) { 90 } else { i64::try_from(index * 37 % 120)? };
        read(api, person, Seq((end - behind).max(1))).await?;
    }
    Ok(())
}

/// Some of it waits: by the one who speaks for the first campus, where it is for that, else by the head of it all.
pub(super) async fn plan(api: &Api, cast: &Cast) -> Result<(), Failure> {
    let midnight = api.clock.now().date_naive().and_time(NaiveTime::MIN).and_utc();
    for (days, hour, campus, title, message) in AHEAD {
        let at: DateTime<Utc> = midnight + TimeDelta::days(days) + TimeDelta::hours(hour);
        let (sender, role) = match campus {
            Some(0) => (cast.campus_admin(), Role::Member),
            _ => (cast.super_admin(), Role::SuperAdmin),
        };
        let sender = Sender { id: sender.id, key: sender.key.clone(), name: sender.name.clone() };
        let type_name = if campus.is_some() { "CAMPUS_UPDATE" } else { "SYSTEM_ANNOUNCEMENT" };
        let audience = campus.map_or(Audience::System, |index| Audience::Campus(cast.campuses[index].id));
        let content = content(api, type_name, Priority::Medium, title, message)?;
        announce(api, sender, role, audience, content, Some(at)).await?;
    }
    Ok(())
}

/// A few look at what there is, others each time; but not those whose feeds are on show.
pub(super) async fn look(api: &Api, cast: &Cast, time: usize) -> Result<(), Failure> {
    let end = api.store.head().await?.seq;
    let people = cast.people.iter().skip(time % LOOKING).step_by(LOOKING);
    for person in people.filter(|person| !is_on_show(cast, person)) {
        read(api, person, end).await?;
    }
    Ok(())
}

fn is_on_show(cast: &Cast, person: &User) -> bool {
    [cast.member(), cast.campus_admin(), cast.super_admin()].iter().any(|shown| shown.id == person.id)
}

async fn read(api: &Api, person: &User, through: Seq) -> Result<(), Failure> {
    api.log.mark_delivered(vec![(person.id, through)]).await?;
    api.log.change_receipts(person.id, ReceiptChange::ReadThrough { through, campus: None }).await?;
    Ok(())
}

async fn mute(
    api: &Api,
    person: &User,
    campus: Option<CampusId>,
    chosen: &[(&str, bool)],
) -> Result<(), Failure> {
    let known = api.store.types();
    let mut types = Vec::new();
    for (name, heard) in chosen {
        types.push((known.named(name).ok_or("a built-in type is missing")?.id, Some(*heard)));
    }
    adjust(api, person, campus, Adjustment { types, quiet_hours: None }).await
}

async fn be_quiet(
    api: &Api,
    person: &User,
    campus: Option<CampusId>,
    hours: (u16, u16),
) -> Result<(), Failure> {
    let at = |hour| TimeOfDay::from_minutes(60 * hour);
    let quiet_hours = Some(QuietHoursAdjustment::Set {
        enabled: Some(true),
        start: at(hours.0),
        end: at(hours.1),
        timezone: Some(Some(Tz::Europe__Rome)),
    });
    adjust(api, person, campus, Adjustment { types: Vec::new(), quiet_hours }).await
}

async fn adjust(
    api: &Api,
    person: &User,
    campus: Option<CampusId>,
    adjustment: Adjustment,
) -> Result<(), Failure> {
    api.log.change_settings(person.id, SettingsChange::Adjust(campus, adjustment)).await??;
    Ok(())
}
