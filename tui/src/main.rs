//! The binary `campanile`: reads the command line, runs the command, and tells the shell how it went.

use std::{io::Write, process::ExitCode};

use campanile::{cli::Cli, command};
use clap::Parser;

fn main() -> color_eyre::Result<ExitCode> {
    color_eyre::install()?;
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let result = runtime.block_on(command::run(cli));
    // What is still under way is of no use to anyone now.
    runtime.shutdown_background();
    Ok(match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody may be reading that either.
            let _ = writeln!(std::io::stderr(), "campanile: {error}");
            error.exit_code()
        }
    })
}
