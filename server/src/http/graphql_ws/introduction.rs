//! `connection_init`: whose the socket is, and where their feeds begin.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Stranger;
use super::protocol::{Close, code};
use crate::graphql::Session;
use crate::http::Doors;
use crate::http::admission::Place;

/// Looks at the payload, and at the handshake's request where that says nothing of a token. A user who has enough sockets
/// gets no further one.
pub(super) fn introduce(
    doors: &Doors,
    stranger: &Stranger,
    payload: &Map<String, Value>,
) -> Result<(Session, Place), Close> {
    let resume_after = match payload.get("resumeAfter") {
        None | Some(Value::Null) => None,
        Some(Value::String(cursor)) => Some(cursor.clone()),
        Some(_) => return Err(Close::invalid("resumeAfter has to be a string")),
    };
    let header = authorization(payload).or_else(|| stranger.authorization.as_ref()?.to_str().ok());
    let identity = header.and_then(|header| doors.keys.authorize(header, doors.api.clock.now()).ok());
    let identity = identity.ok_or_else(|| forbidden("a valid token is needed"))?;
    let place = doors.admission.enter(&identity.subject).ok_or_else(|| {
        let most = doors.settings.user_sockets;
        Close::new(code::TRY_AGAIN_LATER, format!("at most {most} sockets and streams of one user at a time"))
    })?;
    let tokens = Arc::clone(&doors.keys) as _;
    Ok((Session::on_socket(identity, resume_after, tokens), place))
}

/// What the payload says of the token. Clients differ in how they spell the name; HTTP does not care either.
fn authorization(payload: &Map<String, Value>) -> Option<&str> {
    let (_, value) = payload.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?;
    match value {
        Value::Null => None,
        // Of another type, it is as good as garbled.
        value => Some(value.as_str().unwrap_or_default()),
    }
}

/// 4403.
pub(super) fn forbidden(why: &str) -> Close {
    Close::new(code::FORBIDDEN, format!("Forbidden: {why}"))
}
