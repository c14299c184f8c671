//! From an execution's outcome to an HTTP response: status, headers, body. Invents no error of its own.

use async_graphql::{Response as Outcome, Value};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::accept::MediaType;
use super::refusal::set_common_headers;
use crate::http::outcome;

/// Writes an outcome as `media_type`.
///
/// | outcome | `application/graphql-response+json` | `application/json` |
/// |---|---|---|
/// | no data, and an error with code `UNAUTHENTICATED` | 401 | 401 |
/// | a request error: no valid document, no such operation… | by its code, else 400 | 200 |
/// | data, be it partial or null | 200 | 200 |
pub(crate) fn encode(outcome: Outcome, media_type: MediaType) -> Response {
    let status = status(&outcome, media_type);
    let Some(json) = outcome::to_json(&outcome) else {
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

fn status(outcome: &Outcome, media_type: MediaType) -> StatusCode {
    let mut codes = outcome.errors.iter().filter_map(outcome::code);
    if outcome.data == Value::Null && outcome::is_unauthenticated(outcome) {
        return StatusCode::UNAUTHORIZED;
    }
    if !outcome::is_request_error(outcome) || media_type == MediaType::Json {
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
