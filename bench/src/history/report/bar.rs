//! One bar, and whether it was met.

use std::fmt;

use serde::Serialize;

use crate::history::measure::Sample;
use crate::statistics::median;
use crate::table::number;

/// What a figure must not exceed.
#[derive(Debug, Serialize)]
pub(super) struct Bar {
    name: String,
    at_most: f64,
    median: Option<f64>,
    rounds: Vec<f64>,
    /// In every round.
    met: bool,
}

impl Bar {
    /// So many times another figure of the same round.
    pub(super) fn times(
        name: String,
        at_most: f64,
        samples: &[Sample],
        others: &[Sample],
        pick: fn(&Sample) -> Option<f64>,
    ) -> Self {
        let rounds = samples.iter().zip(others);
        Self::of(name, at_most, rounds.filter_map(|(one, other)| Some(pick(one)? / pick(other)?)).collect())
    }

    /// The same for all rounds.
    pub(super) fn within(
        name: String,
        at_most: f64,
        samples: &[Sample],
        pick: fn(&Sample) -> Option<f64>,
    ) -> Self {
        Self::of(name, at_most, samples.iter().filter_map(pick).collect())
    }

    fn of(name: String, at_most: f64, rounds: Vec<f64>) -> Self {
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

    fn samples(p99: &[f64]) -> Vec<Sample> {
        p99.iter().map(|&p99| Sample { p99_ms: Some(p99), ..Sample::default() }).collect()
    }

    #[test]
    fn a_bar_is_met_in_every_round_or_not_at_all() {
        let p99 = |sample: &Sample| sample.p99_ms;
        let (small, large) = (samples(&[1.0, 2.0, 1.0]), samples(&[1.5, 2.0, 1.6]));
        let bar = Bar::times("large by small".into(), 1.5, &large, &small, p99);
        assert_eq!((bar.median, bar.met), (Some(1.5), false));
        assert_eq!(
            bar.to_string(),
            "large by small: 1.50 (1.50, 1.00, 1.60), at most 1.5: MISSED: met in 2 of 3"
        );
        assert!(Bar::within("small".into(), 2.0, &small, p99).met);
        assert!(!Bar::within("none".into(), 2.0, &[], p99).met);
    }
}
