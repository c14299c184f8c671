//! One bar, and whether it was met.

use std::fmt;

use serde::Serialize;

use crate::statistics::median;
use crate::table::number;

/// What a figure must not exceed.
#[derive(Debug, Serialize)]
pub struct Bar {
    name: String,
    at_most: f64,
    median: Option<f64>,
    rounds: Vec<f64>,
    /// In every round.
    met: bool,
}

impl Bar {
    /// So many times another figure of the same round. Rounds where either is missing do not count.
    pub fn times(
        name: String,
        at_most: f64,
        figures: impl IntoIterator<Item = Option<f64>>,
        others: impl IntoIterator<Item = Option<f64>>,
    ) -> Self {
        let rounds = figures.into_iter().zip(others);
        Self::within(name, at_most, rounds.map(|(one, other)| Some(one? / other?)))
    }

    /// The same for all rounds. Those where the figure is missing do not count.
    pub fn within(name: String, at_most: f64, figures: impl IntoIterator<Item = Option<f64>>) -> Self {
        let rounds: Vec<f64> = figures.into_iter().flatten().collect();
        let met = !rounds.is_empty() && rounds.iter().all(|figure| *figure <= at_most);
        Self { name, at_most, median: median(rounds.iter().copied()), rounds, met }
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, at_most, rounds, .. } = self;
        let met = rounds.iter().filter(|figure| *figure <= at_most).count();
        let verdict = match (self.met, met) {
            (true, _) => "met in every round".to_owned(),
            (false, met) => format!("MISSED: met in {met} of {}", rounds.len()),
        };
        let each: Vec<String> = rounds.iter().map(|&figure| number(Some(figure))).collect();
        let (median, each) = (number(self.median), each.join(", "));
        write!(f, "{name}: {median} ({each}), at most {at_most}: {verdict}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_met_in_every_round_or_not_at_all() {
        let (small, large) = ([1.0, 2.0, 1.0].map(Some), [1.5, 2.0, 1.6].map(Some));
        let bar = Bar::times("large by small".into(), 1.5, large, small);
        assert_eq!((bar.median, bar.met), (Some(1.5), false));
        assert_eq!(
            bar.to_string(),
            "large by small: 1.50 (1.50, 1.00, 1.60), at most 1.5: MISSED: met in 2 of 3"
        );
        assert!(Bar::within("small".into(), 2.0, small).met);
        assert!(!Bar::within("none".into(), 2.0, []).met);
    }
}
