//! What happens to a feed.

use serde::Serialize;

use super::notification::{Notification, NotificationId};

/// A position in the feed; opaque.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Something that happened, and where. It serialises to the line that `campanile tail` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeedEvent {
    /// The position to resume from once this has been dealt with.
    pub cursor: Cursor,
    /// What happened.
    #[serde(flatten)]
    pub happening: Happening,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Happening {
    /// News, or what was missed.
    Notification {
        /// What was added.
        notification: Box<Notification>,
        /// Written in the viewer's quiet hours.
        silent: bool,
        /// Part of the catch-up.
        replayed: bool,
    },
    /// Taken back by whoever sent it.
    Recalled {
        /// What is gone.
        notification_id: NotificationId,
    },
    /// Read, un-read or archived, here or on another device.
    ReadState(ReadState),
    /// Joined, left, muted, unmuted: what the feed shows has changed as a whole.
    ViewerChanged,
    /// The position moved.
    Progress {
        /// The catch-up is done.
        live: bool,
    },
    /// A kind that this build does not know.
    Unknown,
}

/// What was read, and what is left.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadState {
    /// Only grows: a smaller one is old news.
    pub revision: i32,
    /// These, …
    pub notification_ids: Vec<NotificationId>,
    /// … or everything up to this; with neither, anything.
    pub read_through: Option<NotificationId>,
    /// Read now, or unread.
    pub read: Option<bool>,
    /// Archived now, or back.
    pub archived: Option<bool>,
    /// The viewer's, after it.
    pub unread_count: i32,
    /// The viewer's, after it.
    pub unseen_count: i32,
}

impl ReadState {
    /// It says of nothing what it is now. So it is when something was only seen, the client's own looking included, and
    /// when the server no longer knows what changed; the numbers tell the one from the other.
    pub fn is_silent(&self) -> bool {
        self.notification_ids.is_empty()
            && self.read_through.is_none()
            && self.read.is_none()
            && self.archived.is_none()
    }
}
