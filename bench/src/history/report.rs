//! What came of all rounds: a table for people, then each bar, then JSON.

use std::fmt;
use std::thread::available_parallelism;

use anyhow::Result;
use serde::Serialize;

use super::figure::{Ask, Figure};
use super::kept::Filled;
use super::measure::Sample;
use super::people::Person;
use super::upkeep::Batches;
use crate::bar::Bar;
use crate::settings::Settings;
use crate::statistics::median;
use crate::table::{Table, number};

/// What [`Report::upkeep`] has.
const UPKEEP: [&str; 2] = ["a batch of deletions", "a batch of texts indexed"];

/// Everything that was measured.
pub struct Report {
    folder: String,
    quick: bool,
    rounds: u32,
    /// Notifications in each log, from the smallest on.
    sizes: Vec<u32>,
    databases: Vec<Database>,
    figures: Vec<Measured>,
    /// To the small campus, and to the large one, by round.
    publishes: [Vec<Sample>; 2],
    members: u32,
    /// Of deletions, and of texts for the index, by round.
    upkeep: [Vec<Batches>; 2],
    fdatasync_p99_ms: Vec<f64>,
}

/// A figure with samples by size and round.
struct Measured {
    figure: Figure,
    samples: Vec<Vec<Sample>>,
}

/// A database as it was found.
#[derive(Debug, Serialize)]
struct Database {
    name: String,
    mebibytes: u64,
    /// Where this run has filled it.
    filled_in_seconds: Option<u64>,
}

/// Medians, then round by round.
#[derive(Serialize)]
struct JsonRow {
    name: String,
    /// In the log, or members of the campus.
    size: u32,
    calls: usize,
    cold_ms: Option<f64>,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
    cpu_ms: Option<f64>,
    p50_rounds: Vec<f64>,
    p99_rounds: Vec<f64>,
}

#[derive(Serialize)]
struct Json<'a> {
    benchmark: &'static str,
    cores: Option<usize>,
    quick: bool,
    rounds: u32,
    databases: &'a [Database],
    figures: Vec<JsonRow>,
    bars: Vec<Bar>,
    fdatasync_p99_ms: &'a [f64],
}

impl Report {
    pub(super) fn new(settings: &Settings, sizes: &[u32], members: u32) -> Self {
        Self {
            folder: settings.folder.display().to_string(),
            quick: settings.quick,
            rounds: settings.rounds,
            sizes: sizes.to_vec(),
            databases: Vec::new(),
            figures: Vec::new(),
            publishes: [Vec::new(), Vec::new()],
            members,
            upkeep: [Vec::new(), Vec::new()],
            fdatasync_p99_ms: Vec::new(),
        }
    }

    pub(super) fn found(&mut self, name: &str, filled: &Filled) {
        let filled_in_seconds = filled.took.map(|took| took.as_secs());
        self.databases.push(Database {
            name: name.to_owned(),
            mebibytes: filled.bytes >> 20,
            filled_in_seconds,
        });
    }

    /// Adds a round, by figure and size.
    pub(super) fn add(&mut self, figures: &[Figure], round: Vec<Vec<Sample>>) {
        for (figure, by_size) in figures.iter().zip(round) {
            let index = self.figures.iter().position(|known| known.figure == *figure).unwrap_or_else(|| {
                self.figures.push(Measured { figure: *figure, samples: vec![Vec::new(); by_size.len()] });
                self.figures.len() - 1
            });
            for (known, sample) in self.figures[index].samples.iter_mut().zip(by_size) {
                known.push(sample);
            }
        }
    }

    pub(super) fn add_publishes(&mut self, round: [Sample; 2]) {
        for (known, sample) in self.publishes.iter_mut().zip(round) {
            known.push(sample);
        }
    }

    pub(super) fn add_upkeep(&mut self, round: [Batches; 2]) {
        for (known, batches) in self.upkeep.iter_mut().zip(round) {
            known.push(batches);
        }
    }

    pub(super) fn add_disk(&mut self, fdatasync_p99_ms: f64) {
        self.fdatasync_p99_ms.push(fdatasync_p99_ms);
    }

