//! What the dashboard knows: the last reading, and the rates of the last minutes.

use chrono::{DateTime, TimeDelta, Utc};

use super::history::History;
use crate::{filter::Filter, model::shared::Shared};

/// How often numbers can be asked for, in seconds.
pub(super) const INTERVALS: [i32; 6] = [1, 2, 5, 10, 30, 60];

/// So many readings may be late before the last is said to be old.
const LATE: i32 = 3;

/// The screen's model.
#[derive(Debug)]
pub struct Dashboard {
    /// The last reading; none before the first.
    pub reading: Option<Reading>,
    /// When that came.
    pub read_at: Option<DateTime<Utc>>,
    /// The rates of the last ten minutes.
    pub history: History,
    /// From one reading to the next, in seconds: one of [`INTERVALS`].
    pub interval: i32,
    /// What the campuses are sorted by.
    pub sort: Sort,
    /// The other way round.
    pub reversed: bool,
    /// Why there is none now.
    pub fault: Option<String>,
    /// When to ask again after that; none where it would not help.
    pub retry_at: Option<DateTime<Utc>>,
    /// Which subscription readings are taken from; those of an earlier one are old news.
    pub generation: u64,
    /// It is on the screen.
    pub shown: bool,
    /// What the campuses are narrowed to.
    pub filter: Filter,
    /// Rows that the campuses are scrolled down by.
    pub scroll: u16,
}

impl Default for Dashboard {
    fn default() -> Self {
        Self {
            reading: None,
            read_at: None,
            history: History::default(),
            interval: INTERVALS[0],
            sort: Sort::Name,
            reversed: false,
            fault: None,
            retry_at: None,
            generation: 0,
            shown: false,
            filter: Filter::default(),
            scroll: 0,
        }
    }
}

/// What campuses can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// From A to Z.
    Name,
    /// The most first.
    Connections,
    /// The most first.
    Published,
}

impl Sort {
    /// The next column.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Name => Self::Connections,
            Self::Connections => Self::Published,
            Self::Published => Self::Name,
        }
    }
}

/// How much went on at one moment. What is not there, the viewer may not see.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Sockets and streams that are open.
    pub connections: Option<i32>,
    /// Feeds and other subscriptions that are open.
    pub subscriptions: Option<i32>,
    /// Feeds that read what they missed.
    pub catching_up: Option<i32>,
    /// Servers that work together.
    pub servers: Option<i32>,
    /// Over the last ten seconds.
    pub published_per_second: Option<f64>,
    /// Since the server started.
    pub published_total: Option<f64>,
    /// Over the last ten seconds.
    pub delivered_per_second: Option<f64>,
    /// Since the server started.
    pub delivered_total: Option<f64>,
    /// From commit to the socket.
    pub latency: Option<Latency>,
    /// Each campus by itself.
    pub campuses: Vec<Campus>,
}

/// Over the last minute, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Latency {
    /// Half took no longer.
    pub p50: f64,
    /// Nine tenths took no longer.
    pub p90: f64,
    /// All but one in a hundred took no longer.
    pub p99: f64,
    /// None took longer.
    pub max: f64,
}

/// A campus in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campus {
    /// The platform's own.
    pub key: String,
    /// For people.
    pub name: String,
    /// Feeds of its members that are open.
    pub connections: i32,
    /// Notifications to the whole campus in the last hour.
    pub published_last_hour: i32,
}

impl Dashboard {
    /// The numbers are not those of now: the connection is lost, or they have not come for a while.
    pub fn is_stale(&self, shared: &Shared) -> bool {
        let patience = TimeDelta::seconds((LATE * self.interval).into());
        let late = self.read_at.is_some_and(|at| shared.now - at > patience);
        !shared.link.is_up() || self.fault.is_some() || late
    }

    /// The campuses that are shown, as they are sorted: the chosen one, or those that the filter leaves.
    pub fn campuses(&self, shared: &Shared) -> Vec<&Campus> {
        let chosen = |campus: &&Campus| shared.campus.as_deref().is_none_or(|key| campus.key == key);
        let campuses = self.reading.iter().flat_map(|reading| &reading.campuses);
        let mut shown: Vec<_> =
            campuses.filter(chosen).filter(|campus| self.filter.matches(&campus.name)).collect();
        shown.sort_by_cached_key(|campus| (campus.name.to_lowercase(), campus.key.clone()));
        match self.sort {
            Sort::Name => {}
            Sort::Connections => shown.sort_by_key(|campus| std::cmp::Reverse(campus.connections)),
            Sort::Published => shown.sort_by_key(|campus| std::cmp::Reverse(campus.published_last_hour)),
        }
        if self.reversed {
            shown.reverse();
        }
        shown
    }
}
