//! Whether somebody is still at the other end: who is silent is pinged, and who is silent to that is dead. Pure.

use std::time::Duration;

use tokio::time::Instant;

/// When it was last asked.
#[derive(Debug, Default)]
pub(super) struct Pulse(Option<Instant>);

/// What is known of the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    /// Heard of lately, or just asked.
    Well,
    /// To be asked now.
    Unknown,
    /// Asked, and silent.
    Dead,
}

impl Pulse {
    /// To be asked regularly. `silent_for` is how long nothing has been heard, `interval` how long that may be, before
    /// and after a ping.
    pub(super) fn check(&mut self, now: Instant, silent_for: Duration, interval: Duration) -> Health {
        if silent_for < interval {
            self.0 = None;
            return Health::Well;
        }
        // When it was asked, it had been silent for an interval; half of one allows for clocks that are not quite the same.
        let asked_in_vain =
            self.0.map(|asked| now.duration_since(asked)).filter(|since| silent_for >= *since + interval / 2);
        match asked_in_vain {
            Some(since) if since >= interval => Health::Dead,
            Some(_) => Health::Well,
            None => {
                self.0 = Some(now);
                Health::Unknown
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(1);

    /// What is found at moments, in milliseconds, when something was last heard at others.
    fn found(looks: &[(u64, u64)]) -> Vec<Health> {
        let (mut pulse, start) = (Pulse::default(), Instant::now());
        let look = |&(at, heard): &(u64, u64)| {
            let now = start + Duration::from_millis(at);
            pulse.check(now, Duration::from_millis(at - heard), INTERVAL)
        };
        looks.iter().map(look).collect()
    }

    #[test]
    fn who_is_heard_is_never_asked() {
        assert_eq!(found(&[(500, 0), (1_500, 600), (9_000, 8_999)]), [Health::Well; 3]);
    }

    #[test]
    fn who_does_not_answer_is_dead() {
        let looks = [(500, 0), (1_500, 0), (2_000, 0), (2_499, 0), (2_500, 0)];
        let expected = [Health::Well, Health::Unknown, Health::Well, Health::Well, Health::Dead];
        assert_eq!(found(&looks), expected);
    }

    #[test]
    fn who_answers_is_asked_again_and_again() {
        let looks = [(1_500, 0), (2_500, 1_500), (3_500, 2_499), (5_000, 3_501)];
        assert_eq!(found(&looks), [Health::Unknown; 4]);
    }

    #[test]
    fn nobody_is_dead_who_was_not_asked() {
        assert_eq!(
            found(&[(60_000, 0), (60_001, 0), (61_000, 0)]),
            [Health::Unknown, Health::Well, Health::Dead]
        );
    }
}
