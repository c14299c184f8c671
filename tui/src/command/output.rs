//! The standard output, as scripts want it: whole lines, at once, and no complaint when nobody reads any more.

use std::io::{self, IsTerminal, Write};

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
    pub(super) fn choose(json: bool, plain: bool) -> Self {
        if json || (!plain && !io::stdout().is_terminal()) { Self::Json } else { Self::Plain }
    }
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
    let pipe = io::stdout().as_fd().try_clone_to_owned().and_then(Sender::from_owned_fd_unchecked);
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
    fn a_closed_pipe_is_an_end_and_no_error() {
        assert!(!print(&mut Closed, "x").unwrap());
        let mut open = Vec::new();
        assert!(print(&mut open, "x").unwrap());
        assert_eq!(open, b"x\n");
    }
}
