//! Who is there: the two whose histories are read, and how long those are.

use crate::content;

/// Campuses, numbered from 1 on.
pub(super) const CAMPUSES: i64 = 100;
/// Users besides the sender and the two.
pub(super) const OTHERS: i64 = 10_000;
/// From this size of the log on, the busy one's feed is as long as it should be.
const ENOUGH: u32 = 100_000;

/// One whose history is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Person {
    /// With a feed of 5,000.
    Reader,
    /// With a feed of 50,000, where the log is long enough.
    Busy,
}

/// What a person's own part of the log is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    /// They have joined their campuses, and are told anything at all, in this last part of the log.
    pub(super) window: u32,
    /// What each of their campuses is told in it.
    pub(super) by_campus: u32,
    /// What they are told by name.
    pub(super) by_name: u32,
    /// What they are told on a list of recipients too long to be written with the notification.
    pub(super) by_list: u32,
}

impl Person {
    pub(super) const ALL: [Self; 2] = [Self::Reader, Self::Busy];

    /// The platform's own id of them.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Busy => "busy",
        }
    }

    /// The store's number of them, which counts from 1 on in the order of [`users`].
    pub(super) fn id(self) -> i64 {
        match self {
            Self::Reader => 2,
            Self::Busy => 3,
        }
    }

    /// Their campuses.
    pub(super) fn campuses(self) -> [i64; 3] {
        match self {
            Self::Reader => [1, 2, 3],
            Self::Busy => [4, 5, 6],
        }
    }

    /// How many notifications their feed holds in a log of so many.
    pub(super) fn feed(self, notifications: u32) -> u32 {
        let Share { by_campus, by_name, by_list, .. } = self.share(notifications);
        to_everyone(notifications) + 3 * by_campus + by_name + by_list
    }

    /// How many of the newest they have not read: so many that 90 % muted leave nearly as many as are counted exactly.
    pub(super) fn unread(self, notifications: u32) -> u32 {
        match self {
            Self::Reader => self.feed(notifications) / 10,
            Self::Busy => self.feed(notifications) * 18 / 100,
        }
    }

    /// How far back the deep page is.
    pub(super) fn deep(self, notifications: u32) -> u32 {
        self.feed(notifications) / 5 * 4
    }

    /// Of a log of so many notifications. Shorter logs than 10,000 are for tests.
    pub(super) fn share(self, notifications: u32) -> Share {
        let base = notifications.min(10_000);
        let (window, own, by_name, by_list) = match self {
            Self::Reader => ((notifications / 10).max(20_000), base * 9 / 20, base / 20, base / 40),
            Self::Busy => {
                let own = if notifications >= ENOUGH { 49_500 } else { base * 3 / 10 };
                ((notifications / 4).max(ENOUGH), own, own * 8 / 100, own * 4 / 100)
            }
        };
        let by_campus = (own - by_name - by_list) / 3;
        Share {
            window: window.min(notifications),
            by_campus,
            by_name: own - 3 * by_campus - by_list,
            by_list,
        }
    }
}

/// What everyone is told in a log of so many notifications.
pub(super) fn to_everyone(notifications: u32) -> u32 {
    notifications.min(10_000) / 20
}

/// Everybody's key and name, in the order of their numbers.
pub(super) fn users() -> impl Iterator<Item = (String, String)> {
    let special =
        [(content::SENDER, content::SENDER_NAME), ("reader", "The Reader"), ("busy", "The Busy One")];
    let special = special.map(|(key, name)| (key.to_owned(), name.to_owned()));
    special
        .into_iter()
        .chain((1..=OTHERS).map(|number| (format!("user-{number:05}"), format!("User {number}"))))
}

/// The number of one of the others, from 0 on.
pub(super) fn other(number: i64) -> i64 {
    4 + number % OTHERS
}

/// The platform's own id of a campus.
pub(super) fn campus_key(campus: i64) -> String {
    format!("campus-{campus:03}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_are_as_long_as_they_should_be() {
        for size in [10_000, 100_000, 1_000_000, 10_000_000] {
            assert_eq!(Person::Reader.feed(size), 5_000, "{size}");
            let busy = if size == 10_000 { 3_500 } else { 50_000 };
            assert_eq!(Person::Busy.feed(size), busy, "{size}");
        }
        assert_eq!((Person::Reader.deep(10_000), Person::Busy.deep(1_000_000)), (4_000, 40_000));
    }
}
