//! What goes out: all that a model can ask of the world. `update` returns them; `net` performs them, and `terminal` those
//! that are about the terminal.

use std::time::Duration;

use crate::{
    net::endpoint::Token,
    screens::{audit, broadcasts, compose, dashboard, feed, history, preferences},
    triage,
};

/// Something to be done. Each is answered by a [`crate::message::Signal`], but for what the terminal does.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Opens a connection, in a while; gives up the one before.
    Connect {
        /// How long to wait first.
        after: Duration,
    },
    /// From the next connection on, this is who asks.
    Identify(Token),
    /// Gives up the connection; the next one is to the server, and as the user, that a profile names.
    Switch {
        /// The profile.
        profile: String,
    },
    /// Of the terminal.
    Terminal(Gesture),
    /// Something is to be done with a notification, on whatever screen.
    Triage(triage::exchange::Effect),
    /// Has a text edited in the user's own editor, which has the terminal for so long; answered by
    /// [`crate::message::Message::Edited`].
    Edit(String),
    /// The feed's.
    Feed(feed::exchange::Effect),
    /// The history's.
    History(history::exchange::Effect),
    /// Of what was sent.
    Broadcasts(broadcasts::exchange::Effect),
    /// Of what is being written.
    Compose(compose::exchange::Effect),
    /// The dashboard's.
    Dashboard(dashboard::exchange::Effect),
    /// The preferences'.
    Preferences(preferences::exchange::Effect),
    /// The audit's.
    Audit(audit::exchange::Effect),
}

/// What the terminal can do besides showing a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gesture {
    /// Rings the bell.
    Ring,
    /// Has the desktop say something, by OSC 9 and OSC 777. Terminals that know neither show nothing.
    Notify {
        /// In a few words.
        title: String,
        /// In a line.
        body: String,
    },
    /// Puts a text onto the clipboard, by OSC 52: over SSH, too.
    Copy(String),
    /// Takes the mouse, or gives it back to select text with.
    Mouse(bool),
}

impl From<Gesture> for Effect {
    fn from(gesture: Gesture) -> Self {
        Self::Terminal(gesture)
    }
}

impl From<triage::exchange::Effect> for Effect {
    fn from(effect: triage::exchange::Effect) -> Self {
        Self::Triage(effect)
    }
}

impl From<feed::exchange::Effect> for Effect {
    fn from(effect: feed::exchange::Effect) -> Self {
        Self::Feed(effect)
    }
}

impl From<history::exchange::Effect> for Effect {
    fn from(effect: history::exchange::Effect) -> Self {
        Self::History(effect)
    }
}

impl From<broadcasts::exchange::Effect> for Effect {
    fn from(effect: broadcasts::exchange::Effect) -> Self {
        Self::Broadcasts(effect)
    }
}

impl From<compose::exchange::Effect> for Effect {
    fn from(effect: compose::exchange::Effect) -> Self {
        Self::Compose(effect)
    }
}

impl From<dashboard::exchange::Effect> for Effect {
    fn from(effect: dashboard::exchange::Effect) -> Self {
        Self::Dashboard(effect)
    }
}

impl From<preferences::exchange::Effect> for Effect {
    fn from(effect: preferences::exchange::Effect) -> Self {
        Self::Preferences(effect)
    }
}

impl From<audit::exchange::Effect> for Effect {
    fn from(effect: audit::exchange::Effect) -> Self {
        Self::Audit(effect)
    }
}
