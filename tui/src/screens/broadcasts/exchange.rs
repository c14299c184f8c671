//! What the screen Broadcasts asks of the network, and what it is told.

use crate::{
    message::Ticket,
    model::{
        broadcast::{Broadcast, BroadcastId},
        fault::Fault,
        notification::NotificationId,
    },
};

/// How many broadcasts a page has.
pub const PAGE: u8 = 50;

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Asks for a page.
    Page {
        /// To be told with the answer.
        ticket: Ticket,
        /// Only this campus's.
        campus: Option<String>,
        /// Where the page begins; at the newest without.
        after: Option<String>,
    },
    /// Subscribes to one's numbers.
    Watch {
        /// To be told with every reading.
        generation: u64,
        /// Which.
        id: BroadcastId,
    },
    /// Gives up that subscription.
    Leave {
        /// Which.
        id: BroadcastId,
    },
    /// Calls one off.
    Cancel {
        /// To be told with the answer.
        ticket: Ticket,
        /// Which.
        id: BroadcastId,
    },
    /// Takes a notification back.
    Recall {
        /// To be told with the answer.
        ticket: Ticket,
        /// Which.
        id: NotificationId,
    },
}

/// What comes of it.
#[derive(Debug)]
pub enum Signal {
    /// The answer to [`Effect::Page`].
    Page {
        /// As asked.
        ticket: Ticket,
        /// It is not the newest one.
        older: bool,
        /// What came.
        result: Result<Page, Fault>,
    },
    /// How one fares.
    Reading {
        /// Which subscriptions tell it.
        generation: u64,
        /// All of it.
        reading: Box<Broadcast>,
    },
    /// A subscription is over, though the connection may not be.
    Ended {
        /// Of which generation.
        generation: u64,
        /// Which one.
        id: BroadcastId,
        /// Why, where a reason was given.
        fault: Option<Fault>,
    },
    /// The answer to [`Effect::Cancel`].
    Cancelled {
        /// As asked.
        ticket: Ticket,
        /// As it is then.
        result: Result<Box<Broadcast>, Fault>,
    },
    /// The answer to [`Effect::Recall`].
    Recalled {
        /// As asked.
        ticket: Ticket,
        /// Whether it is done.
        result: Result<(), Fault>,
    },
}

/// A page, newest first.
#[derive(Debug, Clone)]
pub struct Page {
    /// What is on it.
    pub broadcasts: Vec<Broadcast>,
    /// Where the next one begins; none on the last.
    pub end: Option<String>,
}
