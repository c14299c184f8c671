//! What a log of a given length says: the same in every run, one act after the other, for whoever writes it.
//!
//! Whatever is somebody's whose history is read, is spread evenly over the part of the log that is theirs, in numbers that are
//! exact. All between is other people's: campuses that those two are not on (yet), and users by name.

use fastrand::Rng;

use super::words::Words;
use crate::history::people::{CAMPUSES, OTHERS, Person, other, to_everyone};

/// Each type with its part, in hundredths. The first five, [`MUTED`], are 90 % of any feed.
pub(in crate::history) const TYPES: [(&str, u32); 10] = [
    ("EVENT_UPDATED", 30),
    ("EVENT_CREATED", 25),
    ("ATTENDANCE_UPDATED", 15),
    ("EVENT_REMINDER", 10),
    ("ATTENDANCE_CONFIRMED", 10),
    ("CAMPUS_UPDATE", 5),
    ("SYSTEM_ANNOUNCEMENT", 2),
    ("EVENT_CANCELLED", 1),
    ("USER_QUOTA_WARNING", 1),
    ("TRANSCRIPTION_COMPLETED", 1),
];
/// How many of [`TYPES`] are muted where 90 % are.
pub(in crate::history) const MUTED: usize = 5;
/// One of a hundred is of this type.
pub(in crate::history) const ONE_TYPE: &str = "EVENT_CANCELLED";
/// Nothing is of this type.
pub(in crate::history) const NO_TYPE: &str = "TRANSCRIPTION_FAILED";

const SEED: u64 = 20_261_122;
/// More than the log takes with a notification; as long as lists are in this log, at least.
const LIST: usize = 101;

/// What happens at one position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::history) enum Act {
    /// A user joins a campus.
    Join { user: i64, campus: i64 },
    /// A notification is published.
    Publish(Draft),
}

/// A notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::history) struct Draft {
    pub(in crate::history) to: To,
    /// Which of [`TYPES`].
    pub(in crate::history) kind: usize,
    /// 0 low … 3 urgent
    pub(in crate::history) priority: i16,
    pub(in crate::history) title: String,
    pub(in crate::history) message: String,
    /// Number of the event that it is about, and to which it leads.
    pub(in crate::history) event: u32,
    /// It has an expiry, long after anybody runs this.
    pub(in crate::history) expires: bool,
}

/// Whom it is addressed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::history) enum To {
    Everyone,
    Campus(i64),
    /// Sorted, each once; more than a hundred are a list.
    Users(Vec<i64>),
}

/// The acts of a log, in order.
pub(in crate::history) struct Acts {
    rng: Rng,
    words: Words,
    notifications: u32,
    /// How many have been published.
    published: u32,
    streams: Vec<Stream>,
    /// Who joins what at the very beginning, and when their window begins.
    joining: Vec<(u32, i64, i64)>,
    /// Where the rare word comes next in what is other people's.
    rare: Vec<u32>,
}

/// So many, evenly from one position of the log to its end.
struct Stream {
    of: Of,
    from: u32,
    count: u32,
    given: u32,
    /// The rare word is in so many of them.
    rare: u32,
}

#[derive(Clone, Copy)]
enum Of {
    Everyone,
    Campus(i64),
    Named(Person),
    Listed(Person),
}

impl Acts {
    /// Of a log of so many notifications, besides memberships.
    pub(in crate::history) fn new(notifications: u32) -> Self {
        let mut streams = vec![Stream::new(Of::Everyone, 0, to_everyone(notifications))];
        let mut joining: Vec<_> = (0..OTHERS)
            .flat_map(|number| {
                let second = (number % 3 == 0).then_some(number * 7 + 13);
                let campuses = [Some(number), second].into_iter().flatten().map(|n| 1 + n % CAMPUSES);
                let mut campuses: Vec<_> = campuses.collect();
                campuses.dedup();
                campuses.into_iter().map(move |campus| (0, other(number), campus))
            })
            .collect();
        for person in Person::ALL {
            let share = person.share(notifications);
            let from = notifications - share.window;
            let campuses = person.campuses();
            joining.extend(campuses.map(|campus| (from, person.id(), campus)));
            streams.extend(campuses.map(|campus| Stream::new(Of::Campus(campus), from, share.by_campus)));
            streams.push(Stream::new(Of::Named(person), from, share.by_name));
            streams.push(Stream::new(Of::Listed(person), from, share.by_list));
            // Four are on the first campus of each.
            let first =
                streams.iter_mut().find(|stream| matches!(stream.of, Of::Campus(c) if c == campuses[0]));
            if let Some(first) = first {
                first.rare = 4;
            }
        }
        joining.sort_by_key(|(from, ..)| std::cmp::Reverse(*from));
        Self {
            rng: Rng::with_seed(SEED),
            words: Words::new(),
            notifications,
            published: 0,
            streams,
            joining,
            rare: (1..=3).rev().map(|quarter| notifications / 4 * quarter).collect(),
        }
    }

    fn draft(&mut self, of: Option<(Of, bool)>) -> Draft {
        let (to, rare) = match of {
            Some((of, rare)) => (self.to(of), rare),
            None => (self.somebody_else(), self.rare.pop_if(|at| *at <= self.published).is_some()),
        };
        let mut part = self.rng.u32(..100);
        let kind = TYPES.iter().position(|(_, share)| {
            let found = part < *share;
            part = part.saturating_sub(*share);
            found
        });
        let (title, message) = self.words.write(&mut self.rng, rare);
        let priority = match self.rng.u32(..100) {
            0..20 => 0,
            20..85 => 1,
            85..98 => 2,
            _ => 3,
        };
        Draft {
            to,
            kind: kind.unwrap_or_default(),
            priority,
            title,
            message,
            event: self.rng.u32(1..100_000),
            expires: self.rng.u32(..10) == 0,
        }
    }

