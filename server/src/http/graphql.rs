//! `/graphql` and `/graphql/stream`: one operation per request, over HTTP. A subscription, and whatever asks for it, is
//! answered by a stream.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use tokio::time::timeout;

use super::admission::Place;
use super::over_http::{self, Form, Incoming, Limits, MediaType, Refusal, Served};
use super::{Doors, Settings, streams};
use crate::graphql::{Code, Identity, OperationKind, Session};

/// Where a client's last event was (<https://html.spec.whatwg.org/multipage/server-sent-events.html>).
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// `/graphql`.
pub(super) async fn serve(State(doors): State<Arc<Doors>>, request: Request) -> Response {
    respond(&doors, request, Served::Everything).await
}

/// `/graphql/stream`.
pub(super) async fn serve_stream(State(doors): State<Arc<Doors>>, request: Request) -> Response {
    respond(&doors, request, Served::EventStream).await
}

async fn respond(doors: &Arc<Doors>, request: Request, served: Served) -> Response {
    answer(doors, request, served).await.unwrap_or_else(Refusal::into_response)
}

/// Who asks, if the request says so; nobody may only look at the schema, and that only where it is open.
fn identify(doors: &Doors, headers: &HeaderMap) -> Result<Option<Identity>, Refusal> {
    match doors.keys.bearer(headers, doors.api.clock.now()) {
        Some(identity) => identity.map(Some).map_err(|_| stranger(headers)),
        // Resolvers refuse it.
        None if doors.settings.open.introspection => Ok(None),
        None => Err(stranger(headers)),
    }
}

fn stranger(headers: &HeaderMap) -> Refusal {
    Refusal::unauthenticated("a valid token is needed", headers)
}

async fn answer(doors: &Arc<Doors>, request: Request, served: Served) -> Result<Response, Refusal> {
    let identity = identify(doors, request.headers())?;
    let subject = identity.as_ref().map(|identity| identity.subject.clone());
    let resume_after = last_event_id(request.headers());
    let session = identity.map(|identity| Arc::new(Session::resuming(identity, resume_after)));
    let (answer_as, stranger) = (MediaType::for_refusal(request.headers()), stranger(request.headers()));
    let Incoming { request, kind, form } = receive(doors, request, served, answer_as).await?;
    if kind == Some(OperationKind::Subscription) && session.is_none() {
        // Without a token there is only the schema to look at.
        return Err(stranger);
    }
    match form {
        Form::Once(media_type) => execute(doors, request, session, media_type).await,
        Form::Stream(stream_type) => {
            let place = match &subject {
                Some(subject) => Some(take_place(doors, subject).map_err(|r| r.answered_as(answer_as))?),
                None => None,
            };
            Ok(streams::answer(doors, request, session, place, stream_type))
        }
    }
}

async fn receive(
    doors: &Doors,
    request: Request,
    served: Served,
    answer_as: MediaType,
) -> Result<Incoming, Refusal> {
    let Settings { body_bytes, document_tokens, receive_timeout, .. } = doors.settings;
    let limits = Limits { body_bytes, document_tokens };
    let receiving = timeout(receive_timeout, over_http::receive(request, limits, served));
    receiving.await.map_err(|_| too_slow().answered_as(answer_as))?
}

async fn execute(
    doors: &Doors,
    mut request: async_graphql::Request,
    session: Option<Arc<Session>>,
    media_type: MediaType,
) -> Result<Response, Refusal> {
    if let Some(session) = session {
        request = request.data(session);
    }
    let schema = doors.schema.clone();
    // A task of its own: what a client began is done even if it does not wait for the answer.
    let executing = tokio::spawn(async move { schema.execute(request).await });
    match executing.await {
        Ok(outcome) => Ok(over_http::encode(outcome, media_type)),
        Err(error) => {
            tracing::error!(%error, "a request ended in a panic");
            let refusal = Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                Code::Internal.name(),
                "something went wrong inside the server",
            );
            Err(refusal.answered_as(media_type))
        }
    }
}

/// A stream is as good as a socket.
fn take_place(doors: &Doors, subject: &str) -> Result<Place, Refusal> {
    doors.admission.enter(subject).ok_or_else(|| {
        let most = doors.settings.user_sockets;
        Refusal::rate_limited(format!("at most {most} sockets and streams of one user at a time"))
    })
}

/// What is no text is no cursor either, and refused as one.
fn last_event_id(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(LAST_EVENT_ID).map(HeaderValue::as_bytes).filter(|value| !value.is_empty())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

fn too_slow() -> Refusal {
    Refusal::new(StatusCode::REQUEST_TIMEOUT, Code::BadUserInput.name(), "the body took too long to arrive")
}
