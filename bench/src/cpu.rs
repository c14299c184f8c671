//! CPU time of a process: the figure that other people's work on the same machine leaves alone.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// User and system time of a process with all of its threads, as exact as the kernel counts (10 ms, as a rule).
///
/// Source: proc(5), `/proc/pid/stat`, fields 14 and 15.
pub fn time_of(pid: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))
        .with_context(|| format!("failed to read the CPU time of process {pid}"))?;
    let ticks = ticks_in(&stat).context("/proc/pid/stat is not as documented")?;
    let per_second = rustix::param::clock_ticks_per_second().max(1);
    Ok(Duration::from_micros(ticks * 1_000_000 / per_second))
}

fn ticks_in(stat: &str) -> Option<u64> {
    // Field 2 is the command's name in parentheses, which may hold spaces; field 3 comes right behind it.
    let (_, from_third) = stat.rsplit_once(") ")?;
    let mut times = from_third.split(' ').skip(14 - 3);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_spaces_do_not_shift_the_fields() {
        let stat = "77 (a) b) S 1 77 77 0 -1 4194560 100 0 0 0 25 17 0 0 20 0 4 0 1000";
        assert_eq!(ticks_in(stat), Some(42));
        assert_eq!(ticks_in("77 (a) S 1"), None);
    }

    #[test]
    fn this_process_has_a_time() {
        assert!(time_of(std::process::id()).is_ok());
    }
}
