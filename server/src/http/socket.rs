//! `/graphql/ws`: operations over a WebSocket, in the `graphql-transport-ws` protocol
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).
//!
//! The message loop is the GraphQL library's; what it answers with close codes of its own is told here in the
//! protocol's.

mod in_flight;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::Data;
use async_graphql::http::{WebSocket as Protocol, WebSocketProtocols, WsMessage};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::{IntoResponse as _, Response};
use futures_util::{SinkExt as _, Stream, StreamExt as _, future};
use serde_json::Value;
use tokio::time::timeout;

use self::in_flight::{Counted, InFlight};
use super::Doors;
use super::auth::Unauthenticated;
use crate::domain::text;
use crate::graphql::Session;

const SUBPROTOCOL: &str = "graphql-transport-ws";
/// A close frame's reason is 123 bytes at most (RFC 6455, 5.5); these are characters of ASCII.
const LONGEST_REASON: usize = 120;
/// tungstenite would reserve 128 KiB per socket.
const BUFFER: usize = 4 * 1024;
/// How long a client may take to answer our close frame.
const CLOSE_TIMEOUT: std::time::Duration = std::time::Duration::from_secs(2);

/// The protocol's close codes, and RFC 6455's where it has none.
mod code {
    pub(super) const SERVICE_RESTART: u16 = 1012;
    pub(super) const BAD_MESSAGE: u16 = 4400;
    pub(super) const UNAUTHORIZED: u16 = 4401;
    pub(super) const FORBIDDEN: u16 = 4403;
    pub(super) const BAD_SUBPROTOCOL: u16 = 4406;
    pub(super) const INIT_TIMEOUT: u16 = 4408;
}

pub(super) async fn serve(State(doors): State<Arc<Doors>>, request: Request) -> Response {
    let (mut head, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut head, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    upgrade
        .protocols([SUBPROTOCOL])
        .read_buffer_size(BUFFER)
        .write_buffer_size(0)
        .max_message_size(doors.settings.message_bytes)
        .max_frame_size(doors.settings.message_bytes)
        .on_upgrade(move |socket| {
            let sockets = doors.sockets.clone();
            sockets.track_future(run(doors, socket))
        })
}

async fn run(doors: Arc<Doors>, mut socket: WebSocket) {
    if socket.protocol().is_none() {
        let reason = format!("subprotocol must be {SUBPROTOCOL}");
        return close(&mut socket, code::BAD_SUBPROTOCOL, &reason).await;
    }
    // Otherwise the client has closed, or has gone.
    if let Some((code, reason)) = converse(&doors, &mut socket).await {
        close(&mut socket, code, &reason).await;
    }
}

/// Speaks the protocol until one side ends it; gives how, where that is us.
async fn converse(doors: &Arc<Doors>, socket: &mut WebSocket) -> Option<(u16, String)> {
    let (mut outgoing, incoming) = socket.split();
    let connection = Arc::new(Connection::default());
    let in_flight = InFlight::default();
    let init = {
        let (doors, connection) = (Arc::clone(doors), Arc::clone(&connection));
        move |payload: Value| future::ready(connection.init(&doors, &payload))
    };
    let executor = Counted::new(doors.schema.clone(), in_flight.clone());
    let mut protocol =
        Protocol::new(executor, texts(incoming), WebSocketProtocols::GraphQLWS).on_connection_init(init);
    let init_deadline = tokio::time::sleep(doors.settings.init_timeout);
    tokio::pin!(init_deadline);
    let closing = async {
        doors.closing.cancelled().await;
        // What was begun is answered; what only listens is cut.
        in_flight.wait_until_none().await;
    };
    tokio::pin!(closing);
    loop {
        tokio::select! {
            biased;
            () = &mut closing => return Some((code::SERVICE_RESTART, "the server restarts".to_owned())),
            () = &mut init_deadline, if !connection.is_begun() => {
                return Some((code::INIT_TIMEOUT, "Connection initialisation timeout".to_owned()));
            }
            message = protocol.next() => match message? {
                WsMessage::Text(text) => outgoing.send(Message::Text(text.into())).await.ok()?,
                WsMessage::Close(code, reason) => return Some(connection.ending(code, reason)),
            },
        }
    }
}

/// How far a connection's handshake has come.
#[derive(Default)]
struct Connection {
    begun: AtomicBool,
    refused: AtomicBool,
}

impl Connection {
    fn is_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed)
    }

    /// Looks at `connection_init`'s payload.
    fn init(&self, doors: &Doors, payload: &Value) -> async_graphql::Result<Data> {
        self.begun.store(true, Ordering::Relaxed);
        let session =
            identify(doors, payload).inspect_err(|_| self.refused.store(true, Ordering::Relaxed))?;
        let mut data = Data::default();
        data.insert(Arc::new(session));
        Ok(data)
    }

    /// The protocol's own word for how the library ends a connection.
    fn ending(&self, code: u16, reason: String) -> (u16, String) {
        match code {
            _ if self.refused.load(Ordering::Relaxed) => {
                (code::FORBIDDEN, "Forbidden: UNAUTHENTICATED".to_owned())
            }
            1002 => (code::BAD_MESSAGE, format!("Invalid message: {reason}")),
            1011 => (code::UNAUTHORIZED, "Unauthorized".to_owned()),
            other => (other, reason),
        }
    }
}

/// Who connects, and from where on they want their feeds.
fn identify(doors: &Doors, payload: &Value) -> Result<Session, Unauthenticated> {
    // Clients differ in how they spell the name; HTTP does not care either.
    let fields = payload.as_object().ok_or(Unauthenticated)?;
    let authorization = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let header = authorization.and_then(|(_, value)| value.as_str()).ok_or(Unauthenticated)?;
    let identity = doors.keys.authorize(header, doors.api.clock.now())?;
    let resume_after = payload.get("resumeAfter").and_then(Value::as_str).map(str::to_owned);
    Ok(Session::resuming(identity, resume_after))
}

/// The messages that bear text; ends with the connection.
fn texts<E>(incoming: impl Stream<Item = Result<Message, E>>) -> impl Stream<Item = Vec<u8>> {
    incoming
        .take_while(|message| {
            future::ready(matches!(message, Ok(message) if !matches!(message, Message::Close(_))))
        })
        .filter_map(|message| {
            future::ready(match message {
                Ok(Message::Text(text)) => Some(text.as_bytes().to_vec()),
                Ok(Message::Binary(bytes)) => Some(bytes.to_vec()),
                _ => None,
            })
        })
}

async fn close(socket: &mut WebSocket, code: u16, reason: &str) {
    let reason =
        text::clip(&reason.replace(|c: char| !c.is_ascii_graphic() && c != ' ', "?"), LONGEST_REASON);
    let frame = CloseFrame { code, reason: reason.replace('…', "...").into() };
    // Until the client has answered: a connection that is just dropped may lose the frame on its way.
    let _ = timeout(CLOSE_TIMEOUT, async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    })
    .await;
}
