//! What came of all rounds: tables for people, then each bar, then JSON.

use std::fmt;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use super::{Round, SIZES};
use crate::bar::Bar;
use crate::settings::Settings;
use crate::statistics::{float, median, percentile_ms};
use crate::table::{Table, number};

/// Names of what can be asked for.
pub(super) const TOP: &str = "a frame at the top, after an arrival";
pub(super) const MIDDLE: &str = "a frame halfway down, after a step";
pub(super) const ARRIVALS: &str = "10,000 arrivals";
pub(super) const MEMORY: &str = "memory";
pub(super) const START: &str = "start to first frame";

/// Everything that was measured.
pub struct Report {
    quick: bool,
    rounds: Vec<Round>,
}

/// One figure: its name, and of a round its two sides.
struct Figure {
    name: &'static str,
    unit: &'static str,
    pick: fn(&Round) -> [Option<f64>; 2],
    /// What the second side must not exceed, and so many times the first.
    at_most: [Option<f64>; 2],
}

const FIGURES: [Figure; 7] = [
    Figure {
        name: TOP,
        unit: "CPU ms, p50",
        pick: |round| round.top.each_ref().map(|times| percentile_ms(times, 50)),
        at_most: [None, Some(1.5)],
    },
    Figure {
        name: TOP,
        unit: "CPU ms, p99",
        pick: |round| round.top.each_ref().map(|times| percentile_ms(times, 99)),
        at_most: [Some(2.0), None],
    },
    Figure {
        name: MIDDLE,
        unit: "CPU ms, p50",
        pick: |round| round.middle.each_ref().map(|times| percentile_ms(times, 50)),
        at_most: [None, Some(1.5)],
    },
    Figure {
        name: MIDDLE,
        unit: "CPU ms, p99",
        pick: |round| round.middle.each_ref().map(|times| percentile_ms(times, 99)),
        at_most: [Some(2.0), None],
    },
    Figure {
        name: ARRIVALS,
        unit: "CPU ms",
        pick: |round| round.arrivals.map(|took| took.map(milliseconds)),
        at_most: [Some(50.0), None],
    },
    Figure {
        name: MEMORY,
        unit: "MB",
        pick: |round| round.memory.map(|kib| kib.map(|kib| float(kib * 1_024) / 1_000_000.0)),
        at_most: [Some(100.0), None],
    },
    Figure {
        name: START,
        unit: "ms, p50",
        pick: |round| round.start.each_ref().map(|times| percentile_ms(times, 50)),
        at_most: [Some(50.0), None],
    },
];

#[derive(Serialize)]
struct JsonRow {
    name: String,
    /// Medians: of the baseline, and of what is measured.
    baseline: Option<f64>,
    median: Option<f64>,
    rounds: Vec<[Option<f64>; 2]>,
}

#[derive(Serialize)]
struct Json {
    benchmark: &'static str,
    cores: Option<usize>,
    quick: bool,
    rounds: usize,
    figures: Vec<JsonRow>,
    bars: Vec<Bar>,
}

impl Report {
    pub(super) fn new(settings: &Settings, rounds: Vec<Round>) -> Self {
        Self { quick: settings.quick, rounds }
    }

    /// The same as JSON, on one line.
    pub fn json(&self) -> Result<String> {
        let row = |figure: &Figure| JsonRow {
            name: figure.to_string(),
            baseline: self.median(figure, 0),
            median: self.median(figure, 1),
            rounds: self.rounds.iter().map(figure.pick).collect(),
        };
        Ok(serde_json::to_string(&Json {
            benchmark: "frame",
            cores: available_parallelism().ok().map(usize::from),
            quick: self.quick,
            rounds: self.rounds.len(),
            figures: self.measured().map(row).collect(),
            bars: self.bars(),
        })?)
    }

    fn measured(&self) -> impl Iterator<Item = &'static Figure> {
        FIGURES.iter().filter(|figure| self.median(figure, 1).is_some())
    }

    fn median(&self, figure: &Figure, side: usize) -> Option<f64> {
        median(self.rounds.iter().filter_map(|round| (figure.pick)(round)[side]))
    }

    fn bars(&self) -> Vec<Bar> {
        let mut bars = Vec::new();
        for figure in self.measured() {
            let side = |side: usize| self.rounds.iter().map(move |round| (figure.pick)(round)[side]);
            let [within, times] = figure.at_most;
            bars.extend(within.map(|at_most| Bar::within(figure.to_string(), at_most, side(1))));
            bars.extend(
                times.map(|at_most| {
                    Bar::times(format!("{figure}: 100,000 by 100"), at_most, side(1), side(0))
                }),
            );
        }
        bars
    }

    fn table(&self, head: [&str; 2], wanted: impl Fn(&Figure) -> bool) -> Option<Table> {
        let mut table = Table::new(&["", head[0], head[1], "×"]);
        let mut any = false;
        for figure in self.measured().filter(|figure| wanted(figure)) {
            let ratios = self.rounds.iter().map(figure.pick).filter_map(|[one, other]| Some(other? / one?));
            table.push(vec![
                figure.to_string(),
                number(self.median(figure, 0)),
                number(self.median(figure, 1)),
                number(median(ratios)),
            ]);
            any = true;
        }
        any.then_some(table)
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.name, self.unit)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = available_parallelism().map_or(0, usize::from);
        let quick = if self.quick { ", a quick run" } else { "" };
        writeln!(f, "frame: medians of {} rounds, {cores} cores, 200×60{quick}\n", self.rounds.len())?;
        let [few, many] = SIZES.map(|size| format!("feed of {}", number(Some(f64::from(size)))));
        let tables = [
            self.table([&few, &many], |figure| figure.name != START),
            self.table(["--version", "first frame"], |figure| figure.name == START),
        ];
        for table in tables.into_iter().flatten() {
            writeln!(f, "{table}")?;
        }
        self.bars().iter().try_for_each(|bar| writeln!(f, "{bar}"))
    }
}
