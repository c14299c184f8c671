//! Live feeds, as clients hold them: everything that one tells, and whether that is what the model says.

use std::time::Duration;

use campanile_server::domain::cursor::Cursor;
use serde_json::{Value, json};

use super::act::{NOTIFICATION, markers, position_of};
use super::model::{Expected, Model};
use super::receipts::{Hint, Said};
use super::server::{Answer, Server, Subscribed, has_little_room};

/// Nothing takes so long; a feed that has not told by then what it should never will.
const FOREVER: Duration = Duration::from_mins(1);

/// A subscription, and what it has told so far.
pub(crate) struct LiveFeed {
    pub(crate) user: usize,
    /// What it should tell of the log; grows with the model.
    pub(crate) expected: Vec<Expected>,
    /// The user's hints from this one on should be told.
    hints_from: usize,
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
                ... on ReadStateChanged {{ revision notificationIds readThrough read unreadCount unseenCount }}
                ... on FeedProgress {{ live }} }} }}"
        );
        let (cursor, position) = after.map_or((None, model.head()), |(cursor, at)| (Some(cursor), at));
        let incoming = server.subscribe(user, &document, json!({ "after": cursor })).await;
        let mut feed = Self {
            user,
            expected: model.replay(user, position),
            hints_from: model.receipts[user].hints.len(),
            incoming,
            told: Vec::new(),
        };
        loop {
            let answer = feed.next().await;
            match answer.code {
                Some(code) => return Err(code),
                None if feed.hear(&answer)["__typename"] == "FeedProgress" => return Ok(feed),
                None => {}
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

    /// Waits until the feed has told that this notification was read.
    pub(crate) async fn wait_until_read(&mut self, notification: usize) {
        self.wait_until(|event| {
            event["__typename"] == "ReadStateChanged"
                && positions(&event["notificationIds"]) == [notification]
        })
        .await;
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
        self.hold_hints_against(&model.receipts[self.user].hints[self.hints_from..]);
        let last = self.told.iter().rfind(|event| event["__typename"] == "ReadStateChanged").unwrap();
        assert_eq!(last["unreadCount"], model.unread(self.user), "{last}");
        assert_eq!(last["unseenCount"], model.unseen(self.user), "{last}");
    }

    /// Who falls behind is told the same, but for what is not theirs to see any more by the time that they get to it.
    fn hold_loosely(&self, told: &[Expected], model: &Model) {
        let mut told = told.iter().peekable();
        for expected in &self.expected {
            if told.next_if_eq(&expected).is_none() {
                let passed_over = model.may_be_passed_over(self.user, expected);
                assert!(passed_over, "the feed of {} lacks {expected:?}: {:#?}", self.user, self.told);
            }
        }
        assert_eq!(told.next(), None, "the feed of {} told more than it should", self.user);
    }

    fn hold_hints_against(&self, hints: &[Hint]) {
        let mut told = Vec::new();
        let mut revision = 0;
        for (place, event) in self.told.iter().enumerate() {
            if event["__typename"] != "ReadStateChanged" {
                continue;
            }
            let grown = event["revision"].as_i64().unwrap();
            assert!(grown > revision, "revision {grown} after {revision}");
            revision = grown;
            let notifications = positions(&event["notificationIds"]);
            let added_later = self.told[place..]
                .iter()
                .filter(|event| event["__typename"] == "NotificationAdded")
                .any(|event| notifications.contains(&position_of(&event["notification"]["id"])));
            assert!(!added_later, "{event} came before what it is about");
            told.push(Said {
                notifications,
                read_through: event["readThrough"].as_str().map(|_| position_of(&event["readThrough"])),
                read: event["read"].as_bool(),
            });
        }
        // Whoever comes back to receipts that have changed is asked to fetch anew, first of all.
        let asked_to_fetch = self.hints_from > 0 && told.first().is_some_and(Said::names_nothing);
        let fit = are_told(&told, hints) || (asked_to_fetch && are_told(&told[1..], hints));
        assert!(fit, "{} was told {told:?} of {hints:?}", self.user);
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

/// Whether nothing but `hints` was told, in their order, and all that must be.
fn are_told(told: &[Said], hints: &[Hint]) -> bool {
    let all = hints.iter().map(|hint| &hint.said);
    let musts = hints.iter().filter(|hint| hint.must).map(|hint| &hint.said);
    is_within(told.iter(), all) && is_within(musts, told.iter())
}

/// Whether `few` are among `many`, in the same order.
fn is_within<'e, T: PartialEq + 'e>(
    few: impl Iterator<Item = &'e T>,
    mut many: impl Iterator<Item = &'e T>,
) -> bool {
    let mut few = few;
    few.all(|one| many.any(|other| other == one))
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
            assert_eq!(event["silent"], false, "there are no quiet hours");
            let replayed = event["replayed"] == true;
            assert!(replayed || notification["readAt"].is_null(), "nobody can have read news: {event}");
            Expected::Added { position, replayed }
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
