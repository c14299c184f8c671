//! The clock: the only place that reads the time of day. Everything else is told it.

use chrono::{DateTime, Utc};

/// Tells the time. A parameter of the loop, so that tests can set it.
pub trait Clock {
    /// The time of day, now.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is handed to everything else")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
