//! A terminal that is not there, whose frames a test can wait for; and how long any test waits.

use std::{convert::Infallible, time::Duration};

use ratatui::{
    backend::{Backend, ClearType, TestBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};
use tokio::{sync::watch, time::timeout};

/// Reached only by a test that fails, so it allows for a busy machine.
const DEADLINE: Duration = Duration::from_mins(1);

/// What comes, or a failure.
pub(crate) async fn in_time<T>(coming: impl Future<Output = T>) -> T {
    timeout(DEADLINE, coming).await.unwrap()
}

/// What is on the terminal.
pub(crate) struct Screen(watch::Receiver<String>);

impl Screen {
    /// Waits for a text.
    pub(crate) async fn shows(&mut self, text: &str) {
        in_time(self.0.wait_for(|screen| screen.contains(text))).await.unwrap();
    }
}

/// To draw on, and to look at.
pub(crate) fn watched(width: u16, height: u16) -> (Watched, Screen) {
    let (frames, screen) = watch::channel(String::new());
    (Watched(TestBackend::new(width, height), frames), Screen(screen))
}

/// A terminal whose every frame can be waited for.
pub(crate) struct Watched(TestBackend, watch::Sender<String>);

impl Backend for Watched {
    type Error = Infallible;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> Result<(), Infallible> {
        self.0.draw(content)
    }
    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.0.hide_cursor()
    }
    fn show_cursor(&mut self) -> Result<(), Infallible> {
        self.0.show_cursor()
    }
    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        self.0.get_cursor_position()
    }
    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.0.set_cursor_position(position)
    }
    fn clear(&mut self) -> Result<(), Infallible> {
        self.0.clear()
    }
    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), Infallible> {
        self.0.clear_region(clear_type)
    }
    fn size(&self) -> Result<Size, Infallible> {
        self.0.size()
    }
    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        self.0.window_size()
    }
    fn flush(&mut self) -> Result<(), Infallible> {
        self.1.send_replace(self.0.to_string());
        Ok(())
    }
}
