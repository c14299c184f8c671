//! Scripts for Node in `tests/node`, which drive what other people wrote: clients, audits, a browser.

use std::path::Path;

use anyhow::{Result, ensure};
use tokio::process::Command;

use crate::program::Program;

/// Starts a script of that folder.
pub fn start(script: &str, arguments: &[&str]) -> Result<Program> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    ensure!(
        folder.join("node_modules").is_dir(),
        "the Node packages are missing: scripts/test installs them"
    );
    let mut command = Command::new("node");
    command.arg(script).args(arguments).current_dir(folder);
    Program::start_command(script, command)
}

/// Waits for a script's end, which is to be a success.
pub async fn succeed(program: Program) -> Result<()> {
    let ended = program.end().await?;
    ensure!(ended.status.success(), "the script failed:\n{}{}", ended.stdout, ended.stderr);
    Ok(())
}
