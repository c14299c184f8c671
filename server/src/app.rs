//! Configuration and commands, and how a server is put together, started and stopped.

mod aging;
pub mod config;
mod copy;
mod demo;
mod indexing;
mod running;
mod secret;
mod serve;
mod token;
mod types;

use std::process::ExitCode;

use clap::Parser as _;

use config::{Cli, Command};

use crate::store::most_readers;

/// What ends a command: one line for whoever typed it.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs `campanile-server` as its command line says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        None => block_on(cli.serve.database.connections(), serve::serve(cli.serve)),
        Some(Command::Serve(options)) => block_on(options.database.connections(), serve::serve(*options)),
        Some(Command::Demo(options)) => block_on(most_readers(), demo::demo(*options)),
        Some(Command::Token(options)) => token::print(options),
        Some(Command::Migrate(options)) => block_on(options.connections(), serve::migrate(options)),
        Some(Command::NewEpoch(options)) => block_on(options.connections(), serve::new_epoch(options)),
        Some(Command::Copy(options)) => block_on(most_readers(), copy::copy(options)),
        Some(Command::Schema) => {
            print_all(&crate::graphql::sdl());
            Ok(())
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("campanile-server: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Threads for what blocks, beside one for each connection that reads the database: the writer, whoever looks at a
/// certificate, and somebody to spare.
const OTHERS_THAT_BLOCK: usize = 4;

fn block_on(readers: usize, command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    // Each thread takes memory of its own; more than can have something to do would be started in every rush.
    let blocking = readers + OTHERS_THAT_BLOCK;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.enable_all().max_blocking_threads(blocking).build()?.block_on(command)
}

/// Prints to a reader that may not want all of it: `schema | head`.
fn print_all(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stdout().write_all(text.as_bytes());
}
