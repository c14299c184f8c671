//! What is measured: the rows of the table.

use std::fmt;
use std::time::Duration;

use crate::load::Load;

/// Events in one call of `ingest`.
pub(super) const EVENTS: u32 = 100;

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// The disk's own fdatasync.
    Disk,
    /// One transaction per publish, on one connection.
    Baseline { keyed: bool },
    /// The log, in this process.
    Log { publishers: u32, keyed: bool },
    /// The log on PostgreSQL, in this process.
    Postgres { publishers: u32, keyed: bool },
    /// The rows of groups as large as the log's on PostgreSQL were, by pgbench on one connection.
    PgBench { keyed: bool },
    /// `broadcastToCampus` over HTTP, one publish a call.
    Broadcast { connections: u32 },
    /// `ingest` over HTTP, [`EVENTS`] a call.
    Ingest { connections: u32 },
}

impl Figure {
    /// All of them, in the order in which they are measured and shown.
    pub(super) fn all() -> Vec<Self> {
        let mut all = vec![Self::Disk];
        for keyed in [false, true] {
            all.push(Self::Baseline { keyed });
        }
        for keyed in [false, true] {
            all.extend([1, 32, 256].map(|publishers| Self::Log { publishers, keyed }));
        }
        for keyed in [false, true] {
            all.extend([Self::Postgres { publishers: 256, keyed }, Self::PgBench { keyed }]);
        }
        all.extend([1, 32, 256].map(|connections| Self::Broadcast { connections }));
        all.extend([1, 8, 32].map(|connections| Self::Ingest { connections }));
        all
    }

    /// Whether it needs a PostgreSQL that is installed.
    pub(super) fn needs_postgres(self) -> bool {
        matches!(self, Self::Postgres { .. } | Self::PgBench { .. })
    }

    /// What it is a multiple of: the baseline that writes the same rows. An ingested event always has a key.
    pub(super) fn baseline(self) -> Option<Self> {
        match self {
            Self::Disk => None,
            Self::Baseline { keyed } | Self::Log { keyed, .. } => Some(Self::Baseline { keyed }),
            Self::Postgres { keyed, .. } | Self::PgBench { keyed } => Some(Self::PgBench { keyed }),
            Self::Broadcast { .. } => Some(Self::Baseline { keyed: false }),
            Self::Ingest { .. } => Some(Self::Baseline { keyed: true }),
        }
    }

    /// How much of it is done: enough for some hundred commits.
    pub(super) fn load(self, at_most: Duration) -> Load {
        let (warm_up, times) = match self {
            Self::Disk | Self::Baseline { .. } | Self::PgBench { .. } => (20, 1_000),
            Self::Log { publishers: n, .. }
            | Self::Postgres { publishers: n, .. }
            | Self::Broadcast { connections: n } => (20, (200 * n).max(1_000)),
            Self::Ingest { connections: n } => (2, (20 * n).max(100)),
        };
        Load { warm_up, times, at_most }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with_key = |keyed: &bool| if *keyed { ", with a key" } else { "" };
        let s = |n: &u32| if *n == 1 { "" } else { "s" };
        match self {
            Self::Disk => f.write_str("disk: append 4 KiB, fdatasync"),
            Self::Baseline { keyed } => write!(f, "baseline: a transaction each{}", with_key(keyed)),
            Self::Log { publishers: n, keyed } => {
                write!(f, "log: {n} publisher{}{}", s(n), with_key(keyed))
            }
            Self::Postgres { publishers: n, keyed } => {
                write!(f, "log on PostgreSQL: {n} publisher{}{}", s(n), with_key(keyed))
            }
            Self::PgBench { keyed } => {
                write!(f, "pgbench on PostgreSQL: groups as large{}", with_key(keyed))
            }
            Self::Broadcast { connections: n } => {
                write!(f, "http: broadcastToCampus, {n} connection{}", s(n))
            }
            Self::Ingest { connections: n } => {
                write!(f, "http: ingest of {EVENTS}, {n} connection{}", s(n))
            }
        }
    }
}
