//! What each user has read, archived and seen, as naively as can be: every notification with the moment at which it was.

use std::collections::BTreeMap;

use super::filter::Filter;
use super::model::Model;
use super::operations::Aim;

/// How old a notification is when it is archived, in minutes.
const ARCHIVE_AFTER: i64 = 30 * 24 * 60;

/// What one user has read, archived and seen, and what their devices are told of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Receipts {
    /// When each was read, in minutes; what is unread is not there.
    read_at: BTreeMap<usize, i64>,
    /// When each was archived, in minutes, and `None` for what was taken out; what they said nothing of is not there.
    archived_at: BTreeMap<usize, Option<i64>>,
    /// They have looked at everything up to here.
    seen_through: usize,
    /// A client of theirs has been delivered everything up to here.
    pub(crate) delivered_through: usize,
    /// A client of theirs is on the feed, and perhaps further than that.
    pub(crate) listens: bool,
    /// What was to be told, in order: the first change has revision 1.
    pub(crate) changes: Vec<Said>,
}

/// The telling part of a `ReadStateChanged`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) notifications: Vec<usize>,
    pub(crate) read_through: Option<usize>,
    pub(crate) read: Option<bool>,
    pub(crate) archived: Option<bool>,
}

impl Receipts {
    /// How many changes there were.
    pub(crate) fn revision(&self) -> usize {
        self.changes.len()
    }

    /// What was said of its archiving, if anything.
    pub(crate) fn says_archived(&self, notification: usize) -> Option<bool> {
        self.archived_at.get(&notification).map(Option::is_some)
    }
}

impl Model {
    /// When the user's copy was read, in minutes.
    pub(crate) fn read_at(&self, user: usize, notification: usize) -> Option<i64> {
        self.receipts[user].read_at.get(&notification).copied()
    }

    /// When the user's copy was archived, by them or by its age, in minutes.
    pub(crate) fn archived_at(&self, user: usize, notification: usize) -> Option<i64> {
        match self.receipts[user].archived_at.get(&notification) {
            Some(said) => *said,
            None if notification <= self.archived_through => Some(self.told(notification).at + ARCHIVE_AFTER),
            None => None,
        }
    }

    /// Marks those of `named` that are the user's; gives these, each once.
    pub(crate) fn mark(&mut self, user: usize, named: &[usize], read: bool) -> Vec<usize> {
        let theirs = self.theirs(user, named);
        let mut changed = theirs.clone();
        changed.retain(|n| self.read_at(user, *n).is_some() != read);
        let now = self.now;
        let receipts = &mut self.receipts[user];
        for notification in &changed {
            if read {
                receipts.read_at.insert(*notification, now);
            } else {
                receipts.read_at.remove(notification);
            }
        }
        if !changed.is_empty() {
            receipts.changes.push(Said { notifications: changed, read: Some(read), ..Said::default() });
        }
        theirs
    }

    /// Archives those of `named` that are the user's, or takes them out; gives these, each once.
    pub(crate) fn archive(&mut self, user: usize, named: &[usize], archived: bool) -> Vec<usize> {
        let theirs = self.theirs(user, named);
        let mut changed = theirs.clone();
        changed.retain(|n| self.archived_at(user, *n).is_some() != archived);
        let now = self.now;
        let receipts = &mut self.receipts[user];
        for notification in &changed {
            receipts.archived_at.insert(*notification, archived.then_some(now));
        }
        if !changed.is_empty() {
            let said = Said { notifications: changed, archived: Some(archived), ..Said::default() };
            receipts.changes.push(said);
        }
        theirs
    }

    fn theirs(&self, user: usize, named: &[usize]) -> Vec<usize> {
        let mut theirs: Vec<usize> = Vec::new();
        for notification in named {
            if self.is_theirs(user, *notification) && !theirs.contains(notification) {
                theirs.push(*notification);
            }
        }
        theirs
    }

    /// Marks everything up to and including `through`, or what one campus was told of it. Gives what is to be told if that
    /// counts as a change, and whether it must: a mark that reads nothing new may be one, and may be none.
    pub(crate) fn mark_all(&mut self, user: usize, through: usize, campus: Option<usize>) -> (Said, bool) {
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
        let read_through = campus.is_none().then_some(through);
        (Said { read_through, read: Some(true), ..Said::default() }, receipts.read_at.len() > before)
    }

    pub(crate) fn mark_seen(&mut self, user: usize, through: usize) {
        let receipts = &mut self.receipts[user];
        if receipts.seen_through < through {
            receipts.seen_through = through;
            receipts.changes.push(Said::default());
        }
    }

    pub(crate) fn unread(&self, user: usize) -> usize {
        self.unread_of(user, &Filter::default())
    }

    /// How many of these are unread.
    pub(crate) fn unread_of(&self, user: usize, filter: &Filter) -> usize {
        if filter.unread == Some(false) {
            return 0;
        }
        self.page(user, &Filter { unread: Some(true), ..filter.clone() }).len()
    }

    pub(crate) fn unseen(&self, user: usize) -> usize {
        let seen_through = self.receipts[user].seen_through;
        self.page(user, &Filter::default()).into_iter().filter(|n| *n > seen_through).count()
    }

    /// Archives everything up to this notification that is old enough.
    pub(crate) fn come_of_age(&mut self, through: usize) {
        let mut of_age = self.notifications();
        of_age.truncate(through + 1);
        of_age.retain(|n| self.told(*n).at + ARCHIVE_AFTER <= self.now);
        self.archived_through = self.archived_through.max(of_age.last().copied().unwrap_or(0));
    }

    /// A client of the user's has everything.
    pub(crate) fn deliver(&mut self, user: usize) {
        self.receipts[user].delivered_through = self.head();
    }
}
