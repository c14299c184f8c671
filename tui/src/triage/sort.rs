//! The orders that a list can be shown in.

use std::cmp::Ordering;

use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use crate::model::notification::{Notification, Priority};

/// An order. Its name in kebab-case is what the palette calls it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Sort {
    /// As the server has it.
    #[default]
    Newest,
    /// The other way round.
    Oldest,
    /// What matters most first.
    Priority,
    /// By the name of whom it was sent to.
    Campus,
    /// By the name of the type.
    Type,
}

impl Sort {
    /// The next one, and around.
    #[must_use]
    pub fn next(self) -> Self {
        Self::iter().cycle().skip_while(|sort| *sort != self).nth(1).unwrap_or_default()
    }

    /// Which of two comes first; of equal ones the newer, but for the oldest first.
    pub fn compare(self, one: &Notification, other: &Notification) -> Ordering {
        let newest = other.created_at.cmp(&one.created_at);
        match self {
            Self::Newest => newest,
            Self::Oldest => newest.reverse(),
            Self::Priority => rank(&one.priority).cmp(&rank(&other.priority)).then(newest),
            Self::Campus => one.place().cmp(other.place()).then(newest),
            Self::Type => one.kind.cmp(&other.kind).then(newest),
        }
    }
}

fn rank(priority: &Priority) -> u8 {
    match priority {
        Priority::Urgent => 0,
        Priority::High => 1,
        Priority::Medium => 2,
        Priority::Low => 3,
        Priority::Other(_) => 4,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::fixture::start;

    #[rstest]
    #[case(Sort::Newest, "n5 n4 n3 n2 n1")]
    #[case(Sort::Oldest, "n1 n2 n3 n4 n5")]
    #[case(Sort::Priority, "n4 n5 n2 n1 n3")]
    #[case(Sort::Campus, "n5 n4 n2 n1 n3")]
    #[case(Sort::Type, "n4 n5 n3 n2 n1")]
    fn orders(#[case] sort: Sort, #[case] first_to_last: &str) {
        let mut page = start().page.notifications;
        page.sort_by(|one, other| sort.compare(one, other));
        let ids: Vec<_> = page.iter().map(|notification| notification.id.as_str()).collect();
        assert_eq!(ids.join(" "), first_to_last);
    }

    #[test]
    fn each_comes_round() {
        let mut sort = Sort::default();
        for expected in Sort::iter().skip(1).chain([Sort::Newest]) {
            sort = sort.next();
            assert_eq!(sort, expected);
        }
    }
}
