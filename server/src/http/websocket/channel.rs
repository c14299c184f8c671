//! The outward half of a connection, which any thread may use.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::Instant;

use super::Receiver;
use super::code;
use super::decoder::Decoder;
use super::frame::{self, Opcode};
use super::outbox::{Outbox, Phase, Stand};
use super::transport::Transport;
use crate::delivery::{Gone, Offer};

/// A WebSocket connection, to write to.
///
/// What is begun is finished by [`Receiver::recv`], [`Self::room`] and [`Self::send`]: one of them has to be waited for.
// In this order, from the beginning of a cache line: what every offer needs stands on the first two.
#[repr(C, align(64))]
pub struct Channel {
    outbox: Mutex<Outbox>,
    transport: Transport,
    /// When something last went out, while something more would not; else 0.
    blocked: AtomicU64,
    /// When the peer was last heard, in milliseconds of [`now`].
    heard: AtomicU64,
    /// Whose turn it is to wait for room: first come, first served.
    turn: tokio::sync::Mutex<()>,
}

impl Channel {
    /// A connection after its handshake. `early` is what was read with it, `message_bytes` the most that a message of the
    /// peer's may have.
    pub fn open(transport: Transport, early: &[u8], message_bytes: usize) -> (Arc<Self>, Receiver) {
        let channel = Arc::new(Self {
            transport,
            outbox: Mutex::new(Outbox::new()),
            turn: tokio::sync::Mutex::new(()),
            heard: AtomicU64::new(now()),
            blocked: AtomicU64::new(0),
        });
        let receiver = Receiver::new(Arc::clone(&channel), Decoder::new(message_bytes), early);
        (channel, receiver)
    }

    /// Writes as many of these texts as there is room for, in order and in one write, without waiting. Each text is
    /// UTF-8, in three parts. `alive` is asked under the lock that all writing takes: once it has said no, nothing of what it
    /// speaks for is written.
    ///
    /// [`Offer::Full`] counts the texts that are out, or begun: the rest of one that is begun follows by itself.
    pub fn offer<'a>(
        &self,
        alive: impl FnOnce() -> bool,
        texts: impl Iterator<Item = [&'a [u8]; 3]>,
    ) -> Offer {
        let mut outbox = self.outbox();
        if !outbox.is_open() || !alive() {
            return Offer::Gone;
        }
        let (offer, stand) = outbox.offer(&self.transport, texts);
        self.note(stand);
        offer
    }

    /// Looks at what [`Self::offer`] is about to need.
    pub fn approach(&self) {
        black_box((
            self.outbox.is_poisoned(),
            self.blocked.load(Ordering::Relaxed),
            self.transport.is_plain(),
        ));
    }

    /// Waits for room, then writes a text, which is UTF-8. Texts are written in the order of calls. `alive` is asked as in
    /// [`Self::offer`], and it is an error when it says no.
    pub async fn send(&self, alive: impl Fn() -> bool + Send + Sync, text: &[u8]) -> Result<(), Gone> {
        self.write(alive, Opcode::Text, text).await
    }

    /// As [`Self::send`], for whatever the connection itself has to say.
    pub async fn send_text(&self, text: &[u8]) -> Result<(), Gone> {
        self.write(|| true, Opcode::Text, text).await
    }

    /// As [`Self::send_text`], for a binary message.
    pub async fn send_binary(&self, bytes: &[u8]) -> Result<(), Gone> {
        self.write(|| true, Opcode::Binary, bytes).await
    }

    /// Finishes what is half-written, and waits until there is room for more. Any number of tasks may wait, and take turns
    /// with those that send.
    pub async fn room(&self) -> Result<(), Gone> {
        let _turn = self.turn.lock().await;
        self.clear().await
    }

    /// Sends a close frame behind what is half-written, and nothing after it. The receiver then waits for the peer's, for
    /// two seconds at most, and ends the connection. The reason is cut to 123 bytes.
    pub fn close(&self, code: u16, reason: &str) {
        self.close_with(code, frame::close(code, reason));
    }

    /// Ends the connection at once.
    pub fn abort(&self) {
        self.outbox().end(code::ABNORMAL);
        self.transport.end();
    }

    /// Sends a ping, unless something is waiting to go out: then that says as much.
    pub fn ping(&self) {
        let mut outbox = self.outbox();
        if outbox.is_open() && !outbox.is_blocked() {
            self.settle(outbox.push(&self.transport, frame::frame(Opcode::Ping, &[])));
        }
    }

