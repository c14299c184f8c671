//! Live feeds through the schema: how one begins, and how its events become what its subscriber asked for.
//!
//! Whoever asks for the same selection shares a [`shape`]: one execution of it, fed with events by a channel. Arguments are
//! not part of it (`after` and `filter` are routing's affair), so each subscriber's own are looked at once, when the feed
//! begins: the operation is executed for them, its resolver opens the subscription, and what it opened is handed out by
//! [`Opening`]. There is no second reading of arguments and no second encoder beside the schema.

mod selection;
mod shape;
mod viewer;

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Response, Variables};
use futures_util::{StreamExt as _, stream};
use tokio::sync::{mpsc, oneshot};

use self::selection::{Root, Selection};
pub(super) use self::shape::Shapes;
use self::viewer::FeedViewer;
use super::limits::{self, Limits};
use super::{Begun, CampanileSchema, Session};
use crate::delivery::{FeedEvent, FeedRequest, Sink, Subscription};
use crate::domain::id::UserId;
use crate::domain::visibility::Interest;

/// Begins a subscription for whoever is behind `session`. A feed's events go to `sink`.
pub(super) async fn subscribe(
    schema: &CampanileSchema,
    mut request: Request,
    session: Option<Arc<Session>>,
    sink: Arc<dyn Sink>,
) -> Begun {
    let limits = schema.data::<Limits>().copied().unwrap_or_default();
    // First of all: what follows walks the document.
    let checked = limits::check(&mut request, limits).and_then(|()| selection::flatten(&mut request));
    let root = match checked {
        Ok(root) => root,
        Err(error) => return Begun::Answer(Box::new(Response::from_errors(vec![error]))),
    };
    let Some(session) = session else {
        return Begun::Stream(schema.execute_stream(request));
    };
    request = request.data(Arc::clone(&session));
    let (Root::Feed, Ok(document)) = (root, request.parsed_query().cloned()) else {
        return Begun::Stream(schema.execute_stream(request));
    };
    let asked = Asked {
        schema: schema.clone(),
        document,
        operation_name: request.operation_name.clone(),
        variables: request.variables.clone(),
        session,
        sink,
    };
    let (begun, beginning) = oneshot::channel();
    let opening = Opening { asked: Mutex::new(Some(asked)), begun: Mutex::new(Some(begun)) };
    let mut responses = schema.execute_stream(request.data(opening));
    tokio::select! {
        biased;
        Ok(subscription) = beginning => Begun::Feed(subscription),
        response = responses.next() => match response {
            Some(response) => Begun::Answer(Box::new(response)),
            // Nothing was asked for: `@skip`.
            None => Begun::Stream(stream::empty().boxed()),
        },
    }
}

/// A feed that is about to begin.
struct Asked {
    schema: CampanileSchema,
    document: ExecutableDocument,
    operation_name: Option<String>,
    variables: Variables,
    session: Arc<Session>,
    sink: Arc<dyn Sink>,
}

/// The way between the resolver that opens a feed and whoever asked for one.
pub(super) struct Opening {
    asked: Mutex<Option<Asked>>,
    begun: Mutex<Option<oneshot::Sender<Subscription>>>,
}

impl Opening {
    /// What is to be asked of the hub; `None` the second time. Only for a resolver, since only what is valid gets as far:
    /// others will share it.
    pub(super) fn request(
        &self,
        user: UserId,
        after: Vec<String>,
        interest: Interest,
    ) -> Option<FeedRequest> {
        let Asked { schema, document, operation_name, variables, session, sink } = take(&self.asked)?;
        let selection = Selection::of(&document, operation_name.as_deref(), &variables)?;
        let shape = shape::shared(&schema, selection);
        let viewer = Arc::new(FeedViewer::new(Arc::clone(&shape), Arc::clone(&session)));
        let lifetime = Arc::clone(&session.lifetime);
        Some(FeedRequest { user, after, interest, lifetime, shape, viewer, sink })
    }

    /// Hands out what was opened.
    pub(super) fn begin(&self, subscription: Subscription) {
        if let Some(begun) = take(&self.begun) {
            // Whoever asked may have gone; then it ends here.
            let _ = begun.send(subscription);
        }
    }
}

/// The events of an execution that is fed: a shape's, or one for a single viewer.
pub(super) struct Fed(Mutex<Option<mpsc::UnboundedReceiver<FeedEvent>>>);

impl Fed {
    fn new(events: mpsc::UnboundedReceiver<FeedEvent>) -> Self {
        Self(Mutex::new(Some(events)))
    }

    /// The events; `None` the second time.
    pub(super) fn take(&self) -> Option<mpsc::UnboundedReceiver<FeedEvent>> {
        take(&self.0)
    }
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[cfg(test)]
mod tests;
