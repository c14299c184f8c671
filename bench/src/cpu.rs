//! CPU time of a process: the figure that other people's work on the same machine leaves alone.

use std::time::Duration;

use anyhow::{Context as _, Result};
use nix::time::ClockId;
use nix::unistd::Pid;

/// User and system time of a process with all of its threads, those that have ended too, to the nanosecond.
///
/// Source: `clock_getcpuclockid(3)`. What the kernel does for a process while it sends, to a socket on loopback the
/// receiver's half as well, is in it.
pub fn time_of(pid: u32) -> Result<Duration> {
    let pid = i32::try_from(pid).context("not a process id")?;
    let clock = ClockId::pid_cpu_clock_id(Pid::from_raw(pid))
        .with_context(|| format!("failed to find the CPU clock of process {pid}"))?;
    let time = clock.now().with_context(|| format!("failed to read the CPU time of process {pid}"))?;
    Ok(Duration::from(time))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn the_time_of_this_process_grows_with_its_work() {
        let (began, before) = (Instant::now(), time_of(std::process::id()).unwrap());
        while time_of(std::process::id()).unwrap() < before + Duration::from_millis(5) {
            assert!(began.elapsed() < Duration::from_secs(10), "its clock stands still");
        }
    }

    #[test]
    fn a_process_that_is_not_there_has_none() {
        // Linux has no process ids above 2^22.
        assert!(time_of((1 << 22) + 1).is_err());
    }
}
