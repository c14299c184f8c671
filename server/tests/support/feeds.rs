//! Live feeds, as clients hold them: everything that one tells, and whether that is what the model says.

use std::collections::BTreeMap;
use std::time::Duration;

use campanile_server::domain::cursor::Cursor;
use serde_json::{Value, json};

use super::act::{NOTIFICATION, markers, position_of};
use super::compare;
use super::model::{Expected, Model};
use super::receipts::Said;
use super::server::{Answer, Server, Subscribed, has_little_room};

/// Nothing takes so long; a feed that has not told by then what it should never will.
const FOREVER: Duration = Duration::from_mins(1);

/// A subscription, and what it has told so far.
pub(crate) struct LiveFeed {
    pub(crate) user: usize,
    /// What it should tell of the log; grows with the model.
    pub(crate) expected: Vec<Expected>,
    /// The user's changes from this one on should be told.
    changes_from: usize,
    /// Whether the client is to ask what changed before, since its cursor says that it does not know.
    asks: bool,
    incoming: Subscribed,
    told: Vec<Value>,
}

impl LiveFeed {
    /// Subscribes, and waits until the feed is live. The code, where it is refused.
    pub(crate) async fn open(
        server: &Server,
        model: &Model,
        user: usize,
        after: Option<(String, usize)>,
    ) -> Result<Self, String> {
        let document = format!(
            "subscription($after: String) {{ feed(after: $after) {{ __typename cursor
                ... on NotificationAdded {{ replayed silent notification {NOTIFICATION} }}
                ... on NotificationRecalled {{ notificationId }}
                ... on ReadStateChanged {{ revision notificationIds readThrough read archived unreadCount unseenCount }}
                ... on FeedProgress {{ live }} }} }}"
        );
        let (cursor, position) = after.map_or((None, model.head()), |(cursor, at)| (Some(cursor), at));
        let changes_from = model.receipts[user].revision();
        let known = cursor.as_deref().map(|cursor| revision_in(cursor).unwrap_or(0));
        let incoming = server.subscribe(user, &document, json!({ "after": cursor })).await;
        let mut feed = Self {
            user,
            expected: model.replay(user, position),
            changes_from,
            asks: known.is_some_and(|known| known < changes_from),
            incoming,
            told: Vec::new(),
        };
        loop {
            let answer = feed.next().await;
            if let Some(code) = answer.code {
                return Err(code);
            }
            let event = feed.hear(&answer);
            match event["__typename"].as_str() {
                Some("FeedProgress") => return Ok(feed),
                Some("NotificationAdded") => {
                    let model = &delivered(model, user);
                    compare::copy(model, user, &event["notification"]);
                }
                _ => {}
            }
        }
    }

    /// Waits until the feed has told of the notification at this position.
    pub(crate) async fn wait_until_added(&mut self, position: usize) {
        self.wait_until(|event| {
            event["__typename"] == "NotificationAdded"
                && position_of(&event["notification"]["id"]) == position
        })
        .await;
    }

    /// Waits until the feed has told of the last change of the user's receipts.
    pub(crate) async fn wait_until_all_is_told(&mut self, model: &Model) {
        let last = model.receipts[self.user].revision();
        self.wait_until(|event| event["__typename"] == "ReadStateChanged" && event["revision"] == last).await;
    }

    async fn wait_until(&mut self, is_it: impl Fn(&Value) -> bool) {
        while !self.told.iter().any(&is_it) {
            let answer = self.next().await;
            assert_eq!(answer.code, None, "{} was told {}", self.user, answer.text);
            self.hear(&answer);
        }
    }

    async fn next(&mut self) -> Answer {
        match tokio::time::timeout(FOREVER, self.incoming.incoming.recv()).await {
            Ok(Some(answer)) => answer,
            Ok(None) => panic!("the feed of {} ended; it told {:#?}", self.user, self.told),
            Err(tokio::time::error::Elapsed { .. }) => panic!(
                "the feed of {} says nothing more; it should tell {:?}; it told {:#?}",
                self.user, self.expected, self.told
            ),
        }
    }

    fn hear(&mut self, answer: &Answer) -> Value {
        let event = answer.data["feed"].clone();
        // Whatever an event says, it says of its own notification.
        let own: Vec<usize> = match event["__typename"].as_str() {
            Some("NotificationAdded") => vec![position_of(&event["notification"]["id"])],
            _ => vec![],
        };
        assert!(markers(&answer.text).iter().all(|n| own.contains(n)), "{}", answer.text);
        self.told.push(event.clone());
        event
    }

    /// Every cursor that the feed has given out so far, with the position that it stands for.
    pub(crate) fn cursors(&self) -> impl Iterator<Item = (String, usize)> {
        self.told.iter().map(|event| (event["cursor"].as_str().unwrap().to_owned(), position(event)))
    }

    /// Everything that should have been told has been, in order, and nothing else.
    pub(crate) fn hold_against(&self, model: &Model) {
        let told: Vec<Expected> = self.of_the_log().map(expected_from).collect();
        if has_little_room(self.user) {
            self.hold_loosely(&told, model);
        } else {
            assert_eq!(told, self.expected, "the feed of {}", self.user);
        }
        assert!(self.told.is_sorted_by_key(position), "a cursor went back: {:#?}", self.told);
        self.hold_changes_against(&model.receipts[self.user].changes);
        self.hold_copies_against(model);
        let last = self.told.iter().rfind(|event| event["__typename"] == "ReadStateChanged").unwrap();
        assert_eq!(last["unreadCount"], model.unread(self.user), "{last}");
        assert_eq!(last["unseenCount"], model.unseen(self.user), "{last}");
    }

    /// Who falls behind is told the same, but for what is not theirs to see any more by the time that they get to
    /// it, or what they have changed their mind about since.
    fn hold_loosely(&self, told: &[Expected], model: &Model) {
        assert!(told.is_sorted_by(comes_before), "the feed of {} repeats: {:#?}", self.user, self.told);
        let mut expected = self.expected.iter().peekable();
        let pass_over = |expected: &Expected| {
            let passed_over = model.may_be_passed_over(self.user, expected);
            assert!(passed_over, "the feed of {} lacks {expected:?}: {:#?}", self.user, self.told);
        };
        for told in told {
            while let Some(before) = expected.next_if(|expected| comes_before(expected, told)) {
                pass_over(before);
            }
            if expected.next_if_eq(&told).is_none() {
                let late = model.may_come_late(self.user, told);
                assert!(late, "the feed of {} told {told:?}: {:#?}", self.user, self.told);
                // Perhaps with another sound than at its time.
                expected.next_if(|expected| expected.position() == told.position());
            }
        }
        expected.for_each(pass_over);
    }

    /// Each change was told, once, in order; who fell behind may have been asked to fetch anew instead.
    fn hold_changes_against(&self, changes: &[Said]) {
        let mut known = self.changes_from;
        let mut asks = self.asks;
        for (place, event) in self.told.iter().enumerate() {
            if event["__typename"] != "ReadStateChanged" {
                continue;
            }
            let revision = usize::try_from(event["revision"].as_u64().unwrap()).unwrap();
            let said = said(event);
            // First of all, what changed before.
            if std::mem::take(&mut asks) {
                assert_eq!((revision, said), (known, Said::default()), "{} is to fetch anew", self.user);
                continue;
            }
            let may_lose = has_little_room(self.user) && said == Said::default() && revision > known;
            let is_next = revision == known + 1 && changes.get(known) == Some(&said);
            assert!(may_lose || is_next, "{} knew of {known} changes of {changes:?}: {event}", self.user);
            known = revision;
            let added_later = self.told[place..]
                .iter()
                .filter(|event| event["__typename"] == "NotificationAdded")
                .any(|event| said.notifications.contains(&position_of(&event["notification"]["id"])));
            assert!(!added_later, "{event} came before what it is about");
        }
        assert_eq!(known, changes.len(), "{} was not told of every change of {changes:?}", self.user);
    }

    /// A client that believes what it is told has what it should have, but for what it was told to ask for.
    fn hold_copies_against(&self, model: &Model) {
        let mut held: BTreeMap<usize, (bool, bool)> = BTreeMap::new();
        for event in &self.told {
            match event["__typename"].as_str() {
                Some("NotificationAdded") => {
                    let copy = &event["notification"];
                    let state = (!copy["readAt"].is_null(), !copy["archivedAt"].is_null());
                    held.insert(position_of(&copy["id"]), state);
                }
                Some("NotificationRecalled") => {
                    held.remove(&position_of(&event["notificationId"]));
                }
                Some("ReadStateChanged") => believe(&mut held, &said(event)),
                Some("ViewerChanged") => held.clear(),
                _ => {}
            }
        }
        held.retain(|notification, _| model.is_theirs(self.user, *notification));
        for (notification, (read, archived)) in held {
            let about = format!("what {} holds of {notification}: {:#?}", self.user, self.told);
            assert_eq!(read, model.read_at(self.user, notification).is_some(), "{about}");
            // That something comes of age nobody is told.
            if let Some(said) = model.receipts[self.user].says_archived(notification) {
                assert_eq!(archived, said, "{about}");
            }
        }
    }

    fn of_the_log(&self) -> impl Iterator<Item = &Value> {
        let mut live = false;
        self.told.iter().filter(move |event| match event["__typename"].as_str() {
            Some("ReadStateChanged") => false,
            // The cursor moves on now and then; only the first says that the feed is live.
            Some("FeedProgress") => !std::mem::replace(&mut live, true),
            _ => true,
        })
    }
}

