//! An execution's outcome as JSON: the same on every door.

use std::collections::BTreeMap;
use std::time::Duration;

use async_graphql::{Response as Outcome, ServerError, Value};
use bytes::Bytes;
use serde::Serialize;
use serde_json::json;

use crate::graphql::Code;

/// A response's map, errors first, as the specification of GraphQL recommends: who reads a log sees them.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}

/// The response's map. `None` only for a map whose keys are no strings, which GraphQL has not.
pub(super) fn to_json(outcome: &Outcome) -> Option<Vec<u8>> {
    let body = Body {
        errors: &outcome.errors,
        data: if is_request_error(outcome) { None } else { Some(&outcome.data) },
        extensions: &outcome.extensions,
    };
    serde_json::to_vec(&body).ok()
}

/// Whether execution never began. async-graphql says `data: null` then, as it does when a null came up to the
/// top; but an error from execution has the path of the field that it befell, and a request error has none.
pub(super) fn is_request_error(outcome: &Outcome) -> bool {
    outcome.data == Value::Null
        && !outcome.errors.is_empty()
        && outcome.errors.iter().all(|error| error.path.is_empty())
}

/// Whether a token was needed, and none counted.
pub(super) fn is_unauthenticated(outcome: &Outcome) -> bool {
    outcome.errors.iter().filter_map(code).any(|code| code == Code::Unauthenticated.name())
}

/// An error's `extensions.code`.
pub(super) fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// A JSON array of one error that a door makes by itself.
pub(super) fn one_error(code: &str, message: &str) -> Bytes {
    Bytes::from(json!([{ "message": message, "extensions": { "code": code } }]).to_string())
}

/// As [`one_error`], for what is refused because there is too much of it.
pub(super) fn rate_limited(message: &str) -> Bytes {
    let extensions = json!({ "code": RATE_LIMITED, "retryAfterMs": RETRY_AFTER.as_millis() });
    Bytes::from(json!([{ "message": message, "extensions": extensions }]).to_string())
}

/// The code of what is refused because there is too much of it.
pub(super) const RATE_LIMITED: &str = "RATE_LIMITED";
/// After how long it is worth another try.
pub(super) const RETRY_AFTER: Duration = Duration::from_secs(5);
