//! What goes out: all that a model can ask of the world. `update` returns them, `net` performs them.

use std::time::Duration;

use crate::{
    message::Ticket,
    model::{event::Cursor, feed::Filter, notification::NotificationId},
};

/// How many notifications a page has.
pub const PAGE: u8 = 50;

/// Something to be done. Each is answered by a [`crate::message::Signal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Opens a connection, in a while; gives up the one before.
    Connect {
        /// How long to wait first.
        after: Duration,
    },
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
    /// Marks notifications.
    Mark {
        /// To be told with the answer.
        ticket: Ticket,
        /// Which.
        ids: Vec<NotificationId>,
        /// As read, or as unread.
        read: bool,
    },
    /// Marks everything as read up to a notification.
    MarkAllRead {
        /// To be told with the answer.
        ticket: Ticket,
        /// Which; included.
        through: NotificationId,
    },
    /// Says that the viewer has looked.
    MarkSeen {
        /// Up to which; included.
        through: NotificationId,
    },
}
