//! GraphQL over HTTP, to its specification (<https://graphql.github.io/graphql-over-http/draft/>): what a
//! request says, which media type it wants, and how an answer is put on the wire.
//!
//! It is a codec and nothing more. It knows neither the schema, nor who calls, nor the store; it executes
//! nothing. A door uses it in three steps:
//!
//! 1. [`receive`] makes an [`Incoming`] of a request, or a [`Refusal`] with the right status;
//! 2. the door executes [`Incoming::request`] as it likes (authenticating is its business;
//!    [`Refusal::unauthenticated`] is the answer when that fails);
//! 3. [`encode`] makes a response of the outcome.
//!
//! A subscription is recognised before the `Accept` header has a say, because the clients that can stream
//! list media types for all three kinds of operation at once. [`Incoming::form`] tells the door whether to answer once
//! or with a stream, which is not this codec's to write.
//!
//! | file | holds |
//! |---|---|
//! | `accept` | the `Accept` header: once or as a stream, and of which media type |
//! | `decode` | method, headers, query string and body to a request |
//! | `encode` | an outcome to status, headers and body |
//! | `refusal` | every other answer |

mod accept;
mod decode;
mod encode;
mod refusal;

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::Request as HttpRequest;
use axum::http::header::{CONTENT_LENGTH, EXPECT};
use axum::http::{HeaderMap, Method, StatusCode};
use futures_util::StreamExt;
use tokio::time::timeout;

use crate::graphql::OperationKind;

pub(crate) use accept::{Form, MediaType, Served, StreamType};
pub(crate) use encode::encode;
pub(crate) use refusal::Refusal;

/// How much one request may ask this codec to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Bytes of body; more is 413.
    pub(crate) body_bytes: usize,
    /// Lexical tokens of the GraphQL document, counted before it is parsed; more is `TOO_COMPLEX`.
    pub(crate) document_tokens: usize,
}

/// A request that is well formed as far as HTTP goes. Whether its document is valid is for the schema to say.
#[derive(Debug)]
pub(crate) struct Incoming {
    /// To be executed; its document is parsed already where it could be.
    pub(crate) request: async_graphql::Request,
    /// None where the document does not parse or has no such operation: executing it then yields exactly that
    /// error, and does nothing else.
    pub(crate) kind: Option<OperationKind>,
    /// How it has to be answered.
    pub(crate) form: Form,
}

/// Reads a request to a door that can answer as `served`, its body included.
///
/// Never waits longer than the body takes to arrive: a time-out for slow senders is the caller's.
pub(crate) async fn receive(
    request: HttpRequest,
    limits: Limits,
    served: Served,
) -> Result<Incoming, Refusal> {
    let (head, body) = request.into_parts();
    let answer_as = MediaType::for_refusal(&head.headers);
    let received = async {
        decode::check_head(&head.method, &head.headers)?;
        let body = if head.method == Method::POST {
            read(body, &head.headers, limits.body_bytes).await?
        } else {
            Vec::new()
        };
        decode::decode(&head.method, &head.headers, head.uri.query(), &body, limits, served)
    };
    received.await.map_err(|refusal| refusal.answered_as(answer_as))
}

/// A body that is too long is still read, and thrown away, up to so many times the limit: many clients look for an
/// answer only once they have sent everything, and would see a broken connection instead of the 413.
const READ_TO_REFUSE: usize = 8;
/// For one that has not sent more in this time, the answer need not wait.
const REFUSE_AFTER: Duration = Duration::from_millis(500);

/// The whole body, or 413.
async fn read(body: Body, headers: &HeaderMap, limit: usize) -> Result<Vec<u8>, Refusal> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let mut chunks = body.into_data_stream();
    if announced.is_some_and(|bytes| usize::try_from(bytes).map_or(true, |bytes| bytes > limit)) {
        // One that waits to be told to go on has not sent anything yet.
        if !headers.contains_key(EXPECT) {
            discard(&mut chunks, limit).await;
        }
        return Err(too_large(limit));
    }
    let mut whole = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Refusal::bad_input("the body did not arrive whole"))?;
        if whole.len() + chunk.len() > limit {
            discard(&mut chunks, limit).await;
            return Err(too_large(limit));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole)
}

/// Reads what a client goes on to send, as long as it does, and as far as it is worth while.
async fn discard(chunks: &mut BodyDataStream, limit: usize) {
    let mut left = READ_TO_REFUSE.saturating_mul(limit);
    while let Ok(Some(Ok(chunk))) = timeout(REFUSE_AFTER, chunks.next()).await {
        match left.checked_sub(chunk.len()) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

fn too_large(limit: usize) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        refusal::BAD_USER_INPUT,
        format!("the body is longer than {limit} bytes"),
    )
}

#[cfg(test)]
mod tests;
