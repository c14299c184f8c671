//! One operation, whichever framing its answers have: begun through the schema, answered through a [`Sink`].

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_graphql::{Request, Response, ServerError, Value};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio_util::task::AbortOnDropHandle;

use super::outcome;
use crate::delivery::{Encoded, Gone, Offer, Sink, Subscription};
use crate::graphql::{self, Begun, CampanileSchema, Code, OperationKind, Session};

/// What keeps a subscription going, until it is dropped.
pub(super) enum Running {
    /// Fed by delivery.
    Feed(#[expect(dead_code, reason = "held, so that the feed goes on")] Subscription),
    /// Driven by a task of its own.
    Stream(#[expect(dead_code, reason = "held, so that the task goes on")] AbortOnDropHandle<()>),
}

/// Begins an operation, and tells `sink` what comes of it; a subscription goes on for as long as the result is held.
///
/// To be run to its end, in a task of its own: a client that goes away does not undo a mutation.
pub(super) async fn begin(
    schema: &CampanileSchema,
    request: Request,
    session: Option<Arc<Session>>,
    sink: Arc<dyn Sink>,
) -> Option<Running> {
    let begun = AssertUnwindSafe(begin_and_answer(schema, request, session, &sink)).catch_unwind();
    begun.await.unwrap_or_else(|_| {
        tracing::error!("an operation ended in a panic");
        let message = "something went wrong inside the server";
        sink.end(Some(outcome::one_error(Code::Internal.name(), message)));
        None
    })
}

async fn begin_and_answer(
    schema: &CampanileSchema,
    mut request: Request,
    session: Option<Arc<Session>>,
    sink: &Arc<dyn Sink>,
) -> Option<Running> {
    let is_subscription = OperationKind::of(&mut request) == Some(OperationKind::Subscription);
    match graphql::begin(schema, request, session, Arc::clone(sink)).await {
        Begun::Answer(response) if is_subscription || outcome::is_request_error(&response) => {
            sink.end(Some(errors_of(&response.errors)));
            None
        }
        Begun::Answer(response) => {
            // Whoever asked may have gone.
            if send(&**sink, &response).await.is_ok() {
                sink.end(None);
            }
            None
        }
        Begun::Stream(responses) => {
            let relay = relay(responses, Arc::clone(sink));
            Some(Running::Stream(AbortOnDropHandle::new(tokio::spawn(relay))))
        }
        Begun::Feed(subscription) => Some(Running::Feed(subscription)),
    }
}

/// Passes responses on, as fast as they are taken.
async fn relay(mut responses: BoxStream<'static, Response>, sink: Arc<dyn Sink>) {
    let mut has_begun = false;
    while let Some(response) = responses.next().await {
        let is_refused = !has_begun && !response.errors.is_empty();
        if response.data == Value::Null && (is_refused || outcome::is_unauthenticated(&response)) {
            return sink.end(Some(errors_of(&response.errors)));
        }
        has_begun = true;
        if send(&*sink, &response).await.is_err() {
            return;
        }
    }
    sink.end(None);
}

async fn send(sink: &dyn Sink, response: &Response) -> Result<(), Gone> {
    let payload = Bytes::from(outcome::to_json(response).unwrap_or_default());
    let event = Encoded { payload, cursor: None };
    loop {
        match sink.offer(&[&event]) {
            Offer::Taken | Offer::Full(1..) => return Ok(()),
            Offer::Full(0) => sink.room().await?,
            Offer::Gone => return Err(Gone),
        }
    }
}

fn errors_of(errors: &[ServerError]) -> Bytes {
    Bytes::from(serde_json::to_vec(errors).unwrap_or_default())
}
