//! The scenes: each sets up what some rows of the table need.

mod campus;
mod campuses;
mod many;
mod memory;
mod personal;
mod returning;
mod selections;
mod servers;
mod stalled;

use anyhow::Result;

use super::bench::Bench;
use super::report::Row;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scene {
    /// Thousands of sockets on one campus.
    Campus,
    /// Fewer.
    SmallCampus,
    /// Ten selections instead of one.
    Selections,
    /// Three campuses instead of one.
    Campuses,
    /// Two servers instead of one.
    Servers,
    /// One recipient among many.
    Personal,
    /// As many sockets as there can be.
    Many,
    /// What a socket costs that is not told anything.
    Memory,
    /// The same over TLS.
    MemoryTls,
    /// Everyone comes back at once.
    Returning,
    /// Many stop to read for a while.
    Stalled,
}

impl Scene {
    /// In the order in which they are played.
    pub(super) const ALL: [Self; 11] = [
        Self::Campus,
        Self::SmallCampus,
        Self::Selections,
        Self::Campuses,
        Self::Servers,
        Self::Personal,
        Self::Many,
        Self::Memory,
        Self::MemoryTls,
        Self::Returning,
        Self::Stalled,
    ];

    /// As it is chosen on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Campus => "one-campus",
            Self::SmallCampus => "small-campus",
            Self::Selections => "selections",
            Self::Campuses => "three-campuses",
            Self::Servers => "two-servers",
            Self::Personal => "personal",
            Self::Many => "many-sockets",
            Self::Memory => "memory-plain",
            Self::MemoryTls => "memory-tls",
            Self::Returning => "returning",
            Self::Stalled => "stalled",
        }
    }

    /// Plays it.
    pub(super) async fn play(self, bench: &Bench) -> Result<Vec<Row>> {
        match self {
            Self::Campus => campus::play(bench, bench.scale.crowd, true).await,
            Self::SmallCampus => campus::play(bench, bench.scale.small_crowd, false).await,
            Self::Selections => selections::play(bench).await,
            Self::Campuses => campuses::play(bench).await,
            Self::Servers => servers::play(bench).await,
            Self::Personal => personal::play(bench).await,
            Self::Many => many::play(bench).await,
            Self::Memory => memory::play(bench).await,
            Self::MemoryTls => memory::play_over_tls(bench).await,
            Self::Returning => returning::play(bench).await,
            Self::Stalled => stalled::play(bench).await,
        }
    }
}
