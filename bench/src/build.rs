//! Builds the binaries that are measured, for release: figures are those of the source as it stands.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;

/// Builds a package's binaries into the folder `build` of a target folder, where that is not so already, and says which
/// folder they are in.
pub async fn release(build: &Path, package: &str) -> Result<PathBuf> {
    let target = build.parent().context("the target folder has no parent")?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // What cargo tells this process about this crate looks like a change to build scripts (ring's), which then build
    // again, and everything that depends on them.
    for (variable, _) in env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&variable);
        }
    }
    // Together with this crate: its dependencies were built with that choice of features, and are not built twice.
    let status = command
        .args(["build", "--release", "--bins", "--quiet"])
        .args(["--package", package, "--package", "campanile-bench"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .await
        .context("failed to run cargo")?;
    ensure!(status.success(), "failed to build {package}");
    Ok(target.join("release"))
}
