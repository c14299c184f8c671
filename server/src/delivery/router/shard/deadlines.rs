//! When whose token ends, and when they are warned. A token may be renewed meanwhile: each deadline is looked at anew when it
//! has come.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::delivery::subscription::{Lifetime, Subscriber};

/// How long before its end a token's bearer is warned, in milliseconds.
const WARNING: i64 = 5 * 60 * 1_000;
/// Deadlines of those who have left that are kept at least.
const SLACK: usize = 1_024;

/// What has come.
pub(super) enum Due {
    /// The token runs out soon: at this moment.
    Warning(DateTime<Utc>),
    /// The token has run out.
    End,
}

#[derive(Default)]
pub(super) struct Deadlines {
    coming: BinaryHeap<Reverse<Deadline>>,
    /// Those who could not be warned, until the next tick.
    put_off: Vec<Deadline>,
}

/// When one subscriber has to be looked at. Ordered by its moment.
pub(super) struct Deadline {
    at: i64,
    id: u64,
    /// The end that was warned of.
    warned_of: Option<i64>,
    lifetime: Arc<Lifetime>,
}

impl Deadlines {
    /// Watches over one more, besides so many others, of whom `is_here` knows.
    pub(super) fn watch(&mut self, subscriber: &Subscriber, others: usize, is_here: impl Fn(u64) -> bool) {
        // Those who have left stay until their time has come: not too many of them.
        if self.coming.len() > 2 * others + SLACK {
            self.coming.retain(|Reverse(deadline)| is_here(deadline.id));
        }
        let lifetime = Arc::clone(&subscriber.lifetime);
        let at = lifetime.ends_at() - WARNING;
        self.coming.push(Reverse(Deadline { at, id: subscriber.id, warned_of: None, lifetime }));
    }

    /// Whose deadline has come next, of those that have at `now`. Who is to be warned is to be given back.
    pub(super) fn next(&mut self, now: DateTime<Utc>) -> Option<(Deadline, Due)> {
        let now = now.timestamp_millis();
        while self.coming.peek().is_some_and(|Reverse(deadline)| deadline.at <= now) {
            let Reverse(deadline) = self.coming.pop()?;
            let ends_at = deadline.lifetime.ends_at();
            if ends_at <= now {
                return Some((deadline, Due::End));
            }
            // It may have been renewed.
            let at = if deadline.warned_of == Some(ends_at) { ends_at } else { ends_at - WARNING };
            if at <= now {
                let moment = DateTime::from_timestamp_millis(ends_at).unwrap_or_default();
                return Some((deadline, Due::Warning(moment)));
            }
            self.coming.push(Reverse(Deadline { at, ..deadline }));
        }
        None
    }

    /// They have been warned of that moment; the token may have been renewed since.
    pub(super) fn warned(&mut self, deadline: Deadline, of: DateTime<Utc>) {
        let ends_at = of.timestamp_millis();
        self.coming.push(Reverse(Deadline { at: ends_at, warned_of: Some(ends_at), ..deadline }));
    }

    /// They could not be warned now: at the next tick perhaps.
    pub(super) fn put_off(&mut self, deadline: Deadline) {
        self.put_off.push(deadline);
    }

    /// Has those looked at again who were put off.
    pub(super) fn tick(&mut self) {
        self.coming.extend(self.put_off.drain(..).map(Reverse));
    }
}

impl Deadline {
    /// Whose it is.
    pub(super) fn id(&self) -> u64 {
        self.id
    }
}

impl PartialEq for Deadline {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Deadline {}

impl PartialOrd for Deadline {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Deadline {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.id).cmp(&(other.at, other.id))
    }
}