/// Whether that should have been told before this; that a feed is live, it tells last.
fn comes_before(expected: &Expected, told: &Expected) -> bool {
    let order = |event: &Expected| (event.position(), matches!(event, Expected::Live { .. }));
    order(expected) < order(told)
}

/// The telling part of a `ReadStateChanged`.
fn said(event: &Value) -> Said {
    Said {
        notifications: positions(&event["notificationIds"]),
        read_through: event["readThrough"].as_str().map(|_| position_of(&event["readThrough"])),
        read: event["read"].as_bool(),
        archived: event["archived"].as_bool(),
    }
}

/// What a client makes of a `ReadStateChanged`: what it has to ask for is as it should be, and held no more.
fn believe(held: &mut BTreeMap<usize, (bool, bool)>, said: &Said) {
    if said.notifications.is_empty() && said.read_through.is_none() {
        held.clear();
    }
    for (notification, (is_read, is_archived)) in held {
        let is_covered = said.read_through.is_some_and(|through| *notification <= through);
        if is_covered || said.notifications.contains(notification) {
            *is_read = said.read.unwrap_or(*is_read);
            *is_archived = said.archived.unwrap_or(*is_archived);
        }
    }
}

/// The model, once what is there has been delivered to this user.
fn delivered(model: &Model, user: usize) -> Model {
    let mut model = model.clone();
    model.deliver(user);
    model
}

