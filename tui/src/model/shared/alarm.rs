//! The bell, and the desktop's notification: for what is urgent, but not for each of a hundred that come at once.

use chrono::{DateTime, TimeDelta, Utc};

use crate::effect::Gesture;

/// After one alarm it is quiet for so long; then one more tells of all that came meanwhile.
const QUIET: TimeDelta = TimeDelta::seconds(5);

/// When it was last heard, and what was not.
#[derive(Debug, Default)]
pub struct Alarm {
    quiet_until: Option<DateTime<Utc>>,
    missed: u32,
}

impl Alarm {
    /// Something urgent: where it is from, and what it is.
    pub fn sound(&mut self, now: DateTime<Utc>, title: &str, body: &str) -> Vec<Gesture> {
        if self.quiet_until.is_some_and(|until| now < until) {
            self.missed = self.missed.saturating_add(1);
            return Vec::new();
        }
        self.heard(now, title.to_owned(), body.to_owned())
    }

    /// A second has passed.
    pub fn tick(&mut self, now: DateTime<Utc>) -> Vec<Gesture> {
        if self.missed == 0 || self.quiet_until.is_some_and(|until| now < until) {
            return Vec::new();
        }
        let missed = std::mem::take(&mut self.missed);
        self.heard(now, "Campanile".to_owned(), format!("{missed} more that are urgent"))
    }

    fn heard(&mut self, now: DateTime<Utc>, title: String, body: String) -> Vec<Gesture> {
        self.quiet_until = Some(now + QUIET);
        vec![Gesture::Ring, Gesture::Notify { title, body }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::moment;

    #[test]
    fn the_first_is_heard_and_the_rest_in_one() {
        let mut alarm = Alarm::default();
        let after = |seconds| moment() + TimeDelta::seconds(seconds);
        assert_eq!(alarm.sound(after(0), "North Campus", "fire").len(), 2);
        for _ in 0..5_000 {
            assert!(alarm.sound(after(1), "North Campus", "fire").is_empty());
        }
        assert!(alarm.tick(after(4)).is_empty());
        let summary = Gesture::Notify { title: "Campanile".into(), body: "5000 more that are urgent".into() };
        assert_eq!(alarm.tick(after(5)), [Gesture::Ring, summary]);
        assert!(alarm.tick(after(20)).is_empty(), "once");
        assert_eq!(alarm.sound(after(20), "North Campus", "flood").len(), 2);
    }
}
