//! What a feed tells.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::entry::{Change, Entry, Notification};
use crate::domain::id::Seq;
use crate::domain::receipts::ReceiptChange;
use crate::domain::visibility::Told;

/// The state of one reader's copy of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct CopyState {
    /// When they read it.
    pub read_at: Option<DateTime<Utc>>,
    /// When it was archived, by them or by its age.
    pub archived_at: Option<DateTime<Utc>>,
    /// Whether a client of theirs has had it.
    pub delivered: bool,
}

/// What a feed tells.
#[derive(Debug, Clone)]
pub enum FeedEvent {
    /// A notification.
    Added {
        /// Which.
        notification: Arc<Notification>,
        /// How the subscriber's copy stands.
        copy: CopyState,
        /// Written in the subscriber's quiet hours.
        silent: bool,
        /// Part of the catch-up, not news.
        replayed: bool,
    },
    /// A notification was taken back, at this position.
    Recalled {
        /// Where the log says so.
        at: Seq,
        /// Which.
        notification: Seq,
    },
    /// The subscriber's receipts changed.
    ReadState {
        /// How far the feed is.
        at: Seq,
        /// Counts the changes.
        revision: i64,
        /// What changed; `None` asks the client to fetch anew.
        change: Option<ReceiptChange>,
    },
    /// What the feed shows has changed as a whole, at this position.
    ViewerChanged {
        /// Where the log says so.
        at: Seq,
    },
    /// Nothing but that the feed is at this position, and live.
    Progress {
        /// How far the feed is.
        at: Seq,
        /// The last change of their receipts that the subscriber knows of.
        revision: i64,
    },
    /// The subscriber's token runs out soon.
    Expiring {
        /// How far the feed is.
        at: Seq,
        /// The last change of their receipts that the subscriber knows of.
        revision: i64,
        /// When it does.
        expires_at: DateTime<Utc>,
    },
}

impl FeedEvent {
    /// `entry` as [`Scope::hear`](crate::domain::visibility::Scope::hear) says that it is told.
    pub(super) fn of(told: Told, entry: &Entry, replayed: bool) -> Option<Self> {
        match (told, &entry.change) {
            (Told::Added { silent }, Change::Added(notification)) => {
                let copy = CopyState { delivered: true, ..CopyState::default() };
                Some(Self::Added { notification: Arc::clone(notification), copy, silent, replayed })
            }
            (Told::Recalled, Change::Recalled(notification)) => {
                Some(Self::Recalled { at: entry.seq, notification: notification.seq })
            }
            (Told::ViewerChanged, _) => Some(Self::ViewerChanged { at: entry.seq }),
            _ => None,
        }
    }

    /// The position up to which a client has everything once it has this.
    pub fn position(&self) -> Seq {
        match self {
            Self::Added { notification, .. } => notification.seq,
            Self::Recalled { at, .. }
            | Self::ReadState { at, .. }
            | Self::ViewerChanged { at }
            | Self::Progress { at, .. }
            | Self::Expiring { at, .. } => *at,
        }
    }
}
