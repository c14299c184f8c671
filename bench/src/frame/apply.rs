//! A burst: so many notifications arrive at once, and are taken in one by one.

use std::time::Duration;

use anyhow::Result;

use super::feed;
use crate::cpu;

/// How many.
pub(super) const ARRIVALS: u32 = 10_000;

/// The CPU time that a feed of this size takes for them. Making them, which the network's task does elsewhere, is not in it.
pub(super) fn measure(size: u32) -> Result<Duration> {
    let mut model = feed::of(size);
    let waiting: Vec<_> = (1..=ARRIVALS).map(|number| feed::arrival(&model, size + number)).collect();
    let before = cpu::time_of(std::process::id())?;
    for message in waiting {
        campanile::update::update(&mut model, message);
    }
    Ok(cpu::time_of(std::process::id())?.saturating_sub(before))
}