    fn to(&mut self, of: Of) -> To {
        match of {
            Of::Everyone => To::Everyone,
            Of::Campus(campus) => To::Campus(campus),
            Of::Named(person) => To::Users(vec![person.id()]),
            Of::Listed(person) => self.list(Some(person)),
        }
    }

    fn somebody_else(&mut self) -> To {
        match self.rng.u32(..5_000) {
            0 => self.list(None),
            1..1_000 => {
                let count = self.rng.usize(1..4);
                let users = (0..count).map(|_| other(self.rng.i64(0..OTHERS))).collect();
                To::Users(each_once(users))
            }
            _ => {
                let mut campus = self.rng.i64(1..=CAMPUSES);
                let closed = |campus| {
                    let of_campus = |stream: &&Stream| matches!(stream.of, Of::Campus(c) if c == campus);
                    self.streams.iter().find(of_campus).is_some_and(|stream| stream.from <= self.published)
                };
                if closed(campus) {
                    // None but those six is ever closed.
                    campus = self.rng.i64(7..=CAMPUSES);
                }
                To::Campus(campus)
            }
        }
    }

    fn list(&mut self, with: Option<Person>) -> To {
        let (first, count) = (self.rng.i64(0..OTHERS), LIST + self.rng.usize(..50));
        // Neighbours: that many of them, and each once.
        let others = (first..).take(count).map(other);
        To::Users(each_once(others.chain(with.map(Person::id)).collect()))
    }
}

impl Iterator for Acts {
    type Item = Act;

    fn next(&mut self) -> Option<Act> {
        if let Some((_, user, campus)) = self.joining.pop_if(|(from, ..)| *from <= self.published) {
            return Some(Act::Join { user, campus });
        }
        if self.published == self.notifications {
            return None;
        }
        let (at, end) = (self.published, self.notifications);
        // The latest first, or one would have to wait for all others.
        let due = self.streams.iter_mut().filter(|stream| stream.due(end) <= at);
        let of = due.min_by_key(|stream| stream.due(end)).map(Stream::give);
        let draft = self.draft(of);
        self.published += 1;
        Some(Act::Publish(draft))
    }
}

impl Stream {
    fn new(of: Of, from: u32, count: u32) -> Self {
        Self { of, from, count, given: 0, rare: 0 }
    }

    /// Where its next one should stand in a log of this length; nowhere, when it has given all.
    fn due(&self, end: u32) -> u32 {
        if self.given == self.count {
            return u32::MAX;
        }
        let length = u64::from(end - self.from) * u64::from(self.given) / u64::from(self.count);
        self.from + u32::try_from(length).unwrap_or(u32::MAX)
    }

    fn give(&mut self) -> (Of, bool) {
        self.given += 1;
        let every = self.count / (self.rare + 1);
        let rare = every > 0 && self.given.is_multiple_of(every) && self.given / every <= self.rare;
        (self.of, rare)
    }
}

fn each_once(mut users: Vec<i64>) -> Vec<i64> {
    users.sort_unstable();
    users.dedup();
    users
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::words::RARE;
    use super::*;

    /// What a person sees of the acts, by the rule that visibility has.
    fn feed(acts: &[Act], person: Person) -> Vec<&Draft> {
        let mut joined = Vec::new();
        let mut feed = Vec::new();
        for act in acts {
            match act {
                Act::Join { user, campus } if *user == person.id() => joined.push(*campus),
                Act::Join { .. } => {}
                Act::Publish(draft) => {
                    let theirs = match &draft.to {
                        To::Everyone => true,
                        To::Campus(campus) => joined.contains(campus),
                        To::Users(users) => users.contains(&person.id()),
                    };
                    feed.extend(theirs.then_some(draft));
                }
            }
        }
        feed
    }

    #[test]
    fn every_feed_is_as_long_as_it_should_be_and_has_what_is_looked_for() {
        for size in [400, 10_000, 120_000] {
            let acts: Vec<Act> = Acts::new(size).collect();
            let published = acts.iter().filter(|act| matches!(act, Act::Publish(_))).count();
            assert_eq!(published, size as usize);
            for person in Person::ALL {
                let feed = feed(&acts, person);
                assert_eq!(feed.len(), person.feed(size) as usize, "{person:?} of {size}");
                if size < 10_000 {
                    continue;
                }
                let mut by_kind: HashMap<usize, usize> = HashMap::new();
                for draft in &feed {
                    *by_kind.entry(draft.kind).or_default() += 1;
                }
                let muted: usize = (0..MUTED).filter_map(|kind| by_kind.get(&kind)).sum();
                assert!((88..=92).contains(&(muted * 100 / feed.len())), "{person:?} of {size}: {muted}");
                let rare = feed.iter().filter(|draft| draft.message.contains(RARE)).count();
                assert_eq!(rare, 4, "{person:?} of {size}");
            }
            let rare = acts.iter().filter(|act| matches!(act, Act::Publish(d) if d.message.contains(RARE)));
            assert!(size < 10_000 || rare.count() == 11);
        }
    }

    #[test]
    fn types_are_a_hundred_hundredths() {
        assert_eq!(TYPES.iter().map(|(_, share)| share).sum::<u32>(), 100);
        assert_eq!(TYPES[..MUTED].iter().map(|(_, share)| share).sum::<u32>(), 90);
        assert!(TYPES.iter().any(|(name, share)| *name == ONE_TYPE && *share == 1));
        assert!(TYPES.iter().all(|(name, _)| *name != NO_TYPE));
    }
}
