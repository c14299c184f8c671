//! One figure, and whether it is as it should be.

use std::fmt;

use serde::Serialize;

use crate::generator::Faults;
use crate::statistics::median;
use crate::table::number;

/// One figure, round by round.
#[derive(Debug, Clone, Default)]
pub(in crate::delivery) struct Row {
    pub(in crate::delivery) name: String,
    pub(in crate::delivery) unit: &'static str,
    pub(in crate::delivery) server: Vec<f64>,
    /// Of the two baselines, where they have it.
    pub(in crate::delivery) bare: Vec<f64>,
    pub(in crate::delivery) textbook: Vec<f64>,
    pub(in crate::delivery) bar: Option<Bar>,
    /// Of the server.
    pub(in crate::delivery) faults: Faults,
    /// What else is worth knowing.
    pub(in crate::delivery) notes: Vec<String>,
}

/// What the server's figure must not exceed.
#[derive(Debug, Clone)]
pub(in crate::delivery) struct Bar {
    /// In words.
    pub(in crate::delivery) words: String,
    /// In numbers, round by round.
    pub(in crate::delivery) limits: Vec<f64>,
}

/// A figure over all rounds: medians, then round by round.
#[derive(Serialize)]
pub(super) struct JsonRow<'a> {
    name: &'a str,
    unit: &'a str,
    server: Option<f64>,
    bare: Option<f64>,
    textbook: Option<f64>,
    /// Medians of each round's own ratio.
    times_bare: Option<f64>,
    times_textbook: Option<f64>,
    bar: Option<&'a str>,
    limit: Option<f64>,
    /// Whether in every round, and without faults.
    reached: Option<bool>,
    faults: Option<String>,
    notes: &'a [String],
    server_rounds: &'a [f64],
    bare_rounds: &'a [f64],
    textbook_rounds: &'a [f64],
    limit_rounds: &'a [f64],
}

impl Bar {
    /// One limit for all rounds.
    pub(in crate::delivery) fn fixed(words: impl Into<String>, limit: f64, rounds: usize) -> Self {
        Self { words: words.into(), limits: vec![limit; rounds] }
    }

    /// So many times the figure of something else in the same round.
    pub(in crate::delivery) fn times(factor: f64, of: &str, others: &[f64]) -> Self {
        let limits = others.iter().map(|other| factor * other).collect();
        Self { words: format!("at most {factor} × {of}"), limits }
    }
}

impl Row {
    pub(in crate::delivery) fn new(name: impl Into<String>, unit: &'static str) -> Self {
        Self { name: name.into(), unit, ..Self::default() }
    }

    /// In how many rounds the bar was reached; `None` without a bar.
    fn rounds_reached(&self) -> Option<usize> {
        let bar = self.bar.as_ref()?;
        let rounds = self.server.iter().zip(&bar.limits);
        Some(rounds.filter(|(figure, limit)| figure <= limit).count())
    }

    fn reached(&self) -> Option<bool> {
        let rounds = self.rounds_reached()?;
        Some(!self.server.is_empty() && rounds == self.server.len() && self.faults.is_none())
    }

    fn verdict(&self) -> String {
        match (self.reached(), self.rounds_reached()) {
            (Some(true), _) => "yes".to_owned(),
            (Some(false), Some(some @ 1..)) => format!("NO: {some} of {}", self.server.len()),
            (Some(false), _) => "NO".to_owned(),
            (None, _) => String::new(),
        }
    }

    fn limit(&self) -> Option<f64> {
        median(self.bar.as_ref()?.limits.iter().copied())
    }

    fn times(&self, others: &[f64]) -> Option<f64> {
        let ratios = self.server.iter().zip(others).map(|(figure, other)| figure / other);
        median(ratios.filter(|ratio| ratio.is_finite()))
    }

    /// Titles of [`Row::cells`].
    pub(super) const HEAD: [&str; 9] =
        ["", "unit", "server", "(a) bare", "(b) textbook", "× (a)", "× (b)", "at most", "reached"];

