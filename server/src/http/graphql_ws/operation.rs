//! One operation of a socket, from its `subscribe` until either side completes it.

use std::hint::black_box;
use std::iter;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Weak};

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::protocol;
use super::socket::Socket;
use crate::delivery::{Encoded, Gone, Offer, Sink};

/// Events may be written.
const LIVE: u8 = 0;
/// We have ended it, and say so, or will as soon as there is room.
const ENDED: u8 = 1;
/// The client has completed it: not one more word about it.
const COMPLETED: u8 = 2;

/// One operation.
pub(super) struct Operation {
    this: Weak<Self>,
    socket: Arc<Socket>,
    id: Box<str>,
    /// What stands before each of its results.
    before_result: Box<[u8]>,
    state: AtomicU8,
    /// Whether it is a subscription, which is cut when the server stops; anything else is answered first.
    listens: bool,
}

impl Operation {
    pub(super) fn new(socket: Arc<Socket>, id: String, listens: bool) -> Arc<Self> {
        let before_result = protocol::before_result(&id).into();
        let (id, state) = (id.into(), AtomicU8::new(LIVE));
        Arc::new_cyclic(|this| Self { this: this.clone(), socket, id, before_result, state, listens })
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Whether its id is taken.
    pub(super) fn is_live(&self) -> bool {
        self.state.load(Ordering::Acquire) == LIVE
    }

    /// Whether a server that stops has to wait for it.
    pub(super) fn has_to_be_answered(&self) -> bool {
        !self.listens && self.is_live()
    }

    /// The client wants no more of it. What is being written at this moment is the last.
    pub(super) fn complete(&self) {
        self.state.store(COMPLETED, Ordering::Release);
    }

    /// Says how it ended, now or as soon as there is room, unless the client completes it before.
    fn say_last(&self, message: Vec<u8>) {
        let text = iter::once([message.as_slice(), b"", b""]);
        if self.socket.channel.offer(|| self.has_ended(), text) != Offer::Full(0) {
            return;
        }
        let Some(this) = self.this.upgrade() else { return };
        self.socket.spawn(async move {
            // Otherwise the client has gone.
            let _ = this.socket.channel.send(|| this.has_ended(), &message).await;
        });
    }

    fn has_ended(&self) -> bool {
        self.state.load(Ordering::Acquire) == ENDED
    }
}

impl Sink for Operation {
    fn offer(&self, events: &[&Encoded]) -> Offer {
        let texts =
            events.iter().map(|event| [&*self.before_result, &event.payload, protocol::AFTER_PAYLOAD]);
        self.socket.channel.offer(|| self.is_live(), texts)
    }

    fn approach(&self) {
        black_box((self.is_live(), self.before_result.first().copied()));
        self.socket.channel.approach();
    }

    fn room(&self) -> BoxFuture<'_, Result<(), Gone>> {
        async {
            self.socket.channel.room().await?;
            if self.is_live() { Ok(()) } else { Err(Gone) }
        }
        .boxed()
    }

    fn end(&self, errors: Option<Bytes>) {
        // Only once, and not when the client has.
        let was_live = self.state.compare_exchange(LIVE, ENDED, Ordering::AcqRel, Ordering::Acquire);
        if was_live.is_err() {
            return;
        }
        let message = match errors {
            None => protocol::complete(&self.id),
            // The whole socket ends with its token, so that the client comes back with another, and subscribes again.
            Some(_) if self.socket.close_if_expired() => return,
            Some(errors) => protocol::error(&self.id, &errors),
        };
        self.say_last(message);
    }
}
