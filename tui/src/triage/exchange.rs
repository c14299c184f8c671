//! What triage asks of the world, and what it is told.

use super::change::Change;
use crate::{
    message::Ticket,
    model::{count::Count, explanation::Explanation, fault::Fault, notification::NotificationId},
    screens::Tab,
};

/// So many notifications at most are changed by one call, as the API has it.
pub const MOST: usize = 1_000;

/// Something to be done. Each is answered by a [`Signal`], to the screen whose tab it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Changes notifications.
    Change {
        /// Whose it is.
        tab: Tab,
        /// To be told with the answer.
        ticket: Ticket,
        /// Which: at most [`MOST`].
        ids: Vec<NotificationId>,
        /// How.
        change: Change,
    },
    /// Marks everything as read up to a notification.
    MarkAllRead {
        /// Whose it is.
        tab: Tab,
        /// To be told with the answer.
        ticket: Ticket,
        /// Which; included.
        through: NotificationId,
        /// Only what this campus was told, by its key.
        campus: Option<String>,
    },
    /// Asks why the viewer got a notification.
    Explain {
        /// Whose it is.
        tab: Tab,
        /// Which.
        id: NotificationId,
        /// What it is called.
        title: String,
    },
    /// Has the desktop show an address: `http` or `https`, and whole.
    Open {
        /// Whose it is.
        tab: Tab,
        /// Which.
        address: String,
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
    /// The answer to [`Effect::Explain`].
    Explained {
        /// Whose it is.
        tab: Tab,
        /// What it is called.
        title: String,
        /// Why.
        result: Result<Explanation, Fault>,
    },
    /// The answer to [`Effect::Open`]: nothing, or why not.
    Opened {
        /// Whose it is.
        tab: Tab,
        /// How it went.
        result: Result<(), String>,
    },
}

impl Signal {
    /// Whose it is.
    pub fn tab(&self) -> Tab {
        match self {
            Self::Changed { tab, .. } | Self::Explained { tab, .. } | Self::Opened { tab, .. } => *tab,
        }
    }
}
