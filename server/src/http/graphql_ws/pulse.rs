//! Whether somebody is still at the other end: who is silent is pinged, and who is silent to that is dead. Pure.

use std::time::Duration;

use tokio::time::Instant;

/// When it was last asked, and how early it is.
#[derive(Debug)]
pub(super) struct Pulse {
    asked: Option<Instant>,
    /// Those who came together are not all asked together: each waits for between half of the interval and all of it.
    earliness: u8,
}

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
    /// The greater `earliness` is, the sooner this one is asked; to be different for different ones.
    pub(super) fn new(earliness: u8) -> Self {
        Self { asked: None, earliness }
    }

    /// Something is on its way to them, for which there was no room: a ping would only wait behind it. Whether they take it
    /// says whether they are there; they are asked anew when it is out.
    pub(super) fn wait(&mut self) -> Health {
        self.asked = None;
        Health::Well
    }

    /// To be asked regularly. `silent_for` is how long nothing has been heard, `interval` how long that may be at
    /// most, before and after a ping.
    pub(super) fn check(&mut self, now: Instant, silent_for: Duration, interval: Duration) -> Health {
        let patience = interval.mul_f64(1.0 - f64::from(self.earliness) / (2.0 * f64::from(u8::MAX)));
        if silent_for < patience {
            self.asked = None;
            return Health::Well;
        }
        // When it was asked, it had been silent for that long; half of it allows for clocks that are not quite the same.
        let asked_in_vain =
            self.asked.map(|at| now.duration_since(at)).filter(|since| silent_for >= *since + patience / 2);
        match asked_in_vain {
            Some(since) if since >= interval => Health::Dead,
            Some(_) => Health::Well,
            None => {
                self.asked = Some(now);
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
        let (mut pulse, start) = (Pulse::new(0), Instant::now());
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
    fn whoever_could_not_be_asked_is_asked_again() {
        let (mut pulse, start) = (Pulse::new(0), Instant::now());
        let check = |pulse: &mut Pulse, millis| {
            let silent_for = Duration::from_millis(millis);
            pulse.check(start + silent_for, silent_for, INTERVAL)
        };
        assert_eq!(check(&mut pulse, 1_500), Health::Unknown);
        assert_eq!(pulse.wait(), Health::Well);
        assert_eq!(check(&mut pulse, 9_000), Health::Unknown);
        assert_eq!(check(&mut pulse, 9_999), Health::Well);
        assert_eq!(check(&mut pulse, 10_000), Health::Dead);
    }

    #[test]
    fn those_who_came_together_are_asked_one_after_the_other() {
        let start = Instant::now();
        let asked_after = |earliness| {
            let mut pulse = Pulse::new(earliness);
            (0..=1_000)
                .map(Duration::from_millis)
                .find(|&silent_for| pulse.check(start + silent_for, silent_for, INTERVAL) == Health::Unknown)
        };
        let moments: Vec<_> = [255, 200, 128, 50, 0].map(asked_after).into_iter().flatten().collect();
        assert!(moments.is_sorted_by(|a, b| a < b), "{moments:?}");
        assert_eq!((moments[0], moments[4]), (INTERVAL / 2, INTERVAL));
    }

    #[test]
    fn nobody_is_dead_who_was_not_asked() {
        assert_eq!(
            found(&[(60_000, 0), (60_001, 0), (61_000, 0)]),
            [Health::Unknown, Health::Well, Health::Dead]
        );
    }
}
