//! What goes out: all that a model can ask of the world. `update` returns them, `net` performs them.

use std::time::Duration;

use crate::screens::feed;

/// Something to be done. Each is answered by a [`crate::message::Signal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Opens a connection, in a while; gives up the one before.
    Connect {
        /// How long to wait first.
        after: Duration,
    },
    /// The feed's.
    Feed(feed::exchange::Effect),
}

impl From<feed::exchange::Effect> for Effect {
    fn from(effect: feed::exchange::Effect) -> Self {
        Self::Feed(effect)
    }
}
