//! What the environment and the command line say of a run.

use std::env;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// How to run a benchmark.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `CAMPANILE_BENCH_DIR`: where the databases are made, and the disk is measured. By default beside the build.
    pub folder: PathBuf,
    /// `CAMPANILE_BENCH_ROUNDS`, by default 3, or 1 in a quick run: how often everything is measured.
    pub rounds: u32,
    /// `CAMPANILE_BENCH_SECONDS`, where that is not the benchmark's own choice: one figure of one round takes no longer,
    /// set-up aside.
    pub at_most: Duration,
    /// `CAMPANILE_BENCH_QUICK`, where that is 1: a first look, in less time and with less of everything.
    pub quick: bool,
    /// `CAMPANILE_BENCH_SOCKETS`: no crowd is larger. By default as large as it should be.
    pub sockets: u32,
    /// `CAMPANILE_BENCH_DATABASE`, where that is `postgres`: history is read from there.
    pub on_postgres: bool,
    /// Arguments, as in `cargo bench -- baseline log`: only figures whose names hold one of these; all, if there is none.
    pub only: Vec<String>,
    /// The build's folder for this profile: where the server's executable is, once it is built.
    pub build: PathBuf,
}

impl Settings {
    /// As the environment and the command line say; `at_most` and, where it is quick, `at_most_quick` where they do not.
    pub fn from_env(at_most: Duration, at_most_quick: Duration) -> Result<Self> {
        let executable = env::current_exe().context("failed to find the benchmark's own executable")?;
        let build = executable.ancestors().nth(2).map(Path::to_owned);
        let build = build.context("the benchmark is not in a target folder")?;
        let quick = number("CAMPANILE_BENCH_QUICK", 0)? == 1;
        let (rounds, at_most) = if quick { (1, at_most_quick) } else { (3, at_most) };
        Ok(Self {
            folder: env::var_os("CAMPANILE_BENCH_DIR").map_or_else(|| build.clone(), PathBuf::from),
            rounds: number("CAMPANILE_BENCH_ROUNDS", rounds)?.max(1),
            at_most: Duration::from_secs(number("CAMPANILE_BENCH_SECONDS", at_most.as_secs())?),
            quick,
            sockets: number("CAMPANILE_BENCH_SOCKETS", u32::MAX)?,
            on_postgres: env::var_os("CAMPANILE_BENCH_DATABASE").is_some_and(|kind| kind == "postgres"),
            // Cargo itself adds `--bench`.
            only: env::args().skip(1).filter(|word| !word.starts_with('-')).collect(),
            build,
        })
    }

    /// Whether the figure of this name is asked for.
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| name.contains(word))
    }
}

fn number<T>(name: &str, default: T) -> Result<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    match env::var(name) {
        Ok(text) => text.parse().with_context(|| format!("{name} is not a number")),
        Err(_) => Ok(default),
    }
}
