//! What the dashboard knows: the last reading.

use crate::{filter::Filter, model::shared::Shared};

/// The screen's model.
#[derive(Debug, Default)]
pub struct Dashboard {
    /// The last reading; none before the first.
    pub reading: Option<Reading>,
    /// Why there is none now.
    pub fault: Option<String>,
    /// Which subscription readings are taken from; those of an earlier one are old news.
    pub generation: u64,
    /// It is on the screen.
    pub shown: bool,
    /// What the campuses are narrowed to.
    pub filter: Filter,
    /// Rows that it is scrolled down by.
    pub scroll: u16,
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
    /// The campuses that are shown: the chosen one, or those that the filter leaves.
    pub fn campuses(&self, shared: &Shared) -> Vec<&Campus> {
        let chosen = |campus: &&Campus| shared.campus.as_deref().is_none_or(|key| campus.key == key);
        let campuses = self.reading.iter().flat_map(|reading| &reading.campuses);
        campuses.filter(chosen).filter(|campus| self.filter.matches(&campus.name)).collect()
    }
}
