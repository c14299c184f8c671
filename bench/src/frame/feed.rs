//! The client's model with a long feed in it, of somebody who speaks for a campus, on a terminal of 200×60.
//!
//! It is filled by the messages that the network would send, one after the other, through the client's own `update`.

use campanile::message::{Message, Page, Signal};
use campanile::model::Model;
use campanile::model::count::Count;
use campanile::model::event::{Cursor, FeedEvent, Happening};
use campanile::model::notification::{Campus, Data, Notification, Priority, Sender};
use campanile::model::viewer::{Permissions, Place, Viewer};
use campanile::options::Options;
use campanile::screens::feed::exchange::{self, Start};
use campanile::theme::Theme;
use campanile::update::update;
use chrono::{DateTime, TimeDelta, Utc};
use ratatui::layout::Size;

/// The terminal's.
pub(super) const SIZE: Size = Size { width: 200, height: 60 };

/// Some of them wide, some joined of several code points, some from right to left: none is drawn faster than it is.
const TITLES: [&str; 6] = [
    "New event: Chess evening",
    "Event cancelled: Guest lecture on rivers and the cities beside them",
    "図書館は正午まで閉館します",
    "Open day 👩‍👩‍👧 for families",
    "الاجتماع عند الظهر في القاعة الكبرى",
    "Transcription failed: Lecture 5",
];
const MESSAGE: &str = "The event has been created by the student union. Doors open half an hour before it begins, and there is \
                       room for forty people; whoever comes later is welcome to stand.";
const CAMPUSES: [(&str, &str); 3] =
    [("harbour", "Harbour Campus"), ("hill", "Hill Campus"), ("river", "River Campus")];

/// A model that is connected, live, and has so many notifications, a third of them read.
pub(super) fn of(size: u32) -> Model {
    let options = Options { theme: Theme::dark(), ..Options::default() };
    let mut model = Model::new("http://127.0.0.1:8080".into(), options, moment(size), SIZE, 1);
    update(&mut model, Message::Net(Signal::Connected));
    let started = exchange::Signal::Started { replace: true, result: Ok(Box::new(start())) };
    update(&mut model, Message::Net(started.into()));
    let live = event(&model, Happening::Progress { live: true }, 0);
    update(&mut model, live);
    for number in 1..=size {
        arrive(&mut model, number);
    }
    model
}

/// The notification of this number arrives. Those that were not there before move the feed down.
pub(super) fn arrive(model: &mut Model, number: u32) {
    let message = arrival(model, number);
    update(model, message);
}

/// The same, before it is taken in.
pub(super) fn arrival(model: &Model, number: u32) -> Message {
    let notification = Box::new(notification(number));
    event(model, Happening::Notification { notification, silent: false, replayed: false }, number)
}

fn event(model: &Model, happening: Happening, at: u32) -> Message {
    let event = Box::new(FeedEvent { cursor: Cursor(format!("c{at}")), happening });
    let generation = model.screens.feed.generation;
    Message::Net(exchange::Signal::Event { generation, event }.into())
}

/// One each second.
fn moment(number: u32) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::seconds(number.into())
}

fn notification(number: u32) -> Notification {
    let (key, name) = pick(&CAMPUSES, number);
    let created_at = moment(number);
    Notification {
        id: format!("n{number}").into(),
        kind: "EVENT_CREATED".into(),
        category: "EVENTS".into(),
        audience: "CAMPUS".into(),
        campus: Some(Campus { id: format!("campus:{key}").into(), key: key.into(), name: name.into() }),
        title: format!("{} {number}", pick(&TITLES, number)),
        message: MESSAGE.into(),
        data: Data {
            event_id: Some(format!("event-{number}")),
            action_url: Some(format!("/events/{number}")),
            ..Data::default()
        },
        priority: if number.is_multiple_of(7) { Priority::High } else { Priority::Medium },
        sender: Some(Sender { id: "user:bell".into(), name: "Bell Ringer".into() }),
        created_at,
        expires_at: None,
        read_at: number.is_multiple_of(3).then_some(created_at),
        archived_at: None,
    }
}

fn pick<T: Copy>(of: &[T], number: u32) -> T {
    of[usize::try_from(number).unwrap_or_default() % of.len()]
}

fn start() -> Start {
    let place = |(key, name): (&str, &str)| Place { key: key.into(), name: name.into(), admin: true };
    let campuses: Vec<Place> = CAMPUSES.into_iter().map(place).collect();
    Start {
        viewer: Viewer {
            key: "ada".into(),
            name: "Ada Lovelace".into(),
            campuses: campuses.clone(),
            permissions: Permissions { administers: campuses, ..Permissions::default() },
        },
        unread: Count { count: 0, at_least: false },
        page: Page { notifications: Vec::new(), end: None, feed_cursor: Cursor("c0".into()) },
    }
}

#[cfg(test)]
mod tests {
    use campanile::triage::inbox::Filter;

    use super::*;

    #[test]
    fn the_feed_is_as_long_as_it_should_be() {
        let mut model = of(100);
        let listed = |model: &Model, filter| model.screens.feed.triage.inbox.listing(filter).len();
        assert_eq!((listed(&model, Filter::All), listed(&model, Filter::Unread)), (100, 67));
        arrive(&mut model, 101);
        assert_eq!(listed(&model, Filter::All), 101);
    }
}
