//! How the connection is, and when the next attempt is due.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng};

/// The connection, as the light in the header shows it.
#[derive(Debug)]
pub struct Link {
    /// How it is.
    pub state: LinkState,
    /// How long to wait the next time.
    pub backoff: Backoff,
}

/// How the connection is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkState {
    /// An attempt is under way.
    Connecting,
    /// Connected; what was missed is on its way.
    CatchingUp,
    /// What happens is here in a moment.
    Live,
    /// Lost; the next attempt comes by itself.
    Waiting {
        /// When it comes.
        until: DateTime<Utc>,
        /// What was wrong.
        why: String,
    },
    /// Refused; another attempt would be too.
    Refused {
        /// What was wrong.
        why: String,
    },
}

impl Link {
    /// Not connected yet.
    pub fn new(seed: u64) -> Self {
        Self { state: LinkState::Connecting, backoff: Backoff::new(seed) }
    }

    /// There is a connection.
    pub fn is_up(&self) -> bool {
        matches!(self.state, LinkState::CatchingUp | LinkState::Live)
    }
}

/// Exponential delays with jitter, so that a server that comes back is not met by all of its clients at once.
#[derive(Debug)]
pub struct Backoff {
    attempt: u32,
    rng: StdRng,
}

impl Backoff {
    /// No delay is longer.
    pub const CAP: Duration = Duration::from_secs(30);
    /// No delay is shorter.
    pub const FLOOR: Duration = Duration::from_millis(500);

    /// `seed` makes the delays differ from other clients'.
    pub fn new(seed: u64) -> Self {
        Self { attempt: 0, rng: StdRng::seed_from_u64(seed) }
    }

    /// It went well: begin anew.
    pub fn reset(&mut self) {
        self.attempt = 0;
    }

    /// How long to wait now: between half and all of a span that doubles each time, from 1 s, within
    /// [`Self::FLOOR`] and [`Self::CAP`].
    pub fn delay(&mut self) -> Duration {
        let span = (2 * Self::FLOOR).saturating_mul(1 << self.attempt.min(16)).min(Self::CAP);
        self.attempt = self.attempt.saturating_add(1);
        span.mul_f64(self.rng.random_range(0.5..=1.0)).clamp(Self::FLOOR, Self::CAP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn delays_grow_within_bounds_and_begin_anew(seed: u64, attempts in 1_usize..200) {
            let mut backoff = Backoff::new(seed);
            let delays: Vec<_> = (0..attempts).map(|_| backoff.delay()).collect();
            for (n, delay) in delays.iter().enumerate() {
                prop_assert!((Backoff::FLOOR..=Backoff::CAP).contains(delay));
                let span = Duration::from_secs(1 << n.min(16)).min(Backoff::CAP);
                prop_assert!(*delay >= span / 2 && *delay <= span, "{n}: {delay:?} of {span:?}");
            }
            backoff.reset();
            prop_assert!(backoff.delay() <= Duration::from_secs(1));
        }
    }

    #[test]
    fn two_clients_do_not_return_together() {
        let mut one = Backoff::new(1);
        let mut other = Backoff::new(2);
        assert_ne!(one.delay(), other.delay());
    }
}