    /// For a table.
    pub(super) fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.unit.to_owned(),
            number(middle(&self.server)),
            number(middle(&self.bare)),
            number(middle(&self.textbook)),
            number(self.times(&self.bare)),
            number(self.times(&self.textbook)),
            number(self.limit()),
            self.verdict(),
        ]
    }

    /// Whether a table does not say everything.
    pub(super) fn says_more(&self) -> bool {
        self.bar.is_some() || !self.notes.is_empty() || !self.faults.is_none()
    }

    /// For machines.
    pub(super) fn json(&self) -> JsonRow<'_> {
        JsonRow {
            name: &self.name,
            unit: self.unit,
            server: middle(&self.server),
            bare: middle(&self.bare),
            textbook: middle(&self.textbook),
            times_bare: self.times(&self.bare),
            times_textbook: self.times(&self.textbook),
            bar: self.bar.as_ref().map(|bar| bar.words.as_str()),
            limit: self.limit(),
            reached: self.reached(),
            faults: (!self.faults.is_none()).then(|| self.faults.to_string()),
            notes: &self.notes,
            server_rounds: &self.server,
            bare_rounds: &self.bare,
            textbook_rounds: &self.textbook,
            limit_rounds: self.bar.as_ref().map_or(&[], |bar| &bar.limits),
        }
    }
}

fn middle(rounds: &[f64]) -> Option<f64> {
    median(rounds.iter().copied())
}

fn joined(rounds: &[f64]) -> String {
    let rounds: Vec<String> = rounds.iter().map(|&figure| number(Some(figure))).collect();
    rounds.join(", ")
}

/// As it is told while others are still measured.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, unit, server, bare, textbook, .. } = self;
        write!(f, "{name}: {} {unit}", joined(server))?;
        for (who, figures) in [("bare", bare), ("textbook", textbook)] {
            if !figures.is_empty() {
                write!(f, "; {who} {}", joined(figures))?;
            }
        }
        if let Some(bar) = &self.bar {
            write!(f, "; {} ({})? {}", bar.words, joined(&bar.limits), self.verdict())?;
        }
        if !self.faults.is_none() {
            write!(f, "; {}", self.faults)?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "; {note}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(server: &[f64], limits: &[f64]) -> Row {
        let bar = Bar { words: "at most that".into(), limits: limits.to_vec() };
        Row {
            server: server.to_vec(),
            bare: vec![2.0; server.len()],
            bar: Some(bar),
            ..Row::new("CPU", "µs")
        }
    }

    #[test]
    fn a_bar_is_reached_in_every_round_or_not_at_all() {
        assert_eq!(row(&[1.0, 2.0, 3.0], &[1.5, 2.0, 3.5]).reached(), Some(true));
        let missed = row(&[1.0, 2.0, 3.0], &[1.5, 1.9, 3.5]);
        assert_eq!((missed.reached(), missed.verdict().as_str()), (Some(false), "NO: 2 of 3"));
        assert_eq!(row(&[], &[]).reached(), Some(false));
        assert_eq!(Row::new("CPU", "µs").reached(), None);
    }

    #[test]
    fn nothing_is_reached_with_faults() {
        let faults = Faults { doubled: 1, ..Faults::default() };
        let row = Row { faults, ..row(&[1.0], &[2.0]) };
        assert_eq!(row.reached(), Some(false));
        assert!(row.to_string().contains("1 doubled"), "{row}");
    }

    #[test]
    fn machines_are_told_medians_and_rounds() {
        let json = serde_json::to_value(row(&[1.0, 4.0, 3.0], &[5.0; 3]).json()).unwrap();
        assert_eq!(
            (&json["server"], &json["times_bare"], &json["reached"]),
            (&3.0.into(), &1.5.into(), &true.into())
        );
        assert_eq!(json["server_rounds"], serde_json::json!([1.0, 4.0, 3.0]));
    }
}
