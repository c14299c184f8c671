//! What the feed asks of the network, and what it is told.

use crate::{
    message::Page,
    model::{
        count::Count,
        event::{Cursor, FeedEvent},
        fault::Fault,
        notification::NotificationId,
        viewer::Viewer,
    },
    triage::inbox::Filter,
};

/// How many notifications a page has.
pub const PAGE: u8 = 50;

/// Something to be done. Each is answered by a [`Signal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Asks who the viewer is, and for the newest page.
    Start {
        /// The page replaces what is known, instead of only bringing it up to date.
        replace: bool,
    },
    /// Asks for a page of a listing.
    Page {
        /// Which listing.
        filter: Filter,
        /// Where the page begins; at the newest without.
        after: Option<String>,
    },
    /// Subscribes to the feed; gives up the subscription before.
    Follow {
        /// To be told with every event.
        generation: u64,
        /// The last position that was dealt with.
        after: Cursor,
    },
    /// Says that the viewer has looked.
    MarkSeen {
        /// Up to which; included.
        through: NotificationId,
    },
}

/// What comes of it.
#[derive(Debug)]
pub enum Signal {
    /// The answer to [`Effect::Start`].
    Started {
        /// As asked.
        replace: bool,
        /// What came.
        result: Result<Box<Start>, Fault>,
    },
    /// The answer to [`Effect::Page`].
    Page {
        /// Of which listing.
        filter: Filter,
        /// As asked.
        after: Option<String>,
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
    Ended {
        /// Which one.
        generation: u64,
        /// Why, where a reason was given.
        fault: Option<Fault>,
    },
    /// The answer to [`Effect::MarkSeen`]: the unread, as they are.
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
