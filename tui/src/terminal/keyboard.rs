//! The keyboard, which can be left to another program for a while.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use crossterm::event::{Event, EventStream};
use futures_util::Stream;

/// What is pressed, while it is ours. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Keyboard(Arc<Mutex<Option<EventStream>>>);

impl Keyboard {
    /// Ours from here on.
    #[expect(clippy::new_without_default, reason = "it begins to read the terminal")]
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(Some(EventStream::new()))))
    }

    /// Reads nothing any more: dropping the stream wakes and ends the thread that waits for the terminal.
    pub(super) fn leave(&self) {
        self.set(None);
    }

    /// Reads again.
    pub(super) fn take(&self) {
        self.set(Some(EventStream::new()));
    }

    fn set(&self, stream: Option<EventStream>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = stream;
    }
}

impl Stream for Keyboard {
    type Item = io::Result<Event>;

    /// Pending for as long as it is left to another; whoever takes it back asks again.
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(stream) => Pin::new(stream).poll_next(context),
            None => Poll::Pending,
        }
    }
}
