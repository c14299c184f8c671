//! Descriptors: a socket is one, and a process may hold only so many.

use anyhow::{Context as _, Result};
use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises how many this process, and whatever it starts, may hold, to the most that it is allowed; gives that number.
pub fn raise() -> Result<u64> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).context("failed to raise the number of descriptors")?;
    Ok(limit.current.unwrap_or(u64::MAX))
}
