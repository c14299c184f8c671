//! What came of everything: a table for people, then each bar in words, then JSON.

mod row;

use std::fmt;
use std::thread::available_parallelism;

use anyhow::Result;
use serde::Serialize;

use row::JsonRow;
pub(super) use row::{Bar, Row};

use super::bench::Bench;
use crate::table::Table;

/// Everything that was measured.
pub struct Report {
    quick: bool,
    rounds: u32,
    folder: String,
    rows: Vec<Row>,
    failures: Vec<String>,
}

#[derive(Serialize)]
struct Json<'a> {
    benchmark: &'static str,
    cores: Option<usize>,
    quick: bool,
    rounds: u32,
    figures: Vec<JsonRow<'a>>,
    failures: &'a [String],
}

impl Report {
    pub(super) fn new(bench: &Bench) -> Self {
        Self {
            quick: bench.settings.quick,
            rounds: bench.settings.rounds,
            folder: bench.settings.folder.display().to_string(),
            rows: Vec::new(),
            failures: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, row: Row) {
        self.rows.push(row);
    }

    pub(super) fn fail(&mut self, scene: &str, error: &anyhow::Error) {
        eprintln!("    failed: {error:#}");
        self.failures.push(format!("{scene}: {error:#}"));
    }

    /// Whether everything that was asked for was measured.
    pub fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }

    /// The same as JSON, on one line.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string(&Json {
            benchmark: "delivery",
            cores: available_parallelism().ok().map(usize::from),
            quick: self.quick,
            rounds: self.rounds,
            figures: self.rows.iter().map(Row::json).collect(),
            failures: &self.failures,
        })?)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = available_parallelism().map_or(0, usize::from);
        let quick = if self.quick { ", a quick run" } else { "" };
        let (rounds, folder) = (self.rounds, &self.folder);
        writeln!(f, "delivery: medians of {rounds} rounds, {cores} cores, databases in {folder}{quick}\n")?;
        let mut table = Table::new(&Row::HEAD);
        for row in &self.rows {
            table.push(row.cells());
        }
        writeln!(f, "{table}")?;
        for row in self.rows.iter().filter(|row| row.says_more()) {
            writeln!(f, "{row}")?;
        }
        self.failures.iter().try_for_each(|failure| writeln!(f, "FAILED: {failure}"))
    }
}
