//! What is shipped for deployment is what the tools that read it understand.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use campanile_tests::{
    balancer, binaries,
    program::{Ended, Program},
};
use tokio::process::Command;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

async fn run(name: &str, command: Command) -> Result<Ended> {
    Program::start_command(name, command)?.end().await
}

#[tokio::test]
async fn caddy_understands_the_balancers_configuration_and_would_format_it_so() -> Result<()> {
    let validated =
        balancer::command(&["validate", "--config", balancer::CONFIGURATION, "--adapter", "caddyfile"]);
    let Ended { status, stderr, .. } = run("caddy", validated).await?;
    assert!(status.success(), "{stderr}");
    let formatted = run("caddy", balancer::command(&["fmt", balancer::CONFIGURATION])).await?;
    assert_eq!(formatted.stdout, fs::read_to_string(balancer::CONFIGURATION)?);
    Ok(())
}

#[tokio::test]
async fn systemd_understands_the_unit_and_finds_little_to_harden() -> Result<()> {
    let home = tempfile::tempdir()?;
    let shipped = fs::read_to_string(root().join("deploy/campanile-server.service"))?;
    let installed = "/usr/local/bin/campanile-server";
    assert!(shipped.contains(installed));
    // It looks whether the program is there.
    let built = binaries::path(binaries::SERVER)?;
    let built = built.to_str().context("not text")?;
    let unit = home.path().join("campanile-server.service");
    fs::write(&unit, shipped.replace(installed, built))?;
    let unit = unit.to_str().context("not text")?;

    let mut verify = Command::new("systemd-analyze");
    verify.args(["verify", "--man=no", unit]);
    let Ended { status, stderr, .. } = run("systemd-analyze", verify).await?;
    assert!(status.success() && !stderr.contains(unit), "{stderr}");
    let mut security = Command::new("systemd-analyze");
    // In tenths: 10 is as exposed as can be.
    security.args(["security", "--offline=true", "--threshold=20", "--no-pager", unit]);
    let Ended { status, stdout, .. } = run("systemd-analyze", security).await?;
    assert!(status.success(), "{stdout}");
    Ok(())
}

#[tokio::test]
async fn compose_understands_its_file_and_asks_for_what_it_needs() -> Result<()> {
    // Where there is no `.env` beside it.
    let home = tempfile::tempdir()?;
    let file = home.path().join("compose.yaml");
    fs::copy(root().join("compose.yaml"), &file)?;
    let file = file.to_str().context("not text")?;
    let config = |secrets: &[(&str, &str)]| {
        let mut command = Command::new("docker-compose");
        let path = std::env::var_os("PATH").unwrap_or_default();
        // It is run by nobody's settings.
        command.args(["--file", file, "config"]).env_clear().env("PATH", path).envs(secrets.iter().copied());
        command
    };
    let secrets =
        [("POSTGRES_PASSWORD", "letmein"), ("CAMPANILE_JWT_SECRET", "0123456789abcdef0123456789abcdef")];
    let Ended { status, stdout, stderr } = run("docker-compose", config(&secrets)).await?;
    assert!(status.success(), "{stderr}");
    assert_eq!(stdout.matches("postgres://campanile:letmein@postgres/campanile").count(), 2, "{stdout}");
    let Ended { status, stderr, .. } = run("docker-compose", config(&secrets[..1])).await?;
    assert!(!status.success() && stderr.contains("CAMPANILE_JWT_SECRET"), "{stderr}");
    Ok(())
}
