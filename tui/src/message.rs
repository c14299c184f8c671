//! What comes in: the one kind of thing that the loop's queue holds, and all that changes a model.

use chrono::{DateTime, Utc};
use ratatui::layout::Size;

use crate::{
    keymap::Action,
    model::{event::Cursor, fault::Fault, notification::Notification},
    screens::feed,
};

/// Tells the answer to one mutation from the answer to another.
pub type Ticket = u64;

/// Something that a model reacts to.
#[derive(Debug)]
pub enum Message {
    /// A second has passed.
    Tick(DateTime<Utc>),
    /// The terminal has another size.
    Resize(Size),
    /// The user wants something.
    Act(Action),
    /// The process is told to end.
    Terminate,
    /// From the network.
    Net(Signal),
}

/// What the network has to say.
#[derive(Debug)]
pub enum Signal {
    /// There is a connection.
    Connected,
    /// There is none, or none any more.
    Lost(Fault),
    /// To the feed.
    Feed(feed::exchange::Signal),
}

impl From<feed::exchange::Signal> for Signal {
    fn from(signal: feed::exchange::Signal) -> Self {
        Self::Feed(signal)
    }
}

/// A page of the history, newest first.
#[derive(Debug, Clone)]
pub struct Page {
    /// What is on it.
    pub notifications: Vec<Notification>,
    /// Where the next one begins; none on the last.
    pub end: Option<String>,
    /// Where a feed begins that leaves nothing out.
    pub feed_cursor: Cursor,
}
