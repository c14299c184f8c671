//! What a client's bytes say. tungstenite does the work, as nothing but a decoder: it is handed what has just been read
//! and never sees the connection; what it would answer by itself is discarded, for the channel answers.

mod progress;

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};

use tungstenite::Error;
use tungstenite::protocol::{Message, Role, WebSocketConfig, WebSocketContext};

use self::progress::Progress;
use super::code;

/// Bytes that tungstenite moves at a time.
const STEP: usize = 512;

/// Turns bytes into messages, over as many reads as it takes.
pub(super) struct Decoder {
    /// The most that a message may have.
    message_bytes: usize,
    progress: Progress,
    /// There is one only while a message is incomplete: it would keep room for the largest that it ever saw.
    context: Option<Box<WebSocketContext>>,
}

/// What a client may not do, in the words of the close frame that tells it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Decoder {
    /// `message_bytes` is the most that a message may have, all its fragments together.
    pub(super) fn new(message_bytes: usize) -> Self {
        Self { message_bytes, progress: Progress::default(), context: None }
    }

    /// Adds the messages that `bytes` complete, in order. After a close frame, or a violation, nothing may be decoded any
    /// more.
    pub(super) fn decode(&mut self, bytes: &[u8], messages: &mut VecDeque<Message>) -> Result<(), Violation> {
        let mut context = self.context.take().unwrap_or_else(|| context(self.message_bytes));
        let mut feed = Feed(bytes);
        loop {
            match context.read(&mut feed) {
                Ok(message) => {
                    let last = message.is_close();
                    messages.push_back(message);
                    if last {
                        return Ok(());
                    }
                }
                Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        self.progress.pass(bytes);
        self.context = (!self.progress.is_between_messages()).then_some(context);
        Ok(())
    }
}

fn context(message_bytes: usize) -> Box<WebSocketContext> {
    let config = WebSocketConfig::default()
        .read_buffer_size(STEP)
        .write_buffer_size(0)
        .max_message_size(Some(message_bytes))
        .max_frame_size(Some(message_bytes));
    Box::new(WebSocketContext::new(Role::Server, Some(config)))
}

impl From<Error> for Violation {
    fn from(error: Error) -> Self {
        let (code, reason) = match error {
            Error::Capacity(_) => (code::TOO_BIG, "message too big".to_owned()),
            Error::Utf8(_) => (code::INVALID_TEXT, "text is not UTF-8".to_owned()),
            Error::Protocol(error) => (code::PROTOCOL_ERROR, error.to_string()),
            _ => (code::PROTOCOL_ERROR, "protocol error".to_owned()),
        };
        Self { code, reason }
    }
}

/// What was just read, as the stream that tungstenite wants.
struct Feed<'a>(&'a [u8]);

impl Read for Feed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // No bytes would mean the end of the connection.
        if self.0.is_empty() { Err(ErrorKind::WouldBlock.into()) } else { self.0.read(buffer) }
    }
}

impl Write for Feed<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
