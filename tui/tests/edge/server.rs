//! A stand-in for the server: graphql-transport-ws as its PROTOCOL.md has it, and the answers that a test gives.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
        http::HeaderValue,
        protocol::CloseFrame,
    },
};

use crate::screen::in_time;

/// Listens.
pub(crate) struct Server(TcpListener);

/// A client that has connected.
pub(crate) struct Peer {
    socket: WebSocketStream<TcpStream>,
    /// What it said first.
    pub(crate) init: Value,
}

/// An operation that a client has sent.
#[derive(Debug)]
pub(crate) struct Operation {
    id: String,
    /// Its document.
    pub(crate) query: String,
    /// Its variables.
    pub(crate) variables: Value,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    /// As a user would write it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }

    /// The next client, which is still to be answered.
    pub(crate) async fn meet(&self) -> Peer {
        let (stream, _) = in_time(self.0.accept()).await.unwrap();
        let mut socket = accept_hdr_async(stream, choose_protocol).await.unwrap();
        let message = in_time(socket.next()).await.unwrap().unwrap();
        let init: Value = serde_json::from_str(message.to_text().unwrap()).unwrap();
        assert_eq!(init["type"], "connection_init");
        Peer { socket, init: init["payload"].clone() }
    }

    /// The next client, of whom nothing more is wanted than what it says first.
    pub(crate) async fn hang_up(&self) {
        let (mut stream, _) = in_time(self.0.accept()).await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(in_time(stream.read_u8()).await.unwrap());
        }
    }

    /// The next client, welcome.
    pub(crate) async fn accept(&self) -> Peer {
        let mut peer = self.meet().await;
        peer.send(json!({"type": "connection_ack"})).await;
        peer
    }
}

#[expect(clippy::result_large_err, clippy::unnecessary_wraps, reason = "tungstenite's signature")]
fn choose_protocol(request: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    assert_eq!(request.uri().path(), "/graphql/ws");
    assert_eq!(request.headers()["sec-websocket-protocol"], "graphql-transport-ws");
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    response.headers_mut().insert("sec-websocket-protocol", protocol);
    Ok(response)
}

impl Peer {
    async fn send(&mut self, message: Value) {
        self.socket.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next operation, which has this field.
    pub(crate) async fn asks(&mut self, field: &str) -> Operation {
        loop {
            let message = in_time(self.socket.next()).await.unwrap().unwrap();
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).unwrap();
            if message["type"] != "subscribe" {
                continue;
            }
            let operation = Operation {
                id: message["id"].as_str().unwrap().to_owned(),
                query: message["payload"]["query"].as_str().unwrap().to_owned(),
                variables: message["payload"]["variables"].clone(),
            };
            assert!(operation.query.contains(field), "{field} was expected: {}", operation.query);
            return operation;
        }
    }

    /// One answer, and the end.
    pub(crate) async fn answer(&mut self, operation: &Operation, data: Value) {
        self.send(json!({"type": "next", "id": operation.id, "payload": {"data": data}})).await;
        self.send(json!({"type": "complete", "id": operation.id})).await;
    }

    /// One event of a feed.
    pub(crate) async fn tell(&mut self, feed: &Operation, event: Value) {
        self.next(feed, json!({"feed": event})).await;
    }

    /// One answer, of which there may be more.
    pub(crate) async fn next(&mut self, operation: &Operation, data: Value) {
        self.send(json!({"type": "next", "id": operation.id, "payload": {"data": data}})).await;
    }

    /// No.
    pub(crate) async fn refuse(&mut self, operation: &Operation, code: &str) {
        let error = json!({"message": "no", "extensions": {"code": code}});
        self.send(json!({"type": "error", "id": operation.id, "payload": [error]})).await;
    }

    /// Closes properly, with a code.
    pub(crate) async fn close(mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame { code: code.into(), reason: reason.into() };
        self.socket.close(Some(frame)).await.unwrap();
        while self.socket.next().await.is_some_and(|message| message.is_ok()) {}
    }
}

/// The n-th notification.
pub(crate) fn notification(n: u32) -> Value {
    json!({
        "id": format!("n{n}"), "type": "EVENT_CREATED", "category": "EVENTS", "audience": "CAMPUS", "title": format!("Event {n}"),
        "message": "It has been created.", "priority": "MEDIUM", "readAt": null, "archivedAt": null, "expiresAt": null,
        "createdAt": format!("2026-11-21T18:{:02}:{:02}Z", n / 60, n % 60), "sender": {"id": "user:ada", "name": "Ada"},
        "campus": {"id": "campus:north", "key": "north", "name": "North Campus"},
        "data": {"eventId": null, "attendanceId": null, "actionUrl": null, "metadata": null},
    })
}

/// The event that adds it.
pub(crate) fn added(n: u32) -> Value {
    json!({"__typename": "NotificationAdded", "cursor": format!("c{n}"), "silent": false, "replayed": false,
        "notification": notification(n)})
}

/// The catch-up is done.
pub(crate) fn live(cursor: &str) -> Value {
    json!({"__typename": "FeedProgress", "cursor": cursor, "live": true})
}

/// The viewer, and a page with these, newest first.
pub(crate) fn first_page(newest_first: &[u32]) -> Value {
    let nodes: Vec<_> = newest_first.iter().map(|n| notification(*n)).collect();
    let count = json!({"count": nodes.len(), "atLeast": false});
    json!({
        "viewer": {
            "user": {"key": "ada", "name": "Ada Lovelace", "memberships": [
                {"role": "ADMIN", "campus": {"id": "campus:north", "key": "north", "name": "North Campus"}}]},
            "permissions": {"administers": [], "broadcastToAll": false, "auditLog": false},
            "unreadCount": count, "unseenCount": count,
        },
        "notifications": {
            "nodes": nodes, "pageInfo": {"hasNextPage": false, "endCursor": null},
            "feedCursor": format!("c{}", newest_first.first().unwrap_or(&0)),
        },
    })
}