/// Up to which change of their receipts the holder of this cursor knows.
fn revision_in(cursor: &str) -> Option<usize> {
    let revision = Cursor::decode(cursor).unwrap().revision;
    revision.map(|revision| usize::try_from(revision).unwrap())
}

fn positions(ids: &Value) -> Vec<usize> {
    ids.as_array().unwrap().iter().map(position_of).collect()
}

/// Where an event's cursor says that it stands.
fn position(event: &Value) -> usize {
    let cursor = Cursor::decode(event["cursor"].as_str().unwrap()).unwrap();
    usize::try_from(cursor.seq.0).unwrap()
}

fn expected_from(event: &Value) -> Expected {
    let position = position(event);
    match event["__typename"].as_str() {
        Some("NotificationAdded") => {
            let notification = &event["notification"];
            assert_eq!(position_of(&notification["id"]), position);
            let silent = event["silent"].as_bool().unwrap();
            let replayed = event["replayed"] == true;
            let is_new = notification["readAt"].is_null() && notification["archivedAt"].is_null();
            assert!(replayed || is_new, "nobody can have read news: {event}");
            Expected::Added { position, replayed, silent }
        }
        Some("NotificationRecalled") => {
            Expected::Recalled { position, notification: position_of(&event["notificationId"]) }
        }
        Some("ViewerChanged") => Expected::ViewerChanged { position },
        Some("FeedProgress") => {
            assert_eq!(event["live"], true);
            Expected::Live { position }
        }
        _ => panic!("no such event: {event}"),
    }
}