    /// The same as JSON, on one line.
    pub fn json(&self) -> Result<String> {
        let of_figure = |measured: &Measured| {
            let name = measured.figure.to_string();
            let sizes = self.sizes.iter().zip(&measured.samples);
            sizes.map(|(size, samples)| JsonRow::new(name.clone(), *size, samples)).collect::<Vec<_>>()
        };
        let publishes = self.campuses().into_iter().zip(&self.publishes);
        let publishes = publishes.filter(|(_, samples)| !samples.is_empty());
        let publishes =
            publishes.map(|(size, samples)| JsonRow::new("publish to a campus".into(), size, samples));
        let upkeep = UPKEEP.into_iter().zip(&self.upkeep).filter(|(_, batches)| !batches.is_empty());
        let upkeep = upkeep.map(|(name, batches)| {
            let samples: Vec<Sample> = batches.iter().map(|batches| batches.sample).collect();
            JsonRow::new(name.into(), self.sizes[1], &samples)
        });
        Ok(serde_json::to_string(&Json {
            benchmark: "history",
            cores: available_parallelism().ok().map(usize::from),
            quick: self.quick,
            rounds: self.rounds,
            databases: &self.databases,
            figures: self.figures.iter().flat_map(of_figure).chain(publishes).chain(upkeep).collect(),
            bars: self.bars(),
            fdatasync_p99_ms: &self.fdatasync_p99_ms,
        })?)
    }

    fn campuses(&self) -> [u32; 2] {
        [u32::try_from(super::fill::SMALL).unwrap_or_default(), self.members]
    }

    fn samples(&self, person: Person, ask: Ask) -> Option<&[Vec<Sample>]> {
        let found = self.figures.iter().find(|known| known.figure == Figure { person, ask });
        found.map(|found| found.samples.as_slice())
    }

    fn bars(&self) -> Vec<Bar> {
        let (Some(smallest), Some(largest)) = (self.sizes.first(), self.sizes.last()) else {
            return Vec::new();
        };
        let mut bars = Vec::new();
        for ask in [Ask::FirstPage, Ask::Unread, Ask::OneType, Ask::MarkOne, Ask::MarkAll] {
            // The reader's feed alone is of the same length in all.
            let figure = Figure { person: Person::Reader, ask };
            if let Some([first, .., last]) = self.samples(figure.person, ask) {
                let name = format!("{figure}, p99 of {} by that of {}", short(*largest), short(*smallest));
                bars.push(Bar::times(name, 1.5, rounds(last, p99), rounds(first, p99)));
            }
        }
        for person in Person::ALL {
            let pages = self.samples(person, Ask::DeepPage).zip(self.samples(person, Ask::FirstPage));
            if let Some(([.., deep], [.., first])) = pages {
                let name = |what| {
                    format!("{}: deep page by first page of {}, {what}", person.key(), short(*largest))
                };
                bars.push(Bar::times(name("p99"), 1.2, rounds(deep, p99), rounds(first, p99)));
                bars.push(Bar::times(name("p50"), 1.2, rounds(deep, p50), rounds(first, p50)));
            }
        }
        let busy = [Ask::MutedPage, Ask::Nothing, Ask::MutedUnread].map(|ask| (Person::Busy, ask));
        let words = [Ask::Rare, Ask::Frequent].map(|ask| (Person::Reader, ask));
        let busy_words = [Ask::Rare, Ask::Frequent].map(|ask| (Person::Busy, ask));
        for (person, ask) in busy.into_iter().chain(words).chain(busy_words) {
            if let Some([.., last]) = self.samples(person, ask) {
                let name = format!("{}, p99 of {}, ms", Figure { person, ask }, short(*largest));
                bars.push(Bar::within(name, 20.0, rounds(last, p99)));
            }
        }
        let deletions: Vec<Sample> = self.upkeep[0].iter().map(|batches| batches.sample).collect();
        if !deletions.is_empty() {
            bars.push(Bar::within(format!("{}, p99, ms", UPKEEP[0]), 5.0, rounds(&deletions, p99)));
        }
        let [small, large] = &self.publishes;
        if !small.is_empty() {
            let name = |what| {
                format!(
                    "publish to {} members by publish to {}, {what}",
                    short(self.members),
                    super::fill::SMALL
                )
            };
            bars.push(Bar::times(name("p50"), 1.1, rounds(large, p50), rounds(small, p50)));
            bars.push(Bar::times(name("p99"), 1.1, rounds(large, p99), rounds(small, p99)));
        }
        bars
    }
}