    /// For how long nothing has been heard of the peer.
    pub fn silent_for(&self) -> Duration {
        Duration::from_millis(now().saturating_sub(self.heard.load(Ordering::Relaxed)))
    }

    /// For how long something has been waiting to go out, and no byte has.
    pub fn blocked_for(&self) -> Option<Duration> {
        let since = self.blocked.load(Ordering::Relaxed);
        (since != 0).then(|| Duration::from_millis(now().saturating_sub(since)))
    }

    /// Whether it has not been closed, by either side.
    pub fn is_open(&self) -> bool {
        self.outbox().is_open()
    }

    async fn write(
        &self,
        alive: impl Fn() -> bool + Send + Sync,
        opcode: Opcode,
        payload: &[u8],
    ) -> Result<(), Gone> {
        if let Ok(_turn) = self.turn.try_lock()
            && self.try_write(&alive, opcode, payload)?
        {
            return Ok(());
        }
        // On the heap, where it is needed at all: whoever sends keeps a place for what sending keeps while it waits.
        Box::pin(async {
            let _turn = self.turn.lock().await;
            loop {
                self.clear().await?;
                if self.try_write(&alive, opcode, payload)? {
                    return Ok(());
                }
            }
        })
        .await
    }

    fn try_write(&self, alive: impl Fn() -> bool, opcode: Opcode, payload: &[u8]) -> Result<bool, Gone> {
        let mut outbox = self.outbox();
        if !outbox.is_open() || !alive() {
            return Err(Gone);
        }
        if outbox.is_blocked() {
            return Ok(false);
        }
        self.settle(outbox.push(&self.transport, frame::frame(opcode, payload)));
        Ok(true)
    }

    async fn clear(&self) -> Result<(), Gone> {
        loop {
            {
                let outbox = self.outbox();
                if !outbox.is_open() {
                    return Err(Gone);
                }
                if !outbox.is_blocked() {
                    return Ok(());
                }
            }
            self.transport.writable().await.map_err(|_| Gone)?;
            let mut outbox = self.outbox();
            self.settle(outbox.flush(&self.transport));
        }
    }

    fn note(&self, stand: Stand) {
        match stand {
            Stand::Clear => self.blocked.store(0, Ordering::Relaxed),
            Stand::Moving => self.blocked.store(now(), Ordering::Relaxed),
            Stand::Stuck if self.blocked.load(Ordering::Relaxed) == 0 => {
                self.blocked.store(now(), Ordering::Relaxed);
            }
            Stand::Stuck => {}
        }
    }

    fn settle(&self, stand: Result<Stand, Gone>) {
        self.note(stand.unwrap_or(Stand::Clear));
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the receiver needs.
impl Channel {
    pub(super) fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(super) fn phase(&self) -> Phase {
        self.outbox().phase()
    }

    /// Something has come from the peer.
    pub(super) fn heard(&self) {
        self.heard.store(now(), Ordering::Relaxed);
    }

    /// Goes on with what is half-written, and has the caller's task woken to do so again. Ready when nothing is.
    pub(super) fn poll_clear(&self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            {
                let mut outbox = self.outbox();
                outbox.drive_by(context);
                if !outbox.is_blocked() {
                    return Poll::Ready(());
                }
            }
            if ready!(self.transport.poll_writable(context)).is_err() {
                self.abort();
                return Poll::Ready(());
            }
            let mut outbox = self.outbox();
            self.settle(outbox.flush(&self.transport));
        }
    }

    /// Answers a ping, behind what is half-written.
    pub(super) fn pong(&self, payload: &[u8]) {
        let mut outbox = self.outbox();
        if outbox.is_open() {
            self.settle(outbox.push(&self.transport, frame::frame(Opcode::Pong, payload)));
        }
    }

    /// Answers the peer's close frame, with the code that it had.
    pub(super) fn answer_close(&self, code: Option<u16>) {
        match code {
            Some(code) => self.close_with(code, frame::close(code, "")),
            None => self.close_with(code::NO_STATUS, frame::frame(Opcode::Close, &[])),
        }
    }

    /// The connection has ended.
    pub(super) fn ended(&self) {
        self.outbox().end(code::ABNORMAL);
    }

    fn close_with(&self, code: u16, frame: Vec<u8>) {
        let mut outbox = self.outbox();
        if outbox.is_open() {
            self.settle(outbox.close(&self.transport, code, frame));
        }
    }
}

/// Milliseconds of a clock that only goes forward; never 0.
fn now() -> u64 {
    static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
    u64::try_from(BEGINNING.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
}
