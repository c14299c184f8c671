//! From an execution's outcome to an HTTP response: status, headers, body. Invents no error of its own.

use std::collections::BTreeMap;

use async_graphql::{Response as Outcome, ServerError, Value};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::accept::MediaType;
use super::refusal::{UNAUTHENTICATED, set_common_headers};

/// Writes an outcome as `media_type`.
///
/// | outcome | `application/graphql-response+json` | `application/json` |
/// |---|---|---|
/// | no data, and an error with code `UNAUTHENTICATED` | 401 | 401 |
/// | a request error: no valid document, no such operation… | by its code, else 400 | 200 |
/// | data, be it partial or null | 200 | 200 |
pub(crate) fn encode(outcome: Outcome, media_type: MediaType) -> Response {
    let request_error = is_request_error(&outcome);
    let status = status(&outcome, request_error, media_type);
    let body = Body {
        errors: &outcome.errors,
        data: if request_error { None } else { Some(&outcome.data) },
        extensions: &outcome.extensions,
    };
    // Only a map whose keys are no strings could fail here, and GraphQL has none.
    let Ok(json) = serde_json::to_vec(&body) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };

    let mut response = (status, json).into_response();
    let headers = response.headers_mut();
    headers.extend(outcome.http_headers);
    set_common_headers(headers, media_type);
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn status(outcome: &Outcome, request_error: bool, media_type: MediaType) -> StatusCode {
    let mut codes = outcome.errors.iter().filter_map(code);
    if outcome.data == Value::Null && codes.clone().any(|code| code == UNAUTHENTICATED) {
        return StatusCode::UNAUTHORIZED;
    }
    if !request_error || media_type == MediaType::Json {
        return StatusCode::OK;
    }
    match codes.next() {
        Some("FORBIDDEN") => StatusCode::FORBIDDEN,
        Some("RATE_LIMITED") => StatusCode::TOO_MANY_REQUESTS,
        Some("UNAVAILABLE") => StatusCode::SERVICE_UNAVAILABLE,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// Whether execution never began. async-graphql says `data: null` then, as it does when a null came up to the
/// top; but an error from execution has the path of the field that it befell, and a request error has none.
fn is_request_error(outcome: &Outcome) -> bool {
    outcome.data == Value::Null
        && !outcome.errors.is_empty()
        && outcome.errors.iter().all(|error| error.path.is_empty())
}

fn code(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// A response's map, errors first, as the specification recommends: who reads a log sees them.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "<[ServerError]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: &'a BTreeMap<String, Value>,
}
