//! The answers that are not a GraphQL execution's: each is a status, headers, and a GraphQL error as body.
//! Messages say what to do differently, and nothing of the inside.

use std::borrow::Cow;

use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER as RETRY_AFTER_HEADER, WWW_AUTHENTICATE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::accept::MediaType;
use crate::http::outcome::{RATE_LIMITED, RETRY_AFTER};
use crate::http::parameters::BadParameter;

pub(super) const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
pub(super) const TOO_COMPLEX: &str = "TOO_COMPLEX";
pub(super) const UNAUTHENTICATED: &str = "UNAUTHENTICATED";

/// A request that is not executed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
    field: Option<&'static str>,
    allow: Option<&'static str>,
    media_type: MediaType,
}

impl Refusal {
    /// A refusal with one of the design's error codes, written as JSON unless
    /// [`answered_as`](Self::answered_as) says otherwise.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), field: None, allow: None, media_type: MediaType::Json }
    }

    /// 401 with `WWW-Authenticate: Bearer`, for a request that came without a token or with one that is worth
    /// nothing.
    pub(crate) fn unauthenticated(message: impl Into<Cow<'static, str>>, headers: &HeaderMap) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, UNAUTHENTICATED, message)
            .answered_as(MediaType::for_refusal(headers))
    }

    /// 429 with `Retry-After`, for what has to wait until there is less of it.
    pub(crate) fn rate_limited(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, RATE_LIMITED, message)
    }

    pub(super) fn not_acceptable(message: &'static str) -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, BAD_USER_INPUT, message)
    }

    pub(super) fn bad_input(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, BAD_USER_INPUT, message)
    }

    pub(super) fn bad_parameter(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field), ..Self::bad_input(message) }
    }

    pub(super) fn method_not_allowed(allow: &'static str, message: &'static str) -> Self {
        Self { allow: Some(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, BAD_USER_INPUT, message) }
    }

    /// The same, written as `media_type`.
    pub(crate) fn answered_as(self, media_type: MediaType) -> Self {
        Self { media_type, ..self }
    }
}

impl From<BadParameter> for Refusal {
    fn from(bad: BadParameter) -> Self {
        Self::bad_parameter(bad.field, bad.message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut extensions = json!({ "code": self.code });
        if let Some(field) = self.field {
            extensions["field"] = json!(field);
        }
        let is_temporary = self.status == StatusCode::TOO_MANY_REQUESTS;
        if is_temporary {
            extensions["retryAfterMs"] = json!(RETRY_AFTER.as_millis());
        }
        let body = json!({ "errors": [{ "message": self.message, "extensions": extensions }] });
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        set_common_headers(headers, self.media_type);
        if let Some(allow) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(allow));
        }
        if is_temporary {
            headers.insert(RETRY_AFTER_HEADER, HeaderValue::from(RETRY_AFTER.as_secs()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// What every answer bears: its type, and that it is nobody's to keep, since it is about whoever asked.
pub(super) fn set_common_headers(headers: &mut HeaderMap, media_type: MediaType) {
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type.content_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
}
