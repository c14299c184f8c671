//! A viewer's feed, followed on a socket of its own: event by event, in the order in which they come.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    caller::{Caller, Refusal},
    socket::{Frame, Socket},
};

const FEED: &str = "subscription ($after: String, $filter: FeedFilter) {
  feed(after: $after, filter: $filter) {
    __typename
    cursor
    ... on NotificationAdded { silent replayed notification { id title } }
    ... on NotificationRecalled { notificationId }
    ... on ReadStateChanged { revision notificationIds readThrough unreadCount }
    ... on FeedProgress { live }
  }
}";

/// A feed that is subscribed to.
#[derive(Debug)]
pub struct Feed {
    socket: Socket,
    cursor: Option<String>,
}

/// An event of the contract's `FeedEvent`, with the fields that tests look at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "__typename", rename_all_fields = "camelCase")]
#[expect(missing_docs, reason = "the contract says what each field means")]
pub enum Event {
    /// A notification for the viewer.
    NotificationAdded { cursor: String, notification: Notification, silent: bool, replayed: bool },
    /// One that was taken back.
    NotificationRecalled { cursor: String, notification_id: String },
    /// Something was read or unread, here or elsewhere.
    ReadStateChanged {
        cursor: String,
        revision: u64,
        notification_ids: Vec<String>,
        read_through: Option<String>,
        unread_count: u64,
    },
    /// Joined or left a campus, muted or unmuted a type.
    ViewerChanged { cursor: String },
    /// A new cursor and nothing else.
    FeedProgress { cursor: String, live: bool },
}

/// A notification, as far as tests tell them apart.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Notification {
    /// Campanile's.
    pub id: String,
    /// The publisher's.
    pub title: String,
}

impl Event {
    /// Where a feed that resumes after this event begins.
    pub fn cursor(&self) -> &str {
        match self {
            Self::NotificationAdded { cursor, .. }
            | Self::NotificationRecalled { cursor, .. }
            | Self::ReadStateChanged { cursor, .. }
            | Self::ViewerChanged { cursor }
            | Self::FeedProgress { cursor, .. } => cursor,
        }
    }

    /// The title, if a notification was added.
    pub fn title(&self) -> Option<&str> {
        match self {
            Self::NotificationAdded { notification, .. } => Some(&notification.title),
            _ => None,
        }
    }
}

impl Feed {
    /// Subscribes, and waits until the feed is live: what is published from now on will come.
    pub async fn live(viewer: &Caller) -> Result<Self> {
        let mut feed = Self::open(viewer, None, &Value::Null).await?;
        feed.catch_up().await?;
        Ok(feed)
    }

    /// Subscribes, and waits for nothing.
    pub async fn open(viewer: &Caller, after: Option<&str>, filter: &Value) -> Result<Self> {
        let mut socket = Socket::open(viewer.address, viewer.token.as_deref()).await?;
        socket.subscribe("feed", FEED, &json!({ "after": after, "filter": filter })).await?;
        Ok(Self { socket, cursor: after.map(str::to_owned) })
    }

    /// The last event's, or the one that the feed was opened with.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The next event; that the feed ends is an error.
    pub async fn next(&mut self) -> Result<Event> {
        self.next_or_end().await?.context("the connection broke off")
    }

    /// The next event, or nothing if the connection broke off or the server closed it.
    pub async fn next_or_end(&mut self) -> Result<Option<Event>> {
        let message = match self.socket.next().await? {
            Frame::Message(message) => message,
            Frame::Closed(_) | Frame::Lost => return Ok(None),
        };
        let event = &message["payload"]["data"]["feed"];
        if message["type"] != "next" || event.is_null() {
            bail!("not an event: {message}");
        }
        let event = Event::deserialize(event).with_context(|| format!("not of the contract: {event}"))?;
        self.cursor = Some(event.cursor().to_owned());
        Ok(Some(event))
    }

    /// The error that the feed is refused with.
    pub async fn refusal(&mut self) -> Result<Refusal> {
        let Frame::Message(message) = self.socket.next().await? else { bail!("closed, and no word why") };
        let errors =
            if message["type"] == "error" { &message["payload"] } else { &message["payload"]["errors"] };
        Refusal::try_from(errors.get(0).with_context(|| format!("not refused: {message}"))?)
    }

    /// All events up to and with the first for which `is_last` holds.
    pub async fn until(&mut self, mut is_last: impl FnMut(&Event) -> bool) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        loop {
            let next = self.next().await.with_context(|| format!("after {events:?}"))?;
            let last = is_last(&next);
            events.push(next);
            if last {
                return Ok(events);
            }
        }
    }

    /// All events until it is live.
    pub async fn catch_up(&mut self) -> Result<Vec<Event>> {
        self.until(|event| matches!(event, Event::FeedProgress { live: true, .. })).await
    }

    /// The titles of what is added, up to and with this one. What comes in between besides is passed over.
    pub async fn titles_through(&mut self, last: &str) -> Result<Vec<String>> {
        let events = self.until(|event| event.title() == Some(last)).await?;
        Ok(titles(&events))
    }
}

/// The titles of what was added.
pub fn titles(events: &[Event]) -> Vec<String> {
    events.iter().filter_map(Event::title).map(str::to_owned).collect()
}
