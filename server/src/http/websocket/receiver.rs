//! The inward half of a connection, and what sees it to its end.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::ErrorKind;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::task::coop;
use tokio::time::{Instant, timeout, timeout_at};
use tungstenite::protocol::Message;

use super::channel::Channel;
use super::decoder::{Decoder, Violation};
use super::outbox::Phase;

/// Bytes read at a time.
const READ: usize = 4096;
/// How long the peer may take to answer our close frame.
const ANSWER: Duration = Duration::from_secs(2);
/// How long to read on after our end: what arrives at a connection that is closed has the close frame lost on its way.
const LINGER: Duration = Duration::from_secs(1);

/// What came from the peer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A message of text.
    Text(String),
    /// A message of bytes.
    Binary(Vec<u8>),
    /// The connection is over. The code is that of the first close frame, whoever sent it; 1005 if that had none, 1006 if
    /// there was no close frame.
    Closed {
        /// See RFC 6455, section 7.4.
        code: u16,
    },
}

/// A WebSocket connection, to read from. Dropped before it is over, it ends at once.
pub struct Receiver {
    channel: Arc<Channel>,
    decoder: Decoder,
    /// Decoded and not yet given out.
    arrived: VecDeque<Message>,
    /// What comes after that.
    violation: Option<Violation>,
    /// Nothing that the peer still sends is looked at: it has closed, or broken the protocol.
    deaf: bool,
    /// An answer is not out yet. Until it is, nothing is read.
    answering: bool,
}

impl Receiver {
    pub(super) fn new(channel: Arc<Channel>, decoder: Decoder, early: &[u8]) -> Self {
        let mut receiver = Self {
            channel,
            decoder,
            arrived: VecDeque::new(),
            violation: None,
            deaf: false,
            answering: false,
        };
        receiver.decode(early);
        receiver
    }

    /// Waits for the next message. Answers pings meanwhile, and goes on with what is half-written. A peer that breaks the
    /// protocol is told so and closed. May be dropped and called again.
    ///
    /// To be called until it gives [`Received::Closed`].
    pub async fn recv(&mut self) -> Received {
        match poll_fn(|context| self.poll(context)).await {
            Some(received) => received,
            // On the heap, for the few that are closing.
            None => Box::pin(self.part()).await,
        }
    }

    /// Waits until [`Self::try_recv`] may give something; false once the connection is closing. Reads nothing: until then,
    /// what comes is the system's to keep. Goes on with what is half-written, as [`Self::recv`] does, and may be dropped and
    /// called again.
    pub async fn arrival(&mut self) -> bool {
        poll_fn(|context| self.poll_arrival(context)).await;
        self.channel.phase() == Phase::Open
    }

    /// The next message where there is one already, as [`Self::recv`] gives it; none once the connection is closing.
    pub fn try_recv(&mut self) -> Option<Received> {
        poll_fn(|context| self.poll(context)).now_or_never().flatten()
    }

    fn poll_arrival(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let clear = self.channel.poll_clear(context).is_ready();
        if self.channel.phase() != Phase::Open {
            return Poll::Ready(());
        }
        if self.answering && !clear {
            return Poll::Pending;
        }
        if !self.arrived.is_empty() || self.violation.is_some() {
            return Poll::Ready(());
        }
        // Where that fails, so does reading, which says so.
        self.channel.transport().poll_readable(context).map(drop)
    }

    /// The next message; none once the connection is closing.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Received>> {
        loop {
            let clear = self.channel.poll_clear(context).is_ready();
            if self.channel.phase() != Phase::Open {
                return Poll::Ready(None);
            }
            if self.answering && !clear {
                return Poll::Pending;
            }
            self.answering = false;
            match self.arrived.pop_front() {
                Some(Message::Text(text)) => {
                    return Poll::Ready(Some(Received::Text(text.as_str().to_owned())));
                }
                Some(Message::Binary(bytes)) => return Poll::Ready(Some(Received::Binary(bytes.into()))),
                Some(Message::Ping(payload)) => {
                    self.channel.pong(&payload);
                    self.answering = true;
                }
                Some(Message::Close(frame)) => {
                    self.deaf = true;
                    self.channel.answer_close(frame.map(|frame| frame.code.into()));
                }
                Some(Message::Pong(_) | Message::Frame(_)) => {}
                None => ready!(self.poll_read(context)),
            }
        }
    }

    /// Reads once; ready when it has.
    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.arrived = VecDeque::new();
        if let Some(Violation { code, reason }) = self.violation.take() {
            self.deaf = true;
            self.channel.close(code, &reason);
            return Poll::Ready(());
        }
        // A peer that never stops may not keep the thread.
        let budget = ready!(coop::poll_proceed(context));
        while !self.try_read() {
            if ready!(self.channel.transport().poll_readable(context)).is_err() {
                self.channel.ended();
                break;
            }
        }
        budget.made_progress();
        Poll::Ready(())
    }

    /// Reads what is there. False where nothing is.
    fn try_read(&mut self) -> bool {
        // On the stack, and not in an `async` function: what lives across an await is part of every connection.
        let mut buffer = [0; READ];
        match self.channel.transport().try_read(&mut buffer) {
            Ok(0) => self.channel.ended(),
            Ok(length) => {
                self.channel.heard();
                self.decode(&buffer[..length]);
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => self.channel.ended(),
        }
        true
    }

    fn decode(&mut self, bytes: &[u8]) {
        if !self.deaf {
            self.violation = self.decoder.decode(bytes, &mut self.arrived).err();
        }
    }

    /// The end of a connection that is closing.
    async fn part(&mut self) -> Received {
        if matches!(self.channel.phase(), Phase::Closing { .. }) {
            let deadline = Instant::now() + ANSWER;
            let answered = timeout_at(deadline, async {
                poll_fn(|context| self.channel.poll_clear(context)).await;
                poll_fn(|context| self.poll_answer(context)).await;
            });
            let _ = answered.await;
            self.channel.transport().end_writing();
            self.deaf = true;
            let _ = timeout(LINGER, poll_fn(|context| self.poll_end(context))).await;
        }
        self.channel.abort();
        match self.channel.phase() {
            Phase::Closing { code } | Phase::Gone { code } => Received::Closed { code },
            Phase::Open => Received::Closed { code: super::code::ABNORMAL },
        }
    }

    /// Reads on until the peer has closed, too.
    fn poll_answer(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while !self.deaf && matches!(self.channel.phase(), Phase::Closing { .. }) {
            let closed = self.arrived.drain(..).any(|message| message.is_close());
            self.deaf = closed || self.violation.is_some();
            if !self.deaf {
                ready!(self.poll_read(context));
            }
        }
        Poll::Ready(())
    }

    /// Reads on until the connection ends.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while matches!(self.channel.phase(), Phase::Closing { .. }) {
            ready!(self.poll_read(context));
        }
        Poll::Ready(())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.channel.abort();
    }
}
