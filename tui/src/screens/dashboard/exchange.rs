//! What the dashboard asks of the network, and what it is told.

use super::Reading;
use crate::model::fault::Fault;

/// Something to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Subscribes to readings; gives up the subscription before.
    Watch {
        /// To be told with every reading.
        generation: u64,
        /// From one reading to the next, in seconds; 1 to 3,600.
        interval: i32,
    },
    /// Gives up the subscription.
    Stop,
}

/// What comes of it.
#[derive(Debug)]
pub enum Signal {
    /// A reading.
    Reading {
        /// Which subscription tells it.
        generation: u64,
        /// What.
        reading: Box<Reading>,
    },
    /// The subscription is over, though the connection may not be.
    Ended {
        /// Which one.
        generation: u64,
        /// Why, where a reason was given.
        fault: Option<Fault>,
    },
}
