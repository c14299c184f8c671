//! What a crowd has received.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hdrhistogram::Histogram;

/// Of troubles only the first few are worth reading.
const TROUBLES: usize = 3;
/// Significant digits of a latency.
const DIGITS: u8 = 3;

/// Counted over all sockets of a crowd.
#[derive(Debug)]
pub struct Tally {
    /// Sockets that have been told that they are live.
    pub live: usize,
    /// Notifications, each for each socket once.
    pub received: u64,
    /// Those and what was left out before any of them.
    pub passed: u64,
    /// Bytes of those that came, frames included.
    pub bytes: u64,
    /// What came again, or too late.
    pub doubled: u64,
    /// What was for somebody else.
    pub stray: u64,
    /// Sockets that have ended by themselves.
    pub cut: u64,
    /// Why, and whatever else was not expected.
    pub troubles: Vec<String>,
    /// Microseconds from publishing to receipt.
    pub latencies: Histogram<u64>,
}

/// What is not as it should be: nothing, of a server that delivers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// Notifications that did not come.
    pub lost: u64,
    /// That came again, or too late.
    pub doubled: u64,
    /// That came to somebody else.
    pub stray: u64,
    /// Sockets that were closed.
    pub cut: u64,
    /// The first few troubles.
    pub troubles: Vec<String>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            live: 0,
            received: 0,
            passed: 0,
            bytes: 0,
            doubled: 0,
            stray: 0,
            cut: 0,
            troubles: Vec::new(),
            latencies: no_latencies(),
        }
    }
}

impl Tally {
    /// Notes what was not expected.
    pub(super) fn trouble(&mut self, trouble: String) {
        if self.troubles.len() < TROUBLES {
            self.troubles.push(trouble);
        }
    }

    pub(super) fn took(&mut self, latency: Duration) {
        // It grows to whatever comes.
        self.latencies += u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
    }
}

impl Faults {
    /// Whether there are none.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// Adds those of others.
    pub fn add(&mut self, others: Self) {
        self.lost += others.lost;
        self.doubled += others.doubled;
        self.stray += others.stray;
        self.cut += others.cut;
        self.troubles.extend(others.troubles);
        self.troubles.truncate(TROUBLES);
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lost, doubled, stray, cut, troubles } = self;
        write!(f, "{lost} lost, {doubled} doubled or out of order, {stray} astray, {cut} sockets cut")?;
        if troubles.is_empty() { Ok(()) } else { write!(f, " ({})", troubles.join("; ")) }
    }
}

pub(super) fn no_latencies() -> Histogram<u64> {
    let mut histogram = Histogram::new(DIGITS).unwrap_or_else(|_| unreachable!("{DIGITS} is from 0 to 5"));
    histogram.auto(true);
    histogram
}

pub(super) fn lock(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}
