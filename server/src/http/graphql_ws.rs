//! `/graphql/ws`: operations over a WebSocket, in the `graphql-transport-ws` protocol
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).
//!
//! | file | holds |
//! |---|---|
//! | `protocol` | what a client may say and when, and how messages look: pure |
//! | `introduction` | `connection_init`: whose the socket is |
//! | `socket` | one connection and its operations |
//! | `operation` | one of them: delivery's sink |
//! | `pulse` | whether somebody is still there: pure |
//!
//! A socket costs one small task, which only reads: results are written by whoever has them, and what is under way is done
//! in tasks of its own. Time-outs are the sweeper's, for all sockets at once.

mod introduction;
mod operation;
mod protocol;
mod pulse;
mod socket;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use self::protocol::{Close, code};
use self::socket::Socket;
use super::sweeper::Registered;
use super::websocket::{Channel, Received, Receiver, handshake};
use super::{Doors, outcome};
use crate::delivery::Counted;

const SUBPROTOCOL: &str = "graphql-transport-ws";

/// Answers the handshake, and speaks the protocol in a task of its own.
pub(super) async fn serve(State(doors): State<Arc<Doors>>, mut request: Request) -> Response {
    let accepted = match handshake::accept(&mut request, &[SUBPROTOCOL]) {
        Ok(accepted) => accepted,
        Err(refusal) => return refusal,
    };
    let Some(place) = doors.admission.enter_as_stranger() else { return overloaded() };
    let authorization = request.headers().get(AUTHORIZATION).cloned();
    let (sockets, pending) = (doors.sockets.clone(), accepted.pending);
    sockets.spawn(async move {
        // Otherwise the client has gone already.
        if let Some((channel, receiver)) = pending.open(doors.settings.message_bytes).await {
            let counted = doors.api.hub.figures().connect();
            let sockets = doors.sockets.clone();
            let socket = Socket::new(channel, doors, Stranger::new(place, authorization));
            if accepted.protocol.is_none() {
                socket.close(&Close::new(code::SUBPROTOCOL_NOT_ACCEPTABLE, SUBPROTOCOL_NEEDED));
            }
            // A task of its own, which is as large as what it waits for: this one is as large as all that went before.
            sockets.spawn(converse(Conversation::new(socket, receiver, counted)));
        }
    });
    accepted.response
}

const SUBPROTOCOL_NEEDED: &str = "Subprotocol not acceptable: it has to be graphql-transport-ws";

/// A client that has not said who it is.
struct Stranger {
    _place: OwnedSemaphorePermit,
    /// What the handshake's request said of it.
    authorization: Option<HeaderValue>,
    since: Instant,
}

impl Stranger {
    fn new(place: OwnedSemaphorePermit, authorization: Option<HeaderValue>) -> Self {
        Self { _place: place, authorization, since: Instant::now() }
    }
}

/// What a socket's task holds. On the heap, because an `async` function keeps room for each of its arguments twice.
struct Conversation {
    /// First of all: what is under way ends before the socket is let go.
    _leaving: socket::Leaving,
    _registered: Registered,
    _counted: Counted,
    receiver: Receiver,
    socket: Arc<Socket>,
}

impl Conversation {
    fn new(socket: Arc<Socket>, receiver: Receiver, counted: Counted) -> Box<Self> {
        Box::new(Self {
            _leaving: socket::Leaving(Arc::clone(&socket)),
            _registered: socket.register(),
            _counted: counted,
            receiver,
            socket,
        })
    }
}

/// Hears what comes, and sees the connection to its end.
async fn converse(mut conversation: Box<Conversation>) {
    while conversation.receiver.arrival().await {
        // On the heap, and only while there is something to do: what lives across an await is part of every socket.
        Box::pin(conversation.go_on()).await;
    }
    while !matches!(conversation.receiver.recv().await, Received::Closed { .. }) {}
}

impl Conversation {
    /// Deals with what has come.
    async fn go_on(&mut self) {
        // Who is about to subscribe is not even read before their turn: when everybody comes back at once, the messages of
        // those who wait would take more space than their sockets ever will.
        let mut turn =
            if self.socket.is_about_to_subscribe() { Some(self.socket.turn().await) } else { None };
        while let Some(received) = self.receiver.try_recv() {
            let answer = match received {
                Received::Text(text) => self.socket.hear(text, turn.take()).await,
                Received::Binary(_) => {
                    self.socket.close(&Close::invalid("it has to be text"));
                    None
                }
                Received::Closed { .. } => return,
            };
            if let Some(answer) = answer {
                // Before the next message is read, so that nobody can make answers gather here. Fails where the client has gone.
                let _ = self.socket.channel.send_text(&answer).await;
            }
        }
    }
}

fn overloaded() -> Response {
    let wait = HeaderValue::from(outcome::RETRY_AFTER.as_secs());
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, wait)], "too many sockets are being opened\n")
        .into_response()
}
