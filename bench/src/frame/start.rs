//! The start: the real client in a pseudo-terminal of 200×60, from before its process is there until all of its first frame has
//! been written; beside the same binary that only prints its version.
//!
//! The server that it is told of takes connections and says nothing. The terminal says what it is when it is asked, as any does.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use super::feed;

/// In one round.
const STARTS: usize = 20;
/// No start writes more before its first frame is there; nor does the end of the synchronised output come later.
const TOO_MUCH: usize = 1 << 20;
/// What the client asks a terminal for, and what a dark one answers: the colour of its ground, and what it can do.
const ANSWERS: [(&[u8], &[u8]); 2] =
    [(b"\x1b]11;?", b"\x1b]11;rgb:1010/1010/1010\x1b\\"), (b"\x1b[c", b"\x1b[?62;22c")];

/// How long each of so many starts took: until the version was printed, and until the first frame.
pub(super) fn measure(client: &Path) -> Result<[Vec<Duration>; 2]> {
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let server = format!("http://{}", silent.local_addr()?);
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..STARTS {
        times[0].push(once(client, &["--version"], &[b"campanile "])?);
        // Synchronised output: what comes before its end is a whole frame.
        times[1].push(once(
            client,
            &["--server", &server, "--token", "none"],
            &[b"connecting", b"\x1b[?2026l"],
        )?);
    }
    Ok(times)
}

/// Until all of these have been written, one behind the other.
fn once(client: &Path, arguments: &[&str], awaited: &[&[u8]]) -> Result<Duration> {
    let home = tempfile::tempdir()?;
    let size = PtySize { rows: feed::SIZE.height, cols: feed::SIZE.width, ..PtySize::default() };
    let pair = native_pty_system().openpty(size)?;
    let mut command = CommandBuilder::new(client);
    command.args(arguments);
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TERM", "xterm-256color");
    command.env("COLORTERM", "truecolor");
    command.cwd(home.path());
    let (mut output, mut keyboard) = (pair.master.try_clone_reader()?, pair.master.take_writer()?);

    let began = Instant::now();
    let mut child = pair.slave.spawn_command(command)?;
    // Else the end of the child would not be the end of its output.
    drop(pair.slave);
    let mut written = Vec::new();
    let mut buffer = [0; 4096];
    let mut unanswered = ANSWERS.to_vec();
    let took = loop {
        if is_there(&written, awaited) {
            break Ok(began.elapsed());
        }
        match output.read(&mut buffer) {
            Ok(count @ 1..) if written.len() < TOO_MUCH => written.extend_from_slice(&buffer[..count]),
            _ => break Err(written.len()),
        }
        let mut asked = Vec::new();
        unanswered.retain(|(question, answer)| {
            let is_asked = memchr::memmem::find(&written, question).is_some();
            if is_asked {
                asked.extend_from_slice(answer);
            }
            !is_asked
        });
        keyboard.write_all(&asked)?;
        keyboard.flush()?;
    };
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().context("failed to wait for the client's end")?;
    match took {
        Ok(took) => Ok(took),
        Err(bytes) => bail!("after {bytes} bytes the client had not shown a frame"),
    }
}

fn is_there(written: &[u8], awaited: &[&[u8]]) -> bool {
    let mut rest = written;
    awaited.iter().all(|wanted| {
        let found = memchr::memmem::find(rest, wanted);
        rest = found.map_or(&[], |at| &rest[at + wanted.len()..]);
        found.is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_behind_the_other() {
        assert!(is_there(b"a frame, its end", &[b"frame", b"end"]));
        assert!(!is_there(b"an end, a frame", &[b"frame", b"end"]));
    }
}
