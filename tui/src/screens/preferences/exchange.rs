//! What the preferences ask of the network, and what they are told.

use super::{Change, Told};
use crate::{message::Ticket, model::fault::Fault};

/// Something to be done. Each is answered by a [`Signal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Asks what applies in each of these places.
    Ask {
        /// To be told with the answer.
        generation: u64,
        /// Keys of campuses; none is the default.
        places: Vec<Option<String>>,
    },
    /// Changes what is set in a place.
    Change {
        /// To be told with the answer.
        ticket: Ticket,
        /// The campus's key; none is the default.
        place: Option<String>,
        /// What.
        change: Change,
    },
}

/// What comes of it.
#[derive(Debug)]
pub enum Signal {
    /// The answer to [`Effect::Ask`].
    Told {
        /// As asked.
        generation: u64,
        /// For each of the places, in their order.
        results: Vec<Result<Told, Fault>>,
    },
    /// The answer to [`Effect::Change`].
    Changed {
        /// Which one.
        ticket: Ticket,
        /// What applies in that place now.
        result: Result<Box<Told>, Fault>,
    },
}
