//! What comes in: the one kind of thing that the loop's queue holds, and all that changes a model.

use chrono::{DateTime, Utc};
use ratatui::layout::{Position, Size};

use crate::{
    action::Action,
    input::Typed,
    model::{event::Cursor, fault::Fault, notification::Notification},
    screens::{audit, broadcasts, compose, dashboard, feed, history, preferences},
    triage,
};

/// Tells the answer to one mutation from the answer to another.
pub type Ticket = u64;

/// Something that a model reacts to.
#[derive(Debug)]
pub enum Message {
    /// A second has passed.
    Tick(DateTime<Utc>),
    /// The terminal has another size.
    Resize(Size),
    /// The user wants something.
    Act(Action),
    /// The user types a text.
    Type(Typed),
    /// The user points somewhere.
    Point(Pointer),
    /// The user's own editor is closed: the text, or why there is none.
    Edited(Result<String, String>),
    /// The process is told to end.
    Terminate,
    /// From the network.
    Net(Signal),
}

/// What the mouse did, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    /// What.
    pub gesture: Gesture,
    /// Where, in cells.
    pub at: Position,
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gesture {
    /// The left button went down.
    Press,
    /// It moved, with the left button down.
    Drag,
    /// The left button went up.
    Release,
    /// The wheel, away from the user.
    WheelUp,
    /// The wheel, towards the user.
    WheelDown,
}

/// What the network has to say.
#[derive(Debug)]
pub enum Signal {
    /// There is a connection.
    Connected,
    /// There is none, or none any more.
    Lost(Fault),
    /// Another server, or another identity, as asked; what came before this was of the one before.
    Switched {
        /// The profile that says which.
        profile: String,
        /// The server, as the profile writes it.
        server: String,
        /// The key of the campus that it begins with.
        campus: Option<String>,
    },
    /// There is nothing to switch to, and why.
    NotSwitched(String),
    /// Something was done with a notification: to the screen that wanted it.
    Triage(triage::exchange::Signal),
    /// To the feed.
    Feed(feed::exchange::Signal),
    /// To the history.
    History(history::exchange::Signal),
    /// To what was sent.
    Broadcasts(broadcasts::exchange::Signal),
    /// To what is being written.
    Compose(compose::exchange::Signal),
    /// To the dashboard.
    Dashboard(dashboard::exchange::Signal),
    /// To the preferences.
    Preferences(preferences::exchange::Signal),
    /// To the audit.
    Audit(audit::exchange::Signal),
}

impl From<triage::exchange::Signal> for Signal {
    fn from(signal: triage::exchange::Signal) -> Self {
        Self::Triage(signal)
    }
}

impl From<feed::exchange::Signal> for Signal {
    fn from(signal: feed::exchange::Signal) -> Self {
        Self::Feed(signal)
    }
}

impl From<history::exchange::Signal> for Signal {
    fn from(signal: history::exchange::Signal) -> Self {
        Self::History(signal)
    }
}

impl From<broadcasts::exchange::Signal> for Signal {
    fn from(signal: broadcasts::exchange::Signal) -> Self {
        Self::Broadcasts(signal)
    }
}

impl From<compose::exchange::Signal> for Signal {
    fn from(signal: compose::exchange::Signal) -> Self {
        Self::Compose(signal)
    }
}

impl From<dashboard::exchange::Signal> for Signal {
    fn from(signal: dashboard::exchange::Signal) -> Self {
        Self::Dashboard(signal)
    }
}

impl From<preferences::exchange::Signal> for Signal {
    fn from(signal: preferences::exchange::Signal) -> Self {
        Self::Preferences(signal)
    }
}

impl From<audit::exchange::Signal> for Signal {
    fn from(signal: audit::exchange::Signal) -> Self {
        Self::Audit(signal)
    }
}

/// A page of the history, newest first.
#[derive(Debug, Clone)]
pub struct Page {
    /// What is on it.
    pub notifications: Vec<Notification>,
    /// Where the next one begins; none on the last.
    pub end: Option<String>,
    /// Where a feed begins that leaves nothing out.
    pub feed_cursor: Cursor,
}
