//! From method, headers, query string and body to a GraphQL request. Pure: the body has been read already.

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::accept::{self, Served, is_utf8};
use super::refusal::{BAD_USER_INPUT, Refusal, TOO_COMPLEX};
use super::{Incoming, Limits};
use crate::graphql::{OperationKind, has_more_tokens_than};
use crate::http::parameters::{self, EXTENSIONS, OPERATION_NAME, QUERY, VARIABLES};

/// What can be refused before the body is read: another method, or a body of another type.
pub(super) fn check_head(method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
    match *method {
        Method::GET => Ok(()),
        Method::POST => check_content_type(headers),
        _ => Err(Refusal::method_not_allowed("GET, POST", "GraphQL is served by GET and POST")),
    }
}

/// Decodes a request of which the head has been checked.
pub(super) fn decode(
    method: &Method,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
    limits: Limits,
    served: Served,
) -> Result<Incoming, Refusal> {
    let by_get = *method == Method::GET;
    let parameters = if by_get { from_query_string(query.unwrap_or_default())? } else { from_body(body)? };
    let mut request = parameters::to_request(parameters)?;
    if has_more_tokens_than(&request.query, limits.document_tokens) {
        let message = format!("the document has more than {} tokens", limits.document_tokens);
        return Err(Refusal::new(StatusCode::BAD_REQUEST, TOO_COMPLEX, message));
    }
    let kind = OperationKind::of(&mut request);
    if by_get && kind == Some(OperationKind::Mutation) {
        return Err(Refusal::method_not_allowed("POST", "a mutation is sent by POST"));
    }
    let form = accept::negotiate(headers, kind, served)?;
    Ok(Incoming { request, kind, form })
}

/// JSON in UTF-8, and not packed: no other type lets a browser's form post here from a foreign page.
fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let refuse = |message| Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, BAD_USER_INPUT, message));
    let Some(content_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return refuse("the body's Content-Type has to be application/json");
    };
    let mut parts = content_type.split(';').map(str::trim);
    if !parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        return refuse("the body's Content-Type has to be application/json");
    }
    for parameter in parts {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        if name.trim().eq_ignore_ascii_case("charset") && !is_utf8(value) {
            return refuse("the body's charset has to be utf-8");
        }
    }
    let packed = headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    if packed { refuse("the body may not have a Content-Encoding") } else { Ok(()) }
}

fn from_body(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let parsed = serde_json::from_slice(body)
        .map_err(|error| Refusal::bad_input(format!("the body is not JSON: {error}")))?;
    match parsed {
        Value::Object(parameters) => Ok(parameters),
        Value::Array(_) => Err(Refusal::bad_input("batches are not served: send one request at a time")),
        _ => Err(Refusal::bad_input("the body has to be a JSON object")),
    }
}

/// The four parameters of a query string. What is empty is as good as absent; others are none of our
/// business.
fn from_query_string(query: &str) -> Result<Map<String, Value>, Refusal> {
    let mut parameters = Map::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let (name, json) = match name.as_ref() {
            QUERY => (QUERY, false),
            OPERATION_NAME => (OPERATION_NAME, false),
            VARIABLES => (VARIABLES, true),
            EXTENSIONS => (EXTENSIONS, true),
            _ => continue,
        };
        let value = if text.is_empty() {
            Value::Null
        } else if json {
            serde_json::from_str(&text)
                .map_err(|error| Refusal::bad_parameter(name, format!("{name} is not JSON: {error}")))?
        } else {
            Value::String(text.into_owned())
        };
        // Two readers of one address must not see two different requests.
        if parameters.insert(name.to_owned(), value).is_some() {
            return Err(Refusal::bad_parameter(name, format!("{name} is given twice")));
        }
    }
    Ok(parameters)
}
