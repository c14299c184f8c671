//! Operations whose answers are a body that goes on until the operation ends: GraphQL over SSE in its distinct connections
//! mode (<https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>), and Apollo's multipart subscriptions
//! (<https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol>).
//!
//! Both are framings of what a socket has too: the same session, begun by the same `operation`.
//!
//! | file | holds |
//! |---|---|
//! | `framing` | the bytes of the two protocols |
//! | `outlet` | what waits to be sent, within bounds: delivery's sink |
//! | `body` | the response's body, which drains the outlet |

mod body;
mod framing;
mod outlet;

use std::sync::Arc;

use async_graphql::Request;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

use self::body::StreamBody;
use self::outlet::Outlet;
use super::over_http::StreamType;
use super::{Doors, operation};
use crate::graphql::{OperationKind, Session};
use crate::http::admission::Place;

/// Proxies that gather what passes through them before they send it on (nginx does) must not.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Begins `request` and answers with a body that goes on until it ends. `place` is held for as long.
pub(super) fn answer(
    doors: &Arc<Doors>,
    mut request: Request,
    session: Option<Arc<Session>>,
    place: Option<Place>,
    stream_type: StreamType,
) -> Response {
    let listens = OperationKind::of(&mut request) == Some(OperationKind::Subscription);
    let outlet = Arc::new(Outlet::new(stream_type, session.clone(), listens, place, &doors.settings));
    let registered = doors.sweeper.register(Arc::clone(&outlet) as _);
    let counted = doors.api.hub.figures().connect();
    let body = StreamBody::new(Arc::clone(&outlet), registered, counted);
    let tasks = doors.sockets.clone();
    let doors = Arc::clone(doors);
    // A task of its own: what a client began is done even if it does not wait for the answer.
    tasks.spawn(async move {
        let _turn = if listens { Some(doors.admission.turn().await) } else { None };
        let running = operation::begin(&doors.schema, request, session, Arc::clone(&outlet) as _).await;
        outlet.hold(running);
    });

    let mut response = Response::new(Body::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(stream_type.content_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    response
}
