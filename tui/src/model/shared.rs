//! What all screens share: who is connected to what, how large the terminal is, what time it is, and what is said at the
//! edges of every screen.

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::layout::{Rect, Size};

use super::{count::Count, fault::Fault, link::Link, viewer::Viewer};
use crate::{message::Ticket, theme::Theme};

/// How long a status line is worth reading.
const STATUS: TimeDelta = TimeDelta::seconds(6);

/// What is every screen's.
#[derive(Debug)]
pub struct Shared {
    /// The time, as of the last tick.
    pub now: DateTime<Utc>,
    /// The terminal's.
    pub size: Size,
    /// Which server, as the user wrote it.
    pub server: String,
    /// How the connection is.
    pub link: Link,
    /// Something that everything hangs on went wrong: the connection is to be given up, and another one to be tried.
    pub broken: Option<Fault>,
    /// Who it is; unknown until the first answer.
    pub viewer: Option<Viewer>,
    /// The viewer's unread; unknown until the first answer.
    pub unread: Option<Count>,
    /// The help is open, scrolled down by this many rows.
    pub help: Option<u16>,
    /// What it looks like.
    pub theme: Theme,
    /// What to say at the bottom for a while.
    pub status: Option<Status>,
    /// The next mutation's.
    pub next_ticket: Ticket,
    /// The user is done.
    pub quit: bool,
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

impl Shared {
    /// Before anything is known. `seed` makes the delays before reconnecting differ from other clients'.
    pub fn new(server: String, now: DateTime<Utc>, size: Size, seed: u64) -> Self {
        Self {
            now,
            size,
            server,
            link: Link::new(seed),
            broken: None,
            viewer: None,
            unread: None,
            help: None,
            theme: Theme::plain(),
            status: None,
            next_ticket: 0,
            quit: false,
        }
    }

    /// Where the screen is, as of the last time that the terminal told its size.
    pub fn body(&self) -> Rect {
        super::frame::Frame::of(self.size).body
    }

    /// Says at the bottom that something failed, for a while.
    pub fn complain(&mut self, text: String) {
        self.status = Some(Status { text, bad: true, until: self.now + STATUS });
    }

    /// Tells the answer to the next mutation from that to any other.
    pub fn ticket(&mut self) -> Ticket {
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        ticket
    }
}
