//! What can be done with notifications, and what it takes to take it back.

use chrono::{DateTime, Utc};

use super::inbox::Inbox;
use crate::model::notification::{Notification, NotificationId};

/// Something that is done with notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Read.
    Read,
    /// Not read after all.
    Unread,
    /// Put away.
    Archive,
    /// Taken out of the archive.
    Unarchive,
}

impl Change {
    /// What takes it back.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::Read => Self::Unread,
            Self::Unread => Self::Read,
            Self::Archive => Self::Unarchive,
            Self::Unarchive => Self::Archive,
        }
    }

    /// What was done, to so many.
    pub fn said(self, count: usize) -> String {
        match self {
            Self::Read => format!("marked {count} as read"),
            Self::Unread => format!("marked {count} as unread"),
            Self::Archive => format!("archived {count}"),
            Self::Unarchive => format!("took {count} out of the archive"),
        }
    }

    /// What failed, as in "failed to archive".
    pub fn verb(self) -> &'static str {
        match self {
            Self::Read | Self::Unread => "mark",
            Self::Archive => "archive",
            Self::Unarchive => "take out of the archive",
        }
    }

    /// Does it to one that is known. Returns what it was before, if that was different, and by how much the number of the
    /// unread changes.
    pub(super) fn apply(
        self,
        inbox: &mut Inbox,
        id: &NotificationId,
        now: DateTime<Utc>,
    ) -> Option<(Before, i64)> {
        let unread = i64::from(inbox.get(id)?.is_unread());
        Some(match self {
            Self::Read => (Before::Read(id.clone(), inbox.set_read(id, Some(now))?), -1),
            Self::Unread => (Before::Read(id.clone(), inbox.set_read(id, None)?), 1),
            Self::Archive => (inbox.set_archived(id, Some(now))?, -unread),
            Self::Unarchive => (inbox.set_archived(id, None)?, unread),
        })
    }
}

/// What a notification was before something was done with it.
#[derive(Debug, Clone, PartialEq)]
pub enum Before {
    /// Read then, or unread.
    Read(NotificationId, Option<DateTime<Utc>>),
    /// Archived then, or not.
    Archived(NotificationId, Option<DateTime<Utc>>),
    /// In the list.
    Here(Box<Notification>),
    /// Not in the list.
    Away(NotificationId),
}

impl Before {
    /// Makes it so again. Returns what it was meanwhile; nothing, where it is so, or not known any more.
    pub(super) fn restore(self, inbox: &mut Inbox) -> Option<Self> {
        match self {
            Self::Read(id, at) => inbox.set_read(&id, at).map(|was| Self::Read(id, was)),
            Self::Archived(id, at) => inbox.set_archived(&id, at),
            Self::Here(notification) => {
                let id = notification.id.clone();
                inbox.put_in(*notification).then_some(Self::Away(id))
            }
            Self::Away(id) => inbox.remove(&id, false).map(|gone| Self::Here(Box::new(gone))),
        }
    }
}
