//! Memory of a process.

use std::fs;

use anyhow::{Context as _, Result};

/// Its PSS in KiB: what it has in memory, of pages that it shares with others only its share.
///
/// Source: proc(5), `/proc/pid/smaps_rollup`.
pub fn pss_kib(pid: u32) -> Result<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))
        .with_context(|| format!("failed to read the memory of process {pid}"))?;
    pss_in(&rollup).context("/proc/pid/smaps_rollup is not as documented")
}

fn pss_in(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pss_is_not_one_of_its_parts() {
        let rollup =
            "00400000-7ffd [rollup]\nRss:    900 kB\nPss:    884 kB\nPss_Dirty:  72 kB\nPss_Anon:  71 kB\n";
        assert_eq!(pss_in(rollup), Some(884));
        assert_eq!(pss_in("Rss: 900 kB\n"), None);
    }

    #[test]
    fn this_process_has_some() {
        assert!(pss_kib(std::process::id()).unwrap() > 0);
    }
}