impl JsonRow {
    fn new(name: String, size: u32, samples: &[Sample]) -> Self {
        Self {
            name,
            size,
            calls: samples.iter().map(|sample| sample.calls).sum(),
            cold_ms: over_rounds(samples, |sample| sample.cold_ms),
            p50_ms: over_rounds(samples, |sample| sample.p50_ms),
            p99_ms: over_rounds(samples, |sample| sample.p99_ms),
            cpu_ms: over_rounds(samples, |sample| sample.cpu_ms),
            p50_rounds: samples.iter().filter_map(|sample| sample.p50_ms).collect(),
            p99_rounds: samples.iter().filter_map(|sample| sample.p99_ms).collect(),
        }
    }
}

fn p50(sample: &Sample) -> Option<f64> {
    sample.p50_ms
}

fn p99(sample: &Sample) -> Option<f64> {
    sample.p99_ms
}

/// One figure of each round.
fn rounds(samples: &[Sample], pick: fn(&Sample) -> Option<f64>) -> impl Iterator<Item = Option<f64>> {
    samples.iter().map(pick)
}

fn over_rounds(samples: &[Sample], pick: fn(&Sample) -> Option<f64>) -> Option<f64> {
    median(samples.iter().filter_map(pick))
}

/// 10k, 1M
fn short(size: u32) -> String {
    match size {
        1_000_000.. if size.is_multiple_of(1_000_000) => format!("{}M", size / 1_000_000),
        1_000.. if size.is_multiple_of(1_000) => format!("{}k", size / 1_000),
        _ => size.to_string(),
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cores = available_parallelism().map_or(0, usize::from);
        let quick = if self.quick { ", a quick run" } else { "" };
        let (rounds, folder) = (self.rounds, &self.folder);
        writeln!(f, "history: medians of {rounds} rounds, {cores} cores, databases in {folder}{quick}")?;
        for Database { name, mebibytes, filled_in_seconds } in &self.databases {
            let filled = filled_in_seconds
                .map(|seconds| format!(", filled or moved in {seconds} s"))
                .unwrap_or_default();
            writeln!(f, "    {name}: {mebibytes} MiB{filled}")?;
        }
        if !self.figures.is_empty() {
            writeln!(f, "\n{}", self.table())?;
        }
        let [small, large] = &self.publishes;
        if !small.is_empty() {
            let mut table = Table::new(&["milliseconds", "p50", "p99"]);
            for (members, samples) in self.campuses().into_iter().zip([small, large]) {
                table.push(vec![
                    format!("publish to a campus of {}", short(members)),
                    number(over_rounds(samples, |sample| sample.p50_ms)),
                    number(over_rounds(samples, |sample| sample.p99_ms)),
                ]);
            }
            writeln!(f, "{table}")?;
        }
        if !self.upkeep[0].is_empty() {
            let mut table = Table::new(&["milliseconds", "p50", "p99", "most"]);
            for (name, batches) in UPKEEP.into_iter().zip(&self.upkeep) {
                let samples: Vec<Sample> = batches.iter().map(|batches| batches.sample).collect();
                table.push(vec![
                    name.to_owned(),
                    number(over_rounds(&samples, |sample| sample.p50_ms)),
                    number(over_rounds(&samples, |sample| sample.p99_ms)),
                    number(batches.iter().filter_map(|batches| batches.most_ms).reduce(f64::max)),
                ]);
            }
            writeln!(f, "{table}")?;
        }
        if let Some(disk) = median(self.fdatasync_p99_ms.iter().copied()) {
            let rounds: Vec<String> = self.fdatasync_p99_ms.iter().map(|&p99| number(Some(p99))).collect();
            writeln!(
                f,
                "the disk's own fdatasync, p99: {} ms ({})\n",
                number(Some(disk)),
                rounds.join(", ")
            )?;
        }
        self.bars().iter().try_for_each(|bar| writeln!(f, "{bar}"))
    }
}

impl Report {
    fn table(&self) -> Table {
        let mut head = vec!["milliseconds".to_owned()];
        for size in &self.sizes {
            let size = short(*size);
            head.push(format!("{size}: p50"));
            head.extend(["p99", "CPU", "cold"].map(str::to_owned));
        }
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let mut table = Table::new(&head);
        for Measured { figure, samples } in &self.figures {
            let mut row = vec![figure.to_string()];
            for samples in samples {
                row.push(number(over_rounds(samples, |sample| sample.p50_ms)));
                row.push(number(over_rounds(samples, |sample| sample.p99_ms)));
                row.push(number(over_rounds(samples, |sample| sample.cpu_ms)));
                row.push(number(over_rounds(samples, |sample| sample.cold_ms)));
            }
            table.push(row);
        }
        table
    }
}
