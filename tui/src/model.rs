//! What the client knows, and nothing of how it is shown or where it came from.
//!
//! Plain data: no I/O, no clock, no GraphQL. [`crate::update`] alone changes it, [`crate::view`] draws it.

pub mod count;
pub mod event;
pub mod fault;
pub mod feed;
pub mod layout;
pub mod link;
pub mod listing;
pub mod notification;
pub mod selection;
pub mod viewer;

use chrono::{DateTime, Utc};
use ratatui::layout::Size;

use self::{count::Count, event::Cursor, feed::Feed, link::Link, viewer::Viewer};
use crate::{keymap::Context, message::Ticket, update::receipts::Receipt};

/// Everything that a frame is drawn from.
#[derive(Debug)]
pub struct Model {
    /// The time, as of the last tick.
    pub now: DateTime<Utc>,
    /// The terminal's.
    pub size: Size,
    /// Which server, as the user wrote it.
    pub server: String,
    /// How the connection is.
    pub link: Link,
    /// Who it is; unknown until the first answer.
    pub viewer: Option<Viewer>,
    /// The viewer's unread; unknown until the first answer.
    pub unread: Option<Count>,
    /// What they have been told.
    pub feed: Feed,
    /// Where the feed goes on.
    pub cursor: Option<Cursor>,
    /// What is known is not the feed as a whole any more; a fresh page was asked for, and has yet to come.
    pub stale: bool,
    /// Which subscription the events are taken from; those of an earlier one are old news.
    pub generation: u64,
    /// The newest revision of the read state that was applied.
    pub revision: i32,
    /// What the keys act on.
    pub focus: Focus,
    /// The help is open, scrolled down by this many rows.
    pub help: Option<u16>,
    /// Rows that the detail is scrolled down by.
    pub detail_scroll: u16,
    /// What to say at the bottom for a while.
    pub status: Option<Status>,
    /// Receipts under way, to be undone if they are refused.
    pub receipts: Vec<Receipt>,
    /// The next receipt's.
    pub next_ticket: Ticket,
    /// When to say that the newest has been seen.
    pub seen_due: Option<DateTime<Utc>>,
    /// The user is done.
    pub quit: bool,
}

/// What the keys act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list of notifications.
    List,
    /// The selected notification.
    Detail,
}

/// A line that says how something went, for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What to say.
    pub text: String,
    /// Something failed.
    pub bad: bool,
    /// From when on it is not worth saying.
    pub until: DateTime<Utc>,
}

impl Model {
    /// Before anything is known. `seed` makes the delays before reconnecting differ from other clients'.
    pub fn new(server: String, now: DateTime<Utc>, size: Size, seed: u64) -> Self {
        Self {
            now,
            size,
            server,
            link: Link::new(seed),
            viewer: None,
            unread: None,
            feed: Feed::default(),
            cursor: None,
            stale: true,
            generation: 0,
            revision: 0,
            focus: Focus::List,
            help: None,
            detail_scroll: 0,
            status: None,
            receipts: Vec::new(),
            next_ticket: 0,
            seen_due: None,
            quit: false,
        }
    }

    /// Where the user is, as far as keys mean different things.
    pub fn context(&self) -> Context {
        match (self.help, self.focus) {
            (Some(_), _) => Context::Help,
            (None, Focus::List) => Context::List,
            (None, Focus::Detail) => Context::Detail,
        }
    }
}
