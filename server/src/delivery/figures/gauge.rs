//! How many of something there are now.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many of something there are now.
#[derive(Default)]
pub(super) struct Gauge(Arc<AtomicU64>);

/// Counts as one, until it is dropped.
#[derive(Debug)]
#[must_use = "it counts for as long as it is held"]
pub struct Counted(Arc<AtomicU64>);

impl Gauge {
    pub(super) fn enter(&self) -> Counted {
        self.0.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(&self.0))
    }

    pub(super) fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
