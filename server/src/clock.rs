//! The one place that reads the time. Everything else is handed a [`Clock`], so that tests can set it.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, Utc};

/// A source of the current time, in UTC, to the millisecond: the precision that both the database and the API keep.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the clock that the ban points to")]
        Self::from_fn(Utc::now)
    }

    /// A clock that answers what `read` says.
    pub fn from_fn(read: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The time now, cut to the millisecond.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)().trunc_subsecs(3)
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}
