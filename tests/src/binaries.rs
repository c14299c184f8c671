//! Where the binaries under test are: beside the test's own executable, in the target folder that cargo built it in.
//!
//! Cargo does not build another package's binaries for a test. `scripts/test` does so first; a test that is run alone
//! builds them here, once, when they are absent, but does not notice that they are out of date.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use anyhow::{Context, Result, ensure};

/// The server.
pub const SERVER: &str = "campanile-server";
/// The terminal client.
pub const CLIENT: &str = "campanile";

/// The path of [`SERVER`] or [`CLIENT`].
pub fn path(name: &str) -> Result<PathBuf> {
    static FOLDER: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| folder_with_binaries().map_err(|error| format!("{error:#}")));
    folder.as_ref().map(|folder| folder.join(name)).map_err(|error| anyhow::anyhow!("{error}"))
}

fn folder_with_binaries() -> Result<PathBuf> {
    let test = env::current_exe().context("failed to find the test's own executable")?;
    let folder = test.ancestors().nth(2).context("the test is not in a target folder")?;
    if ![SERVER, CLIENT].iter().all(|name| folder.join(name).is_file()) {
        build(folder)?;
    }
    Ok(folder.to_owned())
}

fn build(folder: &Path) -> Result<()> {
    let target = folder.parent().context("the target folder has no parent")?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--workspace", "--bins", "--target-dir"])
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .context("failed to run cargo")?;
    ensure!(status.success(), "failed to build the binaries under test: cargo build --workspace --bins");
    Ok(())
}
