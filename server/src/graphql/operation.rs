//! How an operation begins, on whichever door it came: one answer, a stream of them, or a feed that goes to a sink.

use std::sync::Arc;

use async_graphql::{Request, Response};
use futures_util::stream::BoxStream;

use super::{CampanileSchema, OperationKind, Session, feed};
use crate::delivery::{Sink, Subscription};

/// An operation that has begun.
pub enum Begun {
    /// A query or mutation, done; or why nothing was.
    Answer(Box<Response>),
    /// A subscription that is this caller's alone, to be driven by whoever holds it.
    Stream(BoxStream<'static, Response>),
    /// A feed: its events go to the sink, until this is dropped.
    Feed(Subscription),
}

/// Begins `request` for whoever is behind `session`; nobody, where there is none. A feed's events go to `sink`.
pub async fn begin(
    schema: &CampanileSchema,
    mut request: Request,
    session: Option<Arc<Session>>,
    sink: Arc<dyn Sink>,
) -> Begun {
    if OperationKind::of(&mut request) == Some(OperationKind::Subscription) {
        return feed::subscribe(schema, request, session, sink).await;
    }
    if let Some(session) = session {
        request = request.data(session);
    }
    Begun::Answer(Box::new(schema.execute(request).await))
}
