//! What is archived: by its age, unless its reader said otherwise; and since when.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::age::Age;
use super::id::Seq;

/// What its reader said of one notification's archiving; the latest word on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveException {
    /// Archived, or taken out of the archive.
    pub archived: bool,
    /// When it was said.
    pub at: DateTime<Utc>,
}

/// Whether one reader's copy is archived, and through what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archived {
    /// It is not.
    No,
    /// Its reader archived it, at that moment.
    ByReader(DateTime<Utc>),
    /// It came of age.
    ByAge,
}

impl Age {
    /// Whether the notification at `seq`, of which its reader said that, is archived.
    pub fn archived(&self, seq: Seq, said: Option<ArchiveException>) -> Archived {
        match said {
            Some(ArchiveException { archived: true, at }) => Archived::ByReader(at),
            None if seq <= self.archived_through => Archived::ByAge,
            Some(ArchiveException { archived: false, .. }) | None => Archived::No,
        }
    }
}

impl Archived {
    /// Whether it is archived.
    pub fn holds(self) -> bool {
        self != Self::No
    }

    /// Since when, for what was sent at `created_at`, where what is `archive_after` old is archived. Never later than `now`,
    /// though the age may have been another when the log was archived up to there.
    pub fn at(
        self,
        created_at: DateTime<Utc>,
        archive_after: Duration,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        match self {
            Self::No => None,
            Self::ByReader(at) => Some(at),
            Self::ByAge => Some(comes_of_age(created_at, archive_after).map_or(now, |at| at.min(now))),
        }
    }
}

/// When what was sent at `created_at` comes of age; `None` where no calendar goes so far.
pub fn comes_of_age(created_at: DateTime<Utc>, archive_after: Duration) -> Option<DateTime<Utc>> {
    created_at.checked_add_signed(TimeDelta::from_std(archive_after).ok()?)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(3_600 * hour, 0).unwrap()
    }

    fn said(archived: bool) -> ArchiveException {
        ArchiveException { archived, at: at(7) }
    }

    #[rstest]
    #[case::young(11, None, Archived::No)]
    #[case::of_age(10, None, Archived::ByAge)]
    #[case::young_and_archived(11, Some(said(true)), Archived::ByReader(at(7)))]
    #[case::young_and_taken_out_again(11, Some(said(false)), Archived::No)]
    #[case::of_age_and_archived_before(10, Some(said(true)), Archived::ByReader(at(7)))]
    #[case::of_age_and_taken_out(10, Some(said(false)), Archived::No)]
    fn what_the_reader_said_outweighs_the_age(
        #[case] seq: i64,
        #[case] said: Option<ArchiveException>,
        #[case] expected: Archived,
    ) {
        let age = Age { archived_through: Seq(10), deleted_through: Seq(2) };
        assert_eq!(age.archived(Seq(seq), said), expected);
    }

    #[rstest]
    #[case::not_archived(Archived::No, HOUR, None)]
    #[case::by_its_reader(Archived::ByReader(at(3)), HOUR, Some(at(3)))]
    #[case::when_it_came_of_age(Archived::ByAge, HOUR, Some(at(2)))]
    #[case::never_later_than_now(Archived::ByAge, Duration::from_hours(100), Some(at(9)))]
    #[case::whatever_the_age(Archived::ByAge, Duration::MAX, Some(at(9)))]
    fn since_when(
        #[case] archived: Archived,
        #[case] archive_after: Duration,
        #[case] expected: Option<DateTime<Utc>>,
    ) {
        assert_eq!(archived.at(at(1), archive_after, at(9)), expected);
        assert_eq!(archived.holds(), expected.is_some());
    }
}
