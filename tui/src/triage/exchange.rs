//! What triage asks of the network, and what it is told.

use crate::{
    message::Ticket,
    model::{count::Count, fault::Fault, notification::NotificationId},
    screens::Tab,
};

/// Something to be done. Each is answered by a [`Signal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Marks notifications.
    Mark {
        /// Whose it is.
        tab: Tab,
        /// To be told with the answer.
        ticket: Ticket,
        /// Which.
        ids: Vec<NotificationId>,
        /// As read, or as unread.
        read: bool,
    },
    /// Marks everything as read up to a notification.
    MarkAllRead {
        /// Whose it is.
        tab: Tab,
        /// To be told with the answer.
        ticket: Ticket,
        /// Which; included.
        through: NotificationId,
    },
}

/// What comes of it.
#[derive(Debug)]
pub enum Signal {
    /// The answer to a change.
    Changed {
        /// Whose it is.
        tab: Tab,
        /// Which one.
        ticket: Ticket,
        /// The unread, after it.
        result: Result<Count, Fault>,
    },
}

impl Signal {
    /// Whose it is.
    pub fn tab(&self) -> Tab {
        match self {
            Self::Changed { tab, .. } => *tab,
        }
    }
}
