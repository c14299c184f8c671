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
use super::websocket::{Channel, Received, Receiver, handshake};
use super::{Doors, outcome};

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
            let _counted = doors.api.hub.figures().connect();
            let stranger = Stranger::new(place, authorization);
            let socket = Socket::new(channel, doors, stranger);
            if accepted.protocol.is_none() {
                socket.close(&Close::new(code::SUBPROTOCOL_NOT_ACCEPTABLE, SUBPROTOCOL_NEEDED));
            }
            converse(socket, receiver).await;
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

/// Hears what comes until the connection is over.
async fn converse(socket: Arc<Socket>, mut receiver: Receiver) {
    let _registered = socket.register();
    let _operations = socket::Leaving(&socket);
    loop {
        let answer = match receiver.recv().await {
            Received::Text(text) => socket.hear(&text),
            Received::Binary(_) => {
                socket.close(&Close::invalid("it has to be text"));
                None
            }
            Received::Closed { .. } => return,
        };
        if let Some(answer) = answer {
            // Before the next message is read, so that nobody can make answers gather here.
            let _ = socket.channel.send_text(&answer).await;
        }
    }
}

fn overloaded() -> Response {
    let wait = HeaderValue::from(outcome::RETRY_AFTER.as_secs());
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, wait)], "too many sockets are being opened\n")
        .into_response()
}
