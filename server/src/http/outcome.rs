//! An execution's outcome as JSON: the same on every door.

use std::collections::BTreeMap;

use async_graphql::{Response as Outcome, ServerError, Value};
use serde::Serialize;

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
