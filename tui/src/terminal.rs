//! The edge towards the terminal: it is taken for a while, and given back as it was, whatever happens.

mod desk;
mod gestures;
mod keyboard;
mod synchronised;

pub use self::{desk::TerminalDesk, gestures::perform, keyboard::Keyboard};

use std::{
    io::{self, Stdout, stdout},
    time::Duration,
};

use crossterm::{
    cursor::Show,
    event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste},
    execute,
    terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};
use ratatui::{Terminal, backend::CrosstermBackend};
use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};

use self::synchronised::Synchronised;
use crate::theme::Background;

/// The terminal, while it is ours. Dropping it gives it back.
pub struct Screen {
    /// To draw on.
    pub terminal: Terminal<CrosstermBackend<Synchronised<Stdout>>>,
}

impl Screen {
    /// Takes the terminal. From here on a panic gives it back first, so that its report can be read.
    pub fn take() -> io::Result<Self> {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            report(panic);
        }));
        // From here on dropping it gives the terminal back, also where the next step fails.
        let screen = Self { terminal: Terminal::new(CrosstermBackend::new(Synchronised::new(stdout())))? };
        enter()?;
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// From here on keys are ours as they are pressed, and the shell's screen is out of sight.
fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    // Bracketed, so that what someone pastes by mistake is not taken for keys.
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
}

/// There is nobody left to tell of a failure.
fn give_back() {
    let _ = execute!(stdout(), DisableMouseCapture, DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// Asks the terminal for the colour of its ground, by OSC 11. None where it does not say, at once or within a second; it is
/// not to be asked while keys are read.
pub fn background() -> Option<Background> {
    let mut options = QueryOptions::default();
    options.timeout = Duration::from_secs(1);
    match theme_mode(options).ok()? {
        ThemeMode::Dark => Some(Background::Dark),
        ThemeMode::Light => Some(Background::Light),
    }
}

/// Resolves when the process is told to end: SIGTERM, SIGINT or SIGHUP.
#[cfg(unix)]
pub async fn termination() {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
    let signals = kinds.into_iter().filter_map(|kind| signal(kind).ok());
    let waits = signals.map(|mut signal| Box::pin(async move { signal.recv().await }));
    futures_util::future::select_all(waits).await;
}

/// Resolves when the process is told to end.
#[cfg(not(unix))]
pub async fn termination() {
    let _ = tokio::signal::ctrl_c().await;
}
