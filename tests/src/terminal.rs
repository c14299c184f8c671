//! The terminal client in a pseudo-terminal: keys go in, and a screen can be read.

use std::{
    io::{Read, Write},
    num::NonZeroU16,
    path::Path,
    sync::{Arc, Mutex},
    thread,
};

use anyhow::{Context, Result, bail};
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use tokio::{sync::watch, task::spawn_blocking};

use crate::{binaries, caller::Caller, server::Server, wait::within};

const ROWS: NonZeroU16 = NonZeroU16::new(40).expect("40 is not 0");
const COLUMNS: NonZeroU16 = NonZeroU16::new(120).expect("120 is not 0");

/// A terminal with the client in it. Dropping it kills the client.
pub struct Terminal {
    keyboard: Mutex<Box<dyn Write + Send>>,
    screen: watch::Receiver<vt100::Parser>,
    drawing: Arc<watch::Sender<vt100::Parser>>,
    // `None` once its end has been waited for.
    child: Option<Box<dyn Child + Send + Sync>>,
    // Closing it would hang up on the client.
    master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Somebody's, on that server, once it is live.
    pub async fn live(server: &Server, who: &Caller) -> Result<Self> {
        let token = who.token.as_deref().unwrap_or_default();
        let mut terminal = Self::start(&["--server", &server.url(), "--token", token], server.home())?;
        terminal.shows_text("● live").await?;
        Ok(terminal)
    }

    /// Starts the client with these arguments, on a terminal of 120×40.
    pub fn start(arguments: &[&str], home: &Path) -> Result<Self> {
        Self::start_in(COLUMNS, ROWS, arguments, home)
    }

    /// The same, on a terminal of another size.
    pub fn start_in(columns: NonZeroU16, rows: NonZeroU16, arguments: &[&str], home: &Path) -> Result<Self> {
        let size = PtySize { rows: rows.get(), cols: columns.get(), ..PtySize::default() };
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(binaries::path(binaries::CLIENT)?);
        command.args(arguments);
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.cwd(home);
        let child = pair.slave.spawn_command(command)?;
        let output = pair.master.try_clone_reader()?;
        let keyboard = Mutex::new(pair.master.take_writer()?);
        let (drawing, screen) = watch::channel(vt100::Parser::new(rows, columns, 0));
        let drawing = Arc::new(drawing);
        draw(output, Arc::clone(&drawing));
        Ok(Self { keyboard, screen, drawing, child: Some(child), master: pair.master })
    }

    /// Types text, or the bytes that a key sends.
    pub fn press(&self, keys: &str) -> Result<()> {
        let mut keyboard = self.keyboard.lock().map_err(|_| anyhow::anyhow!("the keyboard broke"))?;
        keyboard.write_all(keys.as_bytes())?;
        Ok(keyboard.flush()?)
    }

    /// Makes the terminal so large, of nothing too; the client is told by the system.
    pub fn resize(&self, columns: u16, rows: u16) -> Result<()> {
        // What draws it here cannot be of no size; whoever looks at nothing sees nothing.
        let one = NonZeroU16::MIN;
        self.drawing.send_modify(|parser| {
            let screen = parser.screen_mut();
            screen.set_size(NonZeroU16::new(rows).unwrap_or(one), NonZeroU16::new(columns).unwrap_or(one));
        });
        self.master.resize(PtySize { rows, cols: columns, ..PtySize::default() })
    }

    /// Pastes, as a terminal does that says where a paste begins and ends.
    pub fn paste(&self, text: &str) -> Result<()> {
        self.press(&format!("\x1b[200~{text}\x1b[201~"))
    }

    /// Clicks into a cell; both count from 0.
    pub fn click(&self, column: u16, row: u16) -> Result<()> {
        let (column, row) = (column + 1, row + 1);
        self.press(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"))
    }

    /// What the terminal shows now: cells, cursor and modes.
    pub fn look<T>(&self, at: impl FnOnce(&vt100::Screen) -> T) -> T {
        at(self.screen.borrow().screen())
    }

    /// What can be read on the screen now, row by row.
    pub fn text(&self) -> String {
        self.screen.borrow().screen().contents()
    }

    /// Waits until `is_there` holds for what can be read on the screen.
    pub async fn shows(&mut self, what: &str, is_there: impl Fn(&str) -> bool) -> Result<()> {
        self.state(what, |screen| is_there(&screen.contents())).await
    }

    /// Waits until `text` can be read on the screen.
    pub async fn shows_text(&mut self, text: &str) -> Result<()> {
        self.shows(&format!("the screen shows {text:?}"), |screen| screen.contains(text)).await
    }

    /// Waits until `holds` is true of the terminal's whole state: cells, cursor and modes.
    pub async fn state(&mut self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) -> Result<()> {
        let wait = self.screen.wait_for(|parser| holds(parser.screen()));
        let failure = match within(what, wait).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(_)) => "the client ended before this".to_owned(),
            Err(error) => error.to_string(),
        };
        bail!("{failure}: {what}\n{}", self.text())
    }

    /// The client's process id.
    pub fn pid(&self) -> Result<rustix::process::Pid> {
        let id = self.child.as_ref().and_then(|child| child.process_id()).context("the client has ended")?;
        rustix::process::Pid::from_raw(i32::try_from(id)?).context("0 is no process id")
    }

    /// Waits until the client has ended.
    pub async fn exit(&mut self) -> Result<ExitStatus> {
        let mut child = self.child.take().context("the client's end has been waited for already")?;
        let mut killer = child.clone_killer();
        match within("the client ends", spawn_blocking(move || child.wait())).await {
            Ok(status) => Ok(status??),
            Err(error) => {
                // Otherwise the thread that waits for it would keep the test from ending.
                killer.kill()?;
                bail!("{error}\n{}", self.text())
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Draws what the client writes, in a thread of its own because a pseudo-terminal is read synchronously.
fn draw(mut output: Box<dyn Read + Send>, drawing: Arc<watch::Sender<vt100::Parser>>) {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        let mut written = Vec::new();
        // An error is how Linux says that nobody holds the other end any more.
        while let Ok(count @ 1..) = output.read(&mut buffer) {
            written.extend_from_slice(&buffer[..count]);
            // As a terminal that knows synchronised output: no half of a frame is shown.
            let rest = written.split_off(whole(&written));
            drawing.send_modify(|parser| parser.process(&written));
            written = rest;
        }
    });
}

/// How much of this is whole: all, but for a frame that has begun and not ended.
fn whole(written: &[u8]) -> usize {
    const BEGIN: &[u8] = b"\x1b[?2026h";
    const END: &[u8] = b"\x1b[?2026l";
    let last = |wanted: &[u8]| written.windows(wanted.len()).rposition(|bytes| bytes == wanted);
    match (last(BEGIN), last(END)) {
        (Some(begun), ended) if ended.is_none_or(|ended| ended < begun) => begun,
        _ => written.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_has_begun_is_not_whole() {
        assert_eq!(whole(b"text"), 4);
        assert_eq!(whole(b"text\x1b[?2026hframe"), 4);
        assert_eq!(whole(b"\x1b[?2026hframe\x1b[?2026lx"), 22);
        assert_eq!(whole(b"\x1b[?2026h1\x1b[?2026l\x1b[?2026h2"), 17);
    }
}
