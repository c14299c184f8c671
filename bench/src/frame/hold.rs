//! Memory: a process that has nothing but a feed and a frame of it.

use std::env;
use std::process::Stdio;

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;

use super::{draw, feed};
use crate::memory;

/// What this executable is called with to be that process.
const FLAG: &str = "--hold";

/// Is that process, if it was started as one: prints how much it holds. Says whether it was.
pub fn hold() -> Result<bool> {
    let mut arguments = env::args().skip_while(|argument| argument != FLAG);
    let Some(size) = arguments.nth(1) else {
        return Ok(false);
    };
    let model = feed::of(size.parse().context("--hold wants a number")?);
    draw::frame(&model)?;
    println!("{}", memory::pss_kib(std::process::id())?);
    Ok(true)
}

/// What a process with a feed of this size holds, in KiB.
pub(super) async fn measure(size: u32) -> Result<u64> {
    let mut command =
        Command::new(env::current_exe().context("failed to find the benchmark's own executable")?);
    command.args([FLAG, &size.to_string()]).stderr(Stdio::inherit());
    let output = command.output().await.context("failed to start a process that holds a feed")?;
    ensure!(output.status.success(), "a process that was to hold a feed ended with {}", output.status);
    String::from_utf8(output.stdout)?.trim().parse().context("it did not say how much it holds")
}
