//! `campanile completions` and `campanile man`: what shells and `man` want to know, made from the command line itself.

use std::{
    io::{self, Write, stdout},
    path::Path,
};

use clap::CommandFactory;

use super::CommandError;
use crate::cli::Cli;

/// Prints the completions for a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<(), CommandError> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "campanile", &mut script);
    whole(&script)
}

/// Prints the first manual page, or writes one for each command into a folder.
pub(super) fn pages(out: Option<&Path>) -> Result<(), CommandError> {
    if let Some(folder) = out {
        std::fs::create_dir_all(folder)?;
        return Ok(clap_mangen::generate_to(Cli::command(), folder)?);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    whole(&page)
}

/// A pipe that nobody reads to its end is no failure.
fn whole(bytes: &[u8]) -> Result<(), CommandError> {
    match stdout().write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
