//! `/graphql`: one operation per request, over HTTP.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;

use super::over_http::{self, Limits, MediaType, Refusal};
use super::{Doors, Settings};
use crate::graphql::{Code, OperationKind, Session};

pub(super) async fn serve(State(doors): State<Doors>, request: Request) -> Response {
    match answer(&doors, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

/// Who asks, if the request says so; nobody may only look at the schema, and that only where it is open.
fn identify(doors: &Doors, headers: &HeaderMap) -> Result<Option<Arc<Session>>, Refusal> {
    let refused = || Refusal::unauthenticated("a valid token is needed", headers);
    match doors.keys.bearer(headers, doors.api.clock.now()) {
        Some(identity) => {
            identity.map(|identity| Some(Arc::new(Session::new(identity)))).map_err(|_| refused())
        }
        // Resolvers refuse it.
        None if doors.settings.open_introspection => Ok(None),
        None => Err(refused()),
    }
}

async fn answer(doors: &Doors, request: Request) -> Result<Response, Refusal> {
    let session = identify(doors, request.headers())?;
    let Settings { body_bytes, document_tokens, receive_timeout, .. } = doors.settings;
    let limits = Limits { body_bytes, document_tokens };
    let answer_as = MediaType::for_refusal(request.headers());
    let receiving = timeout(receive_timeout, over_http::receive(request, limits));
    let incoming = receiving.await.map_err(|_| too_slow().answered_as(answer_as))??;
    if incoming.kind == Some(OperationKind::Subscription) {
        return Err(Refusal::subscription_elsewhere(incoming.media_type));
    }
    let request = match session {
        Some(session) => incoming.request.data(session),
        None => incoming.request,
    };
    let schema = doors.schema.clone();
    // A task of its own: what a client began is done even if it does not wait for the answer.
    let executing = tokio::spawn(async move { schema.execute(request).await });
    match executing.await {
        Ok(outcome) => Ok(over_http::encode(outcome, incoming.media_type)),
        Err(error) => {
            tracing::error!(%error, "a request ended in a panic");
            let refusal = Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                Code::Internal.name(),
                "something went wrong inside the server",
            );
            Err(refusal.answered_as(incoming.media_type))
        }
    }
}

fn too_slow() -> Refusal {
    Refusal::new(StatusCode::REQUEST_TIMEOUT, Code::BadUserInput.name(), "the body took too long to arrive")
}
