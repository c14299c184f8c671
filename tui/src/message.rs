//! What comes in: the one kind of thing that the loop's queue holds, and all that changes a model.

use chrono::{DateTime, Utc};
use ratatui::layout::Size;

use crate::{
    keymap::Action,
    model::{
        count::Count,
        event::{Cursor, FeedEvent},
        fault::Fault,
        feed::Filter,
        notification::Notification,
        viewer::Viewer,
    },
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
    /// The answer to [`crate::effect::Effect::Start`].
    Started {
        /// As asked.
        replace: bool,
        /// What came.
        result: Result<Box<Start>, Fault>,
    },
    /// The answer to [`crate::effect::Effect::Page`].
    Page {
        /// Of which listing.
        filter: Filter,
        /// It was an older one, not a fresh first one.
        older: bool,
        /// What came.
        result: Result<Page, Fault>,
    },
    /// Something happened to the feed.
    Event {
        /// Which subscription tells it.
        generation: u64,
        /// What.
        event: Box<FeedEvent>,
    },
    /// The subscription is over, though the connection may not be.
    FeedEnded {
        /// Which one.
        generation: u64,
        /// Why, where a reason was given.
        fault: Option<Fault>,
    },
    /// The answer to a receipt.
    Marked {
        /// Which one.
        ticket: Ticket,
        /// The unread, after it.
        result: Result<Count, Fault>,
    },
    /// The answer to [`crate::effect::Effect::MarkSeen`]: the unread, as they are.
    Seen(Result<Count, Fault>),
}

/// What a first screen needs.
#[derive(Debug, Clone)]
pub struct Start {
    /// Who it is.
    pub viewer: Viewer,
    /// Their unread.
    pub unread: Count,
    /// The newest.
    pub page: Page,
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
