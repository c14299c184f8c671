//! The opening handshake (RFC 6455, section 4.2).

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    ALLOW, CONNECTION, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{Method, Request, Response, StatusCode, Version};
use axum::response::IntoResponse as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tungstenite::handshake::derive_accept_key;

use super::{Channel, Receiver, Transport};
use crate::http::listen::{Patient, Stream};

/// A handshake that succeeded.
pub struct Accepted {
    /// The answer to give: 101. Only with it does the connection become a WebSocket.
    pub response: Response<Body>,
    /// The subprotocol: the first of the client's that we speak; none where we speak none.
    pub protocol: Option<&'static str>,
    /// The connection to be.
    pub pending: Pending,
}

/// A connection whose handshake is about to be answered.
pub struct Pending(OnUpgrade);

/// Looks at a request for a WebSocket, and picks one of `protocols`. The error is the answer to give.
#[expect(clippy::result_large_err, reason = "it is answered at once, not passed on")]
pub fn accept<B>(request: &mut Request<B>, protocols: &[&'static str]) -> Result<Accepted, Response<Body>> {
    let headers = request.headers();
    if request.method() != Method::GET {
        let refusal = refuse(StatusCode::METHOD_NOT_ALLOWED, "a WebSocket begins with GET\n");
        return Err(with(refusal, ALLOW, "GET"));
    }
    if request.version() != Version::HTTP_11 {
        return Err(refuse(StatusCode::BAD_REQUEST, "a WebSocket begins with HTTP/1.1\n"));
    }
    if !has_token(headers, &CONNECTION, "upgrade") || !has_token(headers, &UPGRADE, "websocket") {
        let refusal = refuse(StatusCode::UPGRADE_REQUIRED, "this address speaks WebSocket\n");
        return Err(with(with(refusal, CONNECTION, "Upgrade"), UPGRADE, "websocket"));
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        let refusal = refuse(StatusCode::UPGRADE_REQUIRED, "only version 13 of WebSocket is spoken\n");
        let refusal = with(with(refusal, CONNECTION, "Upgrade"), UPGRADE, "websocket");
        return Err(with(refusal, SEC_WEBSOCKET_VERSION, "13"));
    }
    let Some(key) = headers.get(SEC_WEBSOCKET_KEY).filter(|key| is_key(key)) else {
        return Err(refuse(StatusCode::BAD_REQUEST, "Sec-WebSocket-Key must be 16 bytes in base64\n"));
    };
    let answer = derive_accept_key(key.as_bytes());
    let protocol = tokens(headers, &SEC_WEBSOCKET_PROTOCOL)
        .find_map(|wanted| protocols.iter().copied().find(|ours| *ours == wanted));
    let mut response = with(Response::new(Body::empty()), CONNECTION, "Upgrade");
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    response = with(response, UPGRADE, "websocket");
    if let Ok(answer) = HeaderValue::from_str(&answer) {
        response.headers_mut().insert(SEC_WEBSOCKET_ACCEPT, answer);
    }
    if let Some(protocol) = protocol {
        response = with(response, SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    Ok(Accepted { response, protocol, pending: Pending(hyper::upgrade::on(request)) })
}

impl Pending {
    /// Waits until the answer is out, and opens the connection; none if the client went away before. `message_bytes` is
    /// the most that a message of the client's may have.
    pub async fn open(self, message_bytes: usize) -> Option<(Arc<Channel>, Receiver)> {
        let upgraded = self.0.await.ok()?;
        let parts = upgraded.downcast::<TokioIo<Patient<Stream>>>().ok()?;
        let transport = Transport::from(parts.io.into_inner().into_inner());
        // Decoded at once and dropped, for it holds on to the whole buffer that the request was read into.
        Some(Channel::open(transport, &parts.read_buf, message_bytes))
    }
}

fn refuse(status: StatusCode, why: &'static str) -> Response<Body> {
    (status, why).into_response()
}

fn with(mut response: Response<Body>, name: HeaderName, value: &'static str) -> Response<Body> {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

/// What the headers of this name list, over all of them.
fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lists = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim)
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|listed| listed.eq_ignore_ascii_case(token))
}

fn is_key(key: &HeaderValue) -> bool {
    STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16)
}
