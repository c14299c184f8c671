//! The standard output, as scripts want it: whole lines, at once, and no complaint when nobody reads any more.

use std::io::{self, IsTerminal, Write, stdout};

use serde::Serialize;
use serde_json::Value;

use crate::{cli::Output, config::Settings, sanitise, text};

/// Prints for people, or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// A JSON object on each line.
    Json,
    /// A line of text.
    Plain,
}

impl Format {
    /// As it is asked for, else by where it goes.
    pub(super) fn choose(output: Output) -> Self {
        if output.json || (!output.plain && !stdout().is_terminal()) { Self::Json } else { Self::Plain }
    }
}

/// What came of a command, for whoever asked: in either format, unless they want no word.
pub(super) struct Printer<W = io::Stdout> {
    pub(super) format: Format,
    quiet: bool,
    out: W,
}

impl Printer {
    /// To the standard output.
    pub(super) fn new(output: Output) -> Self {
        Self { format: Format::choose(output), quiet: output.quiet, out: stdout() }
    }
}

impl<W: Write> Printer<W> {
    /// A line of JSON, or these for people. Says whether anyone reads on.
    pub(super) fn say(
        &mut self,
        value: &impl Serialize,
        plain: impl FnOnce() -> Vec<String>,
    ) -> io::Result<bool> {
        if self.quiet {
            return Ok(true);
        }
        let lines = match self.format {
            Format::Json => vec![json(value)],
            Format::Plain => plain(),
        };
        for line in lines {
            if !print(&mut self.out, &line)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// As the API has it, with nothing in it that a terminal obeys.
fn json(value: &impl Serialize) -> String {
    // What is printed comes from GraphQL, of which every value is JSON.
    sanitise::json(serde_json::to_value(value).unwrap_or(Value::Null)).to_string()
}

/// Says something on the standard error, for whoever reads it; nothing is wrong where nobody does.
pub(super) fn note(settings: &Settings, text: impl std::fmt::Display) {
    if !settings.quiet {
        let _ = writeln!(io::stderr(), "campanile: {text}");
    }
}

/// Rows as columns, each as wide as its widest cell, two spaces apart; the last one ends where it ends.
pub(super) fn table(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| text::width(cell)).max();
    let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - text::width(cell) + 2));
        }
        line.truncate(line.trim_end().len());
        line
    };
    rows.iter().map(line).collect()
}

/// Prints a line, now. Says whether anyone reads on.
pub(super) fn print(writer: &mut impl Write, line: &str) -> io::Result<bool> {
    match writeln!(writer, "{line}").and_then(|()| writer.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(error),
    }
}

/// Resolves when whoever reads the standard output has gone, so that a quiet feed ends with its pipe too. Never
/// resolves where that cannot be known: on a file, say.
#[cfg(unix)]
pub(super) async fn reader_gone() {
    use std::os::fd::AsFd;
    use tokio::{io::Interest, net::unix::pipe::Sender};
    // A duplicate, for watching only. Unchecked, because the checked way makes the pipe non-blocking for all who share
    // it; what is no pipe is refused by the poller, or never tells anything.
    let pipe = stdout().as_fd().try_clone_to_owned().and_then(Sender::from_owned_fd_unchecked);
    if let Ok(pipe) = pipe
        && pipe.ready(Interest::ERROR).await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

/// Never resolves: this cannot be known here.
#[cfg(not(unix))]
pub(super) async fn reader_gone() {
    std::future::pending::<()>().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn columns_are_as_wide_as_they_must_be() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["日本", "1", "x"]), row(["a", "23", "longer"])];
        assert_eq!(table(&rows), ["日本  1   x", "a     23  longer"]);
    }

    #[test]
    fn who_wants_no_word_gets_none() {
        let mut printer = Printer { format: Format::Plain, quiet: true, out: Vec::new() };
        assert!(printer.say(&1, || vec!["one".into()]).unwrap());
        assert_eq!(printer.out, b"");
        let mut printer = Printer { quiet: false, format: Format::Json, ..printer };
        assert!(printer.say(&"a\u{1b}b", || vec!["one".into()]).unwrap());
        assert_eq!(printer.out, b"\"ab\"\n");
    }

    #[test]
    fn a_closed_pipe_is_an_end_and_no_error() {
        assert!(!print(&mut Closed, "x").unwrap());
        let mut open = Vec::new();
        assert!(print(&mut open, "x").unwrap());
        assert_eq!(open, b"x\n");
    }
}
