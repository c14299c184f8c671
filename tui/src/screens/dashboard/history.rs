//! What the rates were: as much as the sparklines show, and no more.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

/// Older rates are forgotten.
pub const WINDOW: TimeDelta = TimeDelta::minutes(10);
/// No more are kept, however often they come.
const MOST: usize = 600;

/// The rates of the last ten minutes, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    samples: VecDeque<Sample>,
}

/// What the rates were at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When it was told.
    pub at: DateTime<Utc>,
    /// The time since the one before, as it was asked for.
    pub every: TimeDelta,
    /// Published in a second.
    pub published: Option<f64>,
    /// Delivered in a second.
    pub delivered: Option<f64>,
}

impl History {
    /// The next; what is too old goes.
    pub fn push(&mut self, sample: Sample) {
        self.samples.push_back(sample);
        while self.samples.len() > MOST
            || self.samples.front().is_some_and(|oldest| sample.at - oldest.at > WINDOW)
        {
            self.samples.pop_front();
        }
    }

    /// The highest of each stretch of time, of so many that the window is divided into; none where nothing was told.
    /// Stretches begin at whole multiples of their length, so that a bar keeps its height as it moves to the left.
    pub fn stretches(
        &self,
        now: DateTime<Utc>,
        columns: u16,
        rate: impl Fn(&Sample) -> Option<f64>,
    ) -> Vec<Option<f64>> {
        let columns = i64::from(columns);
        let Some(length) =
            WINDOW.num_seconds().checked_add(columns - 1).and_then(|all| all.checked_div(columns))
        else {
            return Vec::new();
        };
        let number = |at: DateTime<Utc>| at.timestamp().div_euclid(length.max(1));
        let first = number(now) - columns + 1;
        let mut stretches = vec![None; usize::try_from(columns).unwrap_or(0)];
        for sample in &self.samples {
            let Some(rate) = rate(sample).filter(|rate| rate.is_finite() && *rate >= 0.0) else {
                continue;
            };
            // A reading stands for the time since the one before it.
            let since = sample.at - sample.every + TimeDelta::seconds(1);
            for at in number(since).max(first)..=number(sample.at) {
                let at = usize::try_from(at - first).ok().and_then(|at| stretches.get_mut(at));
                if let Some(highest) = at {
                    *highest = Some(highest.map_or(rate, |other: f64| other.max(rate)));
                }
            }
        }
        stretches
    }

    /// The highest rate of all.
    pub fn highest(&self, rate: impl Fn(&Sample) -> Option<f64>) -> Option<f64> {
        self.samples.iter().filter_map(rate).filter(|rate| rate.is_finite()).reduce(f64::max)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fixture::moment;

    fn sample(second: i64, every: i64, rate: f64) -> Sample {
        let at = moment() + TimeDelta::seconds(second);
        Sample { at, every: TimeDelta::seconds(every), published: Some(rate), delivered: None }
    }

    #[test]
    fn a_stretch_is_as_high_as_its_highest_and_a_gap_is_none() {
        let mut history = History::default();
        for (second, rate) in [(0, 1.0), (1, 3.0), (2, 2.0), (120, 5.0)] {
            history.push(sample(second, 1, rate));
        }
        let shown = history.stretches(moment() + TimeDelta::seconds(130), 10, |it| it.published);
        assert_eq!(shown[7..], [Some(3.0), None, Some(5.0)]);
        assert_eq!(history.highest(|it| it.published), Some(5.0));
        assert_eq!(history.stretches(moment(), 10, |it| it.delivered), [None; 10]);
    }

    #[test]
    fn a_rare_reading_stands_for_the_time_since_the_one_before() {
        let mut history = History::default();
        history.push(sample(-60, 60, 1.0));
        history.push(sample(0, 60, 2.0));
        let shown = history.stretches(moment(), 60, |it| it.published);
        assert!(shown[49..].iter().all(Option::is_some), "{shown:?}");
    }

    proptest! {
        #[test]
        fn it_is_bounded_and_never_panics(seconds in prop::collection::vec(0_i64..5_000, 0..900), columns in 0_u16..300, rate: f64) {
            let mut history = History::default();
            let mut at = 0;
            for second in seconds {
                at += second % 7;
                history.push(sample(at, second % 90, rate));
            }
            prop_assert!(history.samples.len() <= MOST);
            let now = moment() + TimeDelta::seconds(at);
            prop_assert!(history.samples.iter().all(|sample| now - sample.at <= WINDOW));
            prop_assert_eq!(history.stretches(now, columns, |it| it.published).len(), usize::from(columns));
        }
    }
}
