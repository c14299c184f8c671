//! Whom something is published to, and the numbers that it bears there: `#00012.0000345` in a title is the 345th for
//! audience 12. So whoever receives can tell what is missing, doubled, out of order or not theirs, and how long it took.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Moments are counted from here.
static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
static NEXT_ID: AtomicU32 = AtomicU32::new(1);

/// `#`, five digits, `.`, seven digits.
const LENGTH: usize = 14;

/// Everyone in one place.
#[derive(Debug)]
pub struct Audience {
    id: u32,
    key: String,
    published: AtomicU32,
    /// When each was sent, in nanoseconds; 0 means not yet.
    sent: Box<[AtomicU64]>,
}

impl Audience {
    /// The campus or user of this key, who will be told no more than `capacity` times.
    pub fn new(key: impl Into<String>, capacity: usize) -> Self {
        let sent = (0..capacity).map(|_| AtomicU64::new(0)).collect();
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        Self { id, key: key.into(), published: AtomicU32::new(0), sent }
    }

    /// The platform's own id of the campus or user.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// How much was published to it so far: the next number.
    pub fn published(&self) -> u32 {
        self.published.load(Ordering::Relaxed)
    }

    /// The next number, as a title has to bear it. It counts as sent from now on.
    pub fn mark(&self) -> Mark {
        let number = self.published.fetch_add(1, Ordering::Relaxed);
        if let Some(sent) = self.sent.get(number as usize) {
            sent.store(now(), Ordering::Relaxed);
        }
        Mark { audience: self.id, number }
    }

    /// Whether the mark is one of this audience's.
    pub fn owns(&self, mark: Mark) -> bool {
        self.id == mark.audience
    }

    /// How long ago, at the moment `now`, what bears this number was sent.
    pub fn age(&self, number: u32, now: u64) -> Option<Duration> {
        let sent = self.sent.get(number as usize)?.load(Ordering::Relaxed);
        (sent > 0).then(|| Duration::from_nanos(now.saturating_sub(sent)))
    }
}

/// This moment, for [`Audience::age`].
pub fn now() -> u64 {
    // Never 0, and half a millennium is enough.
    u64::try_from(BEGINNING.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1)
}

/// A number in an audience, as it is written into a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    audience: u32,
    /// From 0 on.
    pub number: u32,
}

impl Mark {
    /// The first one in a message.
    pub fn find(message: &[u8]) -> Option<Self> {
        memchr::memchr_iter(b'#', message).find_map(|at| Self::read(message.get(at..at + LENGTH)?))
    }

    fn read(text: &[u8]) -> Option<Self> {
        (text[6] == b'.').then_some(())?;
        Some(Self { audience: digits(&text[1..6])?, number: digits(&text[7..])? })
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:05}.{:07}", self.audience, self.number)
    }
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter()
        .try_fold(0_u32, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_wherever_it_stands() {
        let audience = Audience::new("north", 2);
        audience.mark();
        let mark = audience.mark();
        let message = format!(r#"{{"id":"n#1","title":"Event updated: {mark} and #9"}}"#);
        assert_eq!(Mark::find(message.as_bytes()), Some(mark));
        assert!(audience.owns(mark) && mark.number == 1);
        assert!(audience.age(mark.number, now()).is_some());
    }

    #[test]
    fn what_only_looks_like_a_mark_is_none() {
        for message in ["", "#", "#00012.000034", "#0001x.0000345", "#00012,0000345"] {
            assert_eq!(Mark::find(message.as_bytes()), None, "{message}");
        }
    }
}
