//! The disk alone: what every durable write has to wait for.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

/// Times that are taken in one measurement.
const TIMES: u32 = 500;
/// linux/magic.h: file systems in memory, whose syncs cost nothing.
const TMPFS: u64 = 0x0102_1994;
const RAMFS: u64 = 0x8584_58f6;

/// Refuses a folder that is in memory: figures from there would say nothing of durable writes.
pub fn check_is_real(folder: &Path) -> Result<()> {
    let system = rustix::fs::statfs(folder)
        .with_context(|| format!("failed to look at the file system of {}", folder.display()))?;
    let kind = u64::try_from(system.f_type).unwrap_or_default();
    ensure!(
        kind != TMPFS && kind != RAMFS,
        "{} is in memory; set CAMPANILE_BENCH_DIR to a folder on a disk",
        folder.display()
    );
    Ok(())
}

/// Appends 4 KiB to a file and waits for fdatasync, over and over, for no longer than `at_most`. Blocks.
pub fn append_and_sync(folder: &Path, at_most: Duration) -> Result<Vec<Duration>> {
    let path = folder.join("fdatasync");
    let mut file = File::create(&path).context("failed to make a file to sync")?;
    let (page, began) = ([0x5a; 4096], Instant::now());
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let from = Instant::now();
        file.write_all(&page)?;
        file.sync_data()?;
        times.push(from.elapsed());
        if began.elapsed() > at_most {
            break;
        }
    }
    std::fs::remove_file(path)?;
    Ok(times)
}
