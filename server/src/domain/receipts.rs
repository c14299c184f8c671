//! What a person has read: marks ("everything up to here") with sparse exceptions ("but not this one").
//!
//! "Mark all read" is one mark, however many notifications it covers. An exception speaks for its own notification
//! and outweighs every mark; marking all read turns the unread exceptions below the mark into read ones (see
//! [`ReceiptChange::ReadThrough`]), so an exception is always the latest word on its notification.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::age::Age;
use super::archive::{ArchiveException, Archived};
use super::id::{CampusId, Seq, UserId};

/// Everything up to and including `through` was read at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The last position that it covers.
    pub through: Seq,
    /// When it was set.
    pub at: DateTime<Utc>,
}

/// What was said of one notification alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exception {
    /// Read, or unread again.
    pub read: bool,
    /// When it was said.
    pub at: DateTime<Utc>,
}

/// A person's marks. Each list is sorted by position; a later mark that covers no more than an earlier one is not kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Over everything.
    pub all: Vec<Mark>,
    /// Over what one campus was told.
    pub by_campus: BTreeMap<CampusId, Vec<Mark>>,
}

impl Marks {
    /// When the notification at `seq`, told to `campus`, was read; `None` if it is unread.
    pub fn read_at(
        &self,
        seq: Seq,
        campus: Option<CampusId>,
        exception: Option<Exception>,
    ) -> Option<DateTime<Utc>> {
        if let Some(exception) = exception {
            return exception.read.then_some(exception.at);
        }
        // The first mark to reach it is the one that read it.
        let first = |marks: &[Mark]| marks.get(marks.partition_point(|m| m.through < seq)).map(|m| m.at);
        self.scopes(campus).filter_map(first).min()
    }

    /// Up to and including this position everything told to `campus` is read, but for exceptions.
    pub fn read_through(&self, campus: Option<CampusId>) -> Seq {
        self.scopes(campus).filter_map(|marks| marks.last()).map(|m| m.through).max().unwrap_or(Seq::ZERO)
    }

    fn scopes(&self, campus: Option<CampusId>) -> impl Iterator<Item = &[Mark]> {
        let of_campus = campus.and_then(|campus| self.by_campus.get(&campus));
        [Some(&self.all), of_campus].into_iter().flatten().map(Vec::as_slice)
    }
}

/// What a person said of some notifications, and of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipts {
    /// Of everything up to somewhere.
    pub marks: Marks,
    /// How far the log has aged.
    pub age: Age,
    /// Of one of them alone: whether it is read.
    pub read: HashMap<Seq, Exception>,
    /// Of one of them alone: whether it is archived.
    pub archived: HashMap<Seq, ArchiveException>,
}

impl Receipts {
    /// When the notification at `seq`, one of them, told to `campus`, was read; `None` if it is unread.
    pub fn read_at(&self, seq: Seq, campus: Option<CampusId>) -> Option<DateTime<Utc>> {
        self.marks.read_at(seq, campus, self.read.get(&seq).copied())
    }

    /// Whether the notification at `seq`, one of them, is archived.
    pub fn archived(&self, seq: Seq) -> Archived {
        self.age.archived(seq, self.archived.get(&seq).copied())
    }
}

/// Whether something is read, where it does not matter since when: `exception` is what was said of it alone, `marked` whether
/// a mark covers it. The same rule as [`Marks::read_at`].
pub fn is_read(exception: Option<bool>, marked: bool) -> bool {
    exception.unwrap_or(marked)
}

/// One change of a person's receipts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReceiptChange {
    /// These, each with the campus that was told, are read, or unread again.
    Read {
        /// Positions with the campus that was told.
        notifications: Vec<(Seq, Option<CampusId>)>,
        /// Read, or unread again.
        read: bool,
    },
    /// Everything up to and including `through` is read: all of it, or what one campus was told.
    ReadThrough {
        /// The last position that is read.
        through: Seq,
        /// Only what this campus was told.
        campus: Option<CampusId>,
    },
    /// These are archived, or taken out of the archive.
    Archived {
        /// Positions.
        notifications: Vec<Seq>,
        /// Archived, or taken out.
        archived: bool,
    },
    /// The person has looked at everything up to and including this position.
    Seen {
        /// The last position that was seen.
        through: Seq,
    },
}

/// A change of a person's receipts that took place: what their other sessions are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptHint {
    /// Whose.
    pub user: UserId,
    /// Counts that person's changes; only grows.
    pub revision: i64,
    /// The end of the log then: nothing that this or an earlier change is about stands beyond.
    pub as_of: Seq,
    /// What changed; `None` where that is known only to the server on which it did: whoever is told has to fetch anew.
    pub change: Option<ReceiptChange>,
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const NORTH: CampusId = CampusId(1);
    const SOUTH: CampusId = CampusId(2);

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(60 * minute, 0).unwrap()
    }

    fn mark(through: i64, minute: i64) -> Mark {
        Mark { through: Seq(through), at: at(minute) }
    }

    fn marks() -> Marks {
        Marks {
            all: vec![mark(10, 1), mark(20, 3)],
            by_campus: BTreeMap::from([(NORTH, vec![mark(15, 2), mark(30, 4)])]),
        }
    }

    #[rstest]
    #[case::below_the_first_mark(5, None, Some(at(1)))]
    #[case::at_the_mark(10, None, Some(at(1)))]
    #[case::by_the_second(11, None, Some(at(3)))]
    #[case::above_all(21, None, None)]
    #[case::by_the_campus_first(12, Some(NORTH), Some(at(2)))]
    #[case::by_all_before_the_campus(18, Some(NORTH), Some(at(3)))]
    #[case::by_the_campus_alone(25, Some(NORTH), Some(at(4)))]
    #[case::another_campus(25, Some(SOUTH), None)]
    fn the_first_mark_to_reach_it_reads_it(
        #[case] seq: i64,
        #[case] campus: Option<CampusId>,
        #[case] expected: Option<DateTime<Utc>>,
    ) {
        assert_eq!(marks().read_at(Seq(seq), campus, None), expected);
    }

    #[test]
    fn an_exception_outweighs_every_mark() {
        let unread = Exception { read: false, at: at(9) };
        let read = Exception { read: true, at: at(9) };
        assert_eq!(marks().read_at(Seq(5), None, Some(unread)), None);
        assert_eq!(marks().read_at(Seq(99), None, Some(read)), Some(at(9)));
    }

    #[rstest]
    fn with_and_without_the_moment_the_rule_is_one(
        #[values(5, 10, 15, 20, 25, 30, 31)] seq: i64,
        #[values(None, Some(NORTH), Some(SOUTH))] campus: Option<CampusId>,
        #[values(None, Some(true), Some(false))] exception: Option<bool>,
    ) {
        let marked = marks().read_through(campus) >= Seq(seq);
        let said = exception.map(|read| Exception { read, at: at(9) });
        assert_eq!(is_read(exception, marked), marks().read_at(Seq(seq), campus, said).is_some());
    }

    #[rstest]
    #[case(None, 20)]
    #[case(Some(NORTH), 30)]
    #[case(Some(SOUTH), 20)]
    fn the_furthest_mark_counts(#[case] campus: Option<CampusId>, #[case] through: i64) {
        assert_eq!(marks().read_through(campus), Seq(through));
    }
}
