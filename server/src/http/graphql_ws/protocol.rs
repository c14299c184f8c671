//! What a client may say on a socket, and when: `graphql-transport-ws`
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>). Pure.

use std::borrow::Cow;

use async_graphql::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::http::parameters::{self, BadParameter};

/// Close codes: the protocol's, and RFC 6455's where it has none.
pub(super) mod code {
    pub(crate) const SERVICE_RESTART: u16 = 1012;
    pub(crate) const TRY_AGAIN_LATER: u16 = 1013;
    pub(crate) const BAD_REQUEST: u16 = 4400;
    pub(crate) const UNAUTHORIZED: u16 = 4401;
    pub(crate) const FORBIDDEN: u16 = 4403;
    pub(crate) const SUBPROTOCOL_NOT_ACCEPTABLE: u16 = 4406;
    pub(crate) const INIT_TIMEOUT: u16 = 4408;
    pub(crate) const SUBSCRIBER_EXISTS: u16 = 4409;
    pub(crate) const TOO_MANY_INITS: u16 = 4429;
}

/// Bytes of an operation's id, at most: it stands before each of its results.
const LONGEST_ID: usize = 256;

/// How a socket is closed from our side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    /// For people. Cut to 123 bytes where it is sent.
    pub(super) reason: Cow<'static, str>,
}

impl Close {
    pub(super) fn new(code: u16, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// 4400.
    pub(super) fn invalid(why: &str) -> Self {
        Self::new(code::BAD_REQUEST, format!("Invalid message: {why}"))
    }
}

/// A client's message.
#[derive(Debug)]
pub(super) enum Message<'a> {
    /// `connection_init`. No payload is as good as an empty one.
    Init(Map<String, Value>),
    /// `ping`, with its payload as it stands there.
    Ping(Option<&'a str>),
    /// `pong`.
    Pong,
    /// `subscribe`.
    Subscribe { id: String, request: Box<Request> },
    /// `complete`.
    Complete { id: String },
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl<'a> Message<'a> {
    /// Reads a message; 4400 for what is none.
    pub(super) fn parse(text: &'a str) -> Result<Self, Close> {
        let envelope: Envelope<'a> =
            serde_json::from_str(text).map_err(|_| Close::invalid("it has to be a JSON object"))?;
        let kind: String = read(envelope.kind, "type has to be a string")?;
        match kind.as_str() {
            "connection_init" => envelope.map().map(Self::Init),
            "ping" => {
                envelope.map()?;
                Ok(Self::Ping(envelope.payload.map(RawValue::get)))
            }
            "pong" => envelope.map().map(|_| Self::Pong),
            "subscribe" => {
                let id = envelope.id()?;
                let parameters = read(envelope.payload, "payload has to be a map")?;
                let request = parameters::to_request(parameters)
                    .map_err(|BadParameter { message, .. }| Close::invalid(&message))?;
                Ok(Self::Subscribe { id, request: Box::new(request) })
            }
            "complete" => envelope.id().map(|id| Self::Complete { id }),
            _ => Err(Close::invalid("no client's message is of this type")),
        }
    }
}

impl Envelope<'_> {
    fn id(&self) -> Result<String, Close> {
        let id: String = read(self.id, "id has to be a string")?;
        match id.len() {
            0 => Err(Close::invalid("id must not be empty")),
            1..=LONGEST_ID => Ok(id),
            _ => Err(Close::invalid("id must have at most 256 bytes")),
        }
    }

    /// The payload, where there need be none.
    fn map(&self) -> Result<Map<String, Value>, Close> {
        match self.payload {
            Some(_) => read(self.payload, "payload has to be a map"),
            None => Ok(Map::new()),
        }
    }
}

fn read<T: DeserializeOwned>(raw: Option<&RawValue>, otherwise: &str) -> Result<T, Close> {
    let read = raw.and_then(|raw| serde_json::from_str(raw.get()).ok());
    read.ok_or_else(|| Close::invalid(otherwise))
}

/// How far a client has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connected.
    Opened,
    /// Has said who it is, and is not acknowledged yet.
    Introduced,
    /// May begin operations.
    Acknowledged,
}

impl Stage {
    /// Whether this message may come now, and the stage after it. `is_live` says which operations are under way.
    pub(super) fn after(
        self,
        message: &Message<'_>,
        is_live: impl FnOnce(&str) -> bool,
    ) -> Result<Self, Close> {
        match message {
            Message::Init(_) if self == Self::Opened => Ok(Self::Introduced),
            Message::Init(_) => Err(Close::new(code::TOO_MANY_INITS, "Too many initialisation requests")),
            Message::Subscribe { .. } if self != Self::Acknowledged => {
                Err(Close::new(code::UNAUTHORIZED, "Unauthorized"))
            }
            Message::Subscribe { id, .. } if is_live(id) => {
                let reason = format!("Subscriber for {} already exists", printable(id));
                Err(Close::new(code::SUBSCRIBER_EXISTS, reason))
            }
            // Of operations that are not under way any more, a client may not know so yet.
            _ => Ok(self),
        }
    }
}

/// An id as it may stand in a log or on a screen.
fn printable(id: &str) -> String {
    id.replace(char::is_control, "?")
}

/// `connection_ack`.
pub(super) const ACK: &[u8] = br#"{"type":"connection_ack"}"#;

/// `pong`, with the payload of the ping.
pub(super) fn pong(payload: Option<&str>) -> Vec<u8> {
    payload.map_or_else(
        || br#"{"type":"pong"}"#.to_vec(),
        |payload| format!(r#"{{"type":"pong","payload":{payload}}}"#).into_bytes(),
    )
}

/// What stands before a result in a `next` message; [`AFTER_PAYLOAD`] stands behind it.
pub(super) fn before_result(id: &str) -> Vec<u8> {
    format!(r#"{{"id":{},"type":"next","payload":"#, Value::from(id)).into_bytes()
}

/// See [`before_result`].
pub(super) const AFTER_PAYLOAD: &[u8] = b"}";

/// `error`, with a JSON array of GraphQL errors.
pub(super) fn error(id: &str, errors: &[u8]) -> Vec<u8> {
    let mut message = format!(r#"{{"id":{},"type":"error","payload":"#, Value::from(id)).into_bytes();
    message.extend_from_slice(errors);
    message.extend_from_slice(AFTER_PAYLOAD);
    message
}

/// `complete`.
pub(super) fn complete(id: &str) -> Vec<u8> {
    format!(r#"{{"id":{},"type":"complete"}}"#, Value::from(id)).into_bytes()
}

#[cfg(test)]
mod tests;
