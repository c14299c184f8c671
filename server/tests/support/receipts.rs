//! What each user has read and seen, as naively as can be: every notification with the moment at which it was read.

use std::collections::BTreeMap;

use super::model::Model;
use super::operations::Aim;

/// What one user has read and seen, and what their other devices should have been told of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Receipts {
    /// When each was read, in minutes; what is unread is not there.
    pub(crate) read_at: BTreeMap<usize, i64>,
    /// They have looked at everything up to here.
    pub(crate) seen_through: usize,
    /// What was to be told, in order.
    pub(crate) hints: Vec<Hint>,
}

/// What a user's devices are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint {
    pub(crate) said: Said,
    /// False: it may be left out, for nothing that the user ever sees has changed.
    pub(crate) must: bool,
}

/// The telling part of a `ReadStateChanged`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) notifications: Vec<usize>,
    pub(crate) read_through: Option<usize>,
    pub(crate) read: Option<bool>,
}

impl Said {
    /// The client has to ask what changed.
    pub(crate) fn names_nothing(&self) -> bool {
        self.notifications.is_empty() && self.read_through.is_none() && self.read.is_none()
    }
}

impl Model {
    /// Marks those of `named` that are the user's; gives these, each once.
    pub(crate) fn mark(&mut self, user: usize, named: &[usize], read: bool) -> Vec<usize> {
        let mut theirs: Vec<usize> = Vec::new();
        for notification in named {
            if self.is_theirs(user, *notification) && !theirs.contains(notification) {
                theirs.push(*notification);
            }
        }
        let now = self.now;
        let receipts = &mut self.receipts[user];
        let was_read = |notification: &usize| receipts.read_at.contains_key(notification);
        let changed: Vec<usize> = theirs.iter().copied().filter(|n| was_read(n) != read).collect();
        for notification in &changed {
            if read {
                receipts.read_at.insert(*notification, now);
            } else {
                receipts.read_at.remove(notification);
            }
        }
        if !changed.is_empty() {
            receipts.tell(changed, None, Some(read), true);
        }
        theirs
    }

    /// Marks everything up to and including `through`, or what one campus was told of it.
    pub(crate) fn mark_all(&mut self, user: usize, through: usize, campus: Option<usize>) {
        let mut covered = self.notifications();
        covered.retain(|n| {
            *n <= through && campus.is_none_or(|campus| self.told(*n).aim == Aim::Campus(campus))
        });
        let now = self.now;
        let receipts = &mut self.receipts[user];
        let before = receipts.read_at.len();
        for notification in covered {
            receipts.read_at.entry(notification).or_insert(now);
        }
        let must = receipts.read_at.len() > before;
        receipts.tell(vec![], campus.is_none().then_some(through), Some(true), must);
    }

    pub(crate) fn mark_seen(&mut self, user: usize, through: usize) {
        let receipts = &mut self.receipts[user];
        if receipts.seen_through < through {
            receipts.seen_through = through;
            receipts.tell(vec![], None, None, true);
        }
    }

    pub(crate) fn unread(&self, user: usize) -> usize {
        let read = &self.receipts[user].read_at;
        let history = self.history(user).into_iter();
        history.filter(|n| !read.contains_key(n)).count()
    }

    pub(crate) fn unseen(&self, user: usize) -> usize {
        let seen_through = self.receipts[user].seen_through;
        let history = self.history(user).into_iter();
        history.filter(|n| *n > seen_through).count()
    }
}

impl Receipts {
    fn tell(
        &mut self,
        notifications: Vec<usize>,
        read_through: Option<usize>,
        read: Option<bool>,
        must: bool,
    ) {
        let said = Said { notifications, read_through, read };
        self.hints.push(Hint { said, must });
    }
}
