//! What the screen Compose asks of the network and of the folder of drafts, and what it is told.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    credentials::Account,
    draft::Draft,
    message::Ticket,
    model::{
        fault::Fault,
        letter::{Letter, Recipients},
    },
};

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Asks which types there are, and by whose clocks campuses go.
    Learn,
    /// Asks for the draft that was kept.
    Restore {
        /// Whose.
        account: Account,
    },
    /// Keeps the draft.
    Keep {
        /// Whose.
        account: Account,
        /// All of it.
        draft: Box<Draft>,
    },
    /// Keeps none any more.
    Forget {
        /// Whose.
        account: Account,
    },
    /// Asks how many it would reach.
    Count {
        /// To be told with the answer.
        ticket: Ticket,
        /// Whom.
        to: Recipients,
        /// Of which type it would be.
        kind: String,
    },
    /// Keeps the draft, and then sends it.
    Send {
        /// To be told with the answer.
        ticket: Ticket,
        /// Whose.
        account: Account,
        /// As it is to be found, should the answer never come.
        draft: Box<Draft>,
        /// What is sent.
        letter: Box<Letter>,
    },
}

/// What comes of it.
#[derive(Debug)]
pub enum Signal {
    /// The answer to [`Effect::Learn`].
    Learned(Result<Box<Learned>, Fault>),
    /// The answer to [`Effect::Restore`].
    Restored {
        /// Whose.
        account: Account,
        /// It, where there is one; or why it is not to be had.
        result: Result<Option<Box<Draft>>, String>,
    },
    /// A draft could not be kept, or forgotten, and why.
    NotKept(String),
    /// A draft was kept, or forgotten.
    Kept,
    /// The answer to [`Effect::Count`].
    Counted {
        /// As asked.
        ticket: Ticket,
        /// The numbers.
        result: Result<Reach, Fault>,
    },
    /// The answer to [`Effect::Send`].
    Sent {
        /// As asked.
        ticket: Ticket,
        /// What it has become.
        result: Result<Sent, Fault>,
    },
}

/// What somebody who writes has to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Learned {
    /// Every type, in the server's order.
    pub types: Vec<Kind>,
    /// Whose wall clock each campus goes by, by its key.
    pub zones: BTreeMap<String, Tz>,
}

/// A type of notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// As the API writes it.
    pub name: String,
    /// For people.
    pub label: String,
    /// The group that it belongs to, e.g. `SYSTEM`.
    pub category: String,
    /// It cannot be muted, and passes quiet hours.
    pub mandatory: bool,
}

/// How many something would reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reach {
    /// To how many it would be addressed.
    pub size: u32,
    /// How many of them mute its type.
    pub muted: u32,
    /// How many of them have quiet hours now.
    pub quiet: u32,
    /// How many of them have a feed open.
    pub connected: u32,
}

/// What a draft has become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// Not by an earlier attempt.
    pub created: bool,
    /// When it is to be sent, where it waits.
    pub waits_until: Option<DateTime<Utc>>,
}
