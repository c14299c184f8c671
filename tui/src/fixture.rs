//! What tests are made of. Compiled into tests only.

use chrono::{DateTime, TimeDelta, Utc};

use ratatui::layout::Size;

use crate::{
    action::Action,
    effect::Effect,
    input::Typed,
    message::{Message, Page, Signal},
    model::{
        Model,
        broadcast::{self, Broadcast},
        count::Count,
        event::{Cursor, FeedEvent, Happening},
        notification::{Campus, Data, Notification, Priority, Sender},
        viewer::{Permissions, Place, Viewer},
    },
    options::Options,
    screens::feed::exchange::{self, Start},
    update::update,
};

const SIZE: Size = Size { width: 80, height: 24 };

/// A fixed moment: 2026-11-21 18:00:00 UTC.
pub(crate) fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_284_000, 0).unwrap()
}

/// The n-th notification, unread, n minutes after that.
pub(crate) fn notification(n: u16) -> Notification {
    Notification {
        id: format!("n{n}").into(),
        kind: "EVENT_CREATED".into(),
        category: "EVENTS".into(),
        audience: "CAMPUS".into(),
        campus: Some(Campus { id: "campus:north".into(), key: "north".into(), name: "North Campus".into() }),
        title: format!("New event {n}"),
        message: format!("Event {n} has been created."),
        data: Data::default(),
        priority: Priority::Medium,
        sender: Some(Sender { id: "user:ada".into(), name: "Ada Lovelace".into() }),
        created_at: moment() + TimeDelta::minutes(n.into()),
        expires_at: None,
        read_at: None,
        archived_at: None,
    }
}

/// The n-th broadcast: sent n minutes after that, to a campus in Rome.
pub(crate) fn broadcast(n: u16) -> Broadcast {
    let at = moment() + TimeDelta::minutes(n.into());
    Broadcast {
        id: format!("b{n}").into(),
        state: broadcast::State::Sent,
        failure: None,
        kind: "CAMPUS_UPDATE".into(),
        title: format!("Broadcast {n}"),
        message: format!("What broadcast {n} says."),
        priority: Priority::Medium,
        expires_at: None,
        outcome: Some(broadcast::Outcome { id: format!("n{n}").into(), at, link: None }),
        sender: "Ada Lovelace".into(),
        audience: broadcast::Audience::Campus,
        campus: Some(broadcast::Campus {
            key: "north".into(),
            name: "North Campus".into(),
            zone: Some(chrono_tz::Europe::Rome),
        }),
        send_at: None,
        size: 4_210,
        delivered: 3_990,
        read: 812,
    }
}

/// A client that is connected and has a few notifications, at 80×24.
pub(crate) fn model() -> Model {
    connected(Options::default(), start())
}

/// The same, whoever it is, and however they want it.
pub(crate) fn connected(options: Options, start: Start) -> Model {
    let mut model =
        Model::new("http://127.0.0.1:8080".into(), options, moment() + TimeDelta::minutes(30), SIZE, 1);
    update(&mut model, Message::Net(Signal::Connected));
    let start = exchange::Signal::Started { replace: true, result: Ok(Box::new(start)) };
    update(&mut model, Message::Net(start.into()));
    happen(&mut model, "c5", Happening::Progress { live: true });
    model
}

/// The same, of somebody who speaks for a campus.
pub(crate) fn admin() -> Model {
    admin_with(Options::default())
}

/// The same, however they want it.
pub(crate) fn admin_with(options: Options) -> Model {
    let mut start = start();
    let administers = start.viewer.campuses.iter().filter(|place| place.admin).cloned().collect();
    start.viewer.permissions = Permissions { administers, ..Permissions::default() };
    connected(options, start)
}

/// The user wants something.
pub(crate) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    update(model, Message::Act(action))
}

/// The user types a line, or part of one.
pub(crate) fn type_line(model: &mut Model, text: &str) -> Vec<Effect> {
    update(model, Message::Type(Typed::Paste(text.to_owned())))
}

/// The network tells.
pub(crate) fn net(model: &mut Model, signal: impl Into<Signal>) -> Vec<Effect> {
    update(model, Message::Net(signal.into()))
}

/// What the server says first.
pub(crate) fn start() -> Start {
    let place = |key: &str, name: &str, admin| Place { key: key.into(), name: name.into(), admin };
    let mut urgent = notification(4);
    urgent.title = "Library closed".into();
    urgent.message =
        "A water pipe has burst.\n\nThe library stays closed until noon; loans are extended by a day.".into();
    (urgent.kind, urgent.category) = ("CAMPUS_UPDATE".into(), "SYSTEM".into());
    urgent.priority = Priority::Urgent;
    urgent.expires_at = Some(moment() + TimeDelta::hours(6));
    urgent.data.action_url = Some("/library".into());
    let mut low = notification(3);
    low.priority = Priority::Low;
    low.campus = None;
    low.audience = "SYSTEM".into();
    let mut read = notification(2);
    read.title = "Read before".into();
    read.read_at = Some(read.created_at);
    Start {
        viewer: Viewer {
            key: "ada".into(),
            name: "Ada Lovelace".into(),
            campuses: vec![place("north", "North Campus", true), place("south", "South Campus", false)],
            permissions: Permissions::default(),
        },
        unread: Count { count: 4, at_least: false },
        page: Page {
            notifications: vec![notification(5), urgent, low, read, notification(1)],
            end: None,
            feed_cursor: Cursor("c5".into()),
        },
    }
}

/// Something happens, at a position.
pub(crate) fn happen(model: &mut Model, at: &str, happening: Happening) -> Vec<Effect> {
    let event = Box::new(FeedEvent { cursor: Cursor(at.into()), happening });
    let generation = model.screens.feed.generation;
    update(model, Message::Net(exchange::Signal::Event { generation, event }.into()))
}

/// The n-th notification arrives.
pub(crate) fn arrival(n: u16) -> Happening {
    Happening::Notification { notification: Box::new(notification(n)), silent: false, replayed: false }
}
