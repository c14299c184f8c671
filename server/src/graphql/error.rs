//! The one mapping of what goes wrong inside to what the API answers: an `extensions.code`, and for bad input the
//! `field`. What went wrong inside the server goes to the log, once, here; a caller learns nothing of it.

use std::sync::Arc;

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextSubscribe, NextValidation,
};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{ErrorExtensionValues, Response, ServerError, ServerResult, ValidationResult, Variables};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;

use crate::delivery::FeedError;
use crate::domain::access::Denied;
use crate::domain::cursor::CursorError;
use crate::domain::invalid::Invalid;
use crate::domain::text;
use crate::store::StoreError;

/// The API's error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// No token, or not one that counts.
    Unauthenticated,
    /// Not allowed.
    Forbidden,
    /// Not there, or not for this caller to know of.
    NotFound,
    /// Not well-formed; `field` says what.
    BadUserInput,
    /// The idempotency key was used for something else, or what was to be called off was sent.
    Conflict,
    /// The client has to start again from a page.
    CursorExpired,
    /// More than the limits allow.
    TooComplex,
    /// Not now; the same again later is safe.
    Unavailable,
    /// Our fault.
    Internal,
    /// Not GraphQL.
    ParseFailed,
    /// Not this schema's.
    ValidationFailed,
}

impl Code {
    /// As `extensions.code` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Conflict => "CONFLICT",
            Self::CursorExpired => "CURSOR_EXPIRED",
            Self::TooComplex => "TOO_COMPLEX",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
        }
    }
}

/// Why a resolver did not answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ApiError {
    /// No token, or it has run out.
    #[error("a valid token is needed")]
    Unauthenticated,
    /// A rule of [`crate::domain::access`] says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The input is not well-formed.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// What `field` names is not there, or not for this caller to know of.
    #[error("{field} names nothing that is there")]
    NotFound {
        /// Below the mutation's `input`, or the argument's name.
        field: String,
    },
    /// The idempotency key was used for something else.
    #[error("the idempotency key was used for other content")]
    Conflict,
    /// What was to be called off has been sent, or has failed.
    #[error("it does not wait any more")]
    TooLate,
    /// Where a feed or page should begin is not there any more.
    #[error("the cursor {}", CursorError::Expired)]
    CursorExpired,
    /// One user asks for too many different things at a time.
    #[error("at most {0} different selections of a user's feed at a time")]
    TooManySelections(usize),
    /// The database does not answer.
    #[error("not available at the moment; try again")]
    Store(#[from] StoreError),
    /// A promise of the store's was broken.
    #[error("something went wrong inside the server")]
    Internal(&'static str),
}

impl ApiError {
    /// Nothing that this caller may know of is named by `field`.
    pub(super) fn not_found(field: impl Into<String>) -> Self {
        Self::NotFound { field: field.into() }
    }

    /// What came of reading the cursor in `field`.
    pub(super) fn cursor(field: &str, error: CursorError) -> Self {
        match error {
            CursorError::Garbled => Self::Invalid(Invalid::new(field, error.to_string())),
            CursorError::Expired => Self::CursorExpired,
        }
    }

    /// As `extensions.code` has it.
    pub fn code(&self) -> Code {
        match self {
            Self::Unauthenticated => Code::Unauthenticated,
            Self::Denied(Denied::Forbidden) => Code::Forbidden,
            Self::Denied(Denied::NotFound) | Self::NotFound { .. } => Code::NotFound,
            Self::Invalid(_) => Code::BadUserInput,
            Self::Conflict | Self::TooLate => Code::Conflict,
            Self::CursorExpired => Code::CursorExpired,
            Self::TooManySelections(_) => Code::TooComplex,
            Self::Store(StoreError::Unavailable(_)) => Code::Unavailable,
            Self::Store(StoreError::Refused(_)) | Self::Internal(_) => Code::Internal,
        }
    }

    /// Which input it is about.
    pub(super) fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid(invalid) => Some(&invalid.field),
            Self::NotFound { field } => Some(field),
            _ => None,
        }
    }

    /// As a JSON array of one GraphQL error.
    pub(super) fn to_json(&self) -> Bytes {
        self.log();
        let errors = serde_json::json!([{
            "message": self.to_string(),
            "extensions": { "code": self.code().name() },
        }]);
        Bytes::from(errors.to_string())
    }

    /// Tells the server's log what is its affair. Callers learn nothing of it.
    pub(super) fn log(&self) {
        match self {
            Self::Store(StoreError::Refused(reason)) => {
                tracing::error!(reason, "the database refused a write that the domain had let pass");
            }
            Self::Store(StoreError::Unavailable(reason)) => {
                tracing::warn!(reason, "answered with UNAVAILABLE");
            }
            Self::Internal(reason) => tracing::error!(reason, "answered with INTERNAL"),
            _ => {}
        }
    }
}

impl From<FeedError> for ApiError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Cursor(error) => Self::cursor("after", error),
            FeedError::Store(error) => Self::Store(error),
            FeedError::TooManySelections(most) => Self::TooManySelections(most),
        }
    }
}

/// Why a document is not executed.
pub(super) fn request_error(message: impl Into<String>, code: Code) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code.name());
    error
}

/// What the resolvers answer with.
pub(super) type ApiResult<T> = Result<T, ApiError>;

/// Characters of an error's message, at most.
const LONGEST_MESSAGE: usize = 1_000;

/// Gives every error its code: the resolvers' theirs, and those that the GraphQL library makes by itself too.
pub(super) struct Coded;

impl ExtensionFactory for Coded {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Coded {
    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        Box::pin(next.run(ctx, stream).map(with_codes))
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        next.run(ctx, query, variables).await.map_err(|error| coded(error, Code::ParseFailed))
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let code = |error: &ServerError| match error.message.as_str() {
            "Query is nested too deep." | "Query is too complex." => Code::TooComplex,
            _ => Code::ValidationFailed,
        };
        let coded = |error: ServerError| {
            let code = code(&error);
            coded(error, code)
        };
        next.run(ctx).await.map_err(|errors| errors.into_iter().map(coded).collect())
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        with_codes(next.run(ctx, operation_name).await)
    }
}

fn with_codes(mut response: Response) -> Response {
    // What the library itself finds while it executes is an argument that it could not read.
    response.errors = response.errors.into_iter().map(|error| coded(error, Code::BadUserInput)).collect();
    response
}

/// `error` with its own code, or with `otherwise` where nobody gave it one.
fn coded(mut error: ServerError, otherwise: Code) -> ServerError {
    // The library's parser quotes the line that it does not understand, however long.
    error.message = text::clip(&error.message, LONGEST_MESSAGE);
    let own = error.source::<ApiError>().cloned();
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if extensions.get("code").is_some() {
        return error;
    }
    extensions.set("code", own.as_ref().map_or(otherwise, ApiError::code).name());
    if let Some(field) = own.as_ref().and_then(ApiError::field) {
        extensions.set("field", field);
    }
    if let Some(own) = own {
        own.log();
    }
    error
}
