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

use async_graphql::{Request, Response};
use futures_util::{StreamExt as _, stream};
use tokio::sync::{mpsc, oneshot};

use self::selection::Root;
pub(super) use self::shape::Shapes;
use self::viewer::FeedViewer;
use super::{Begun, CampanileSchema, Session};
use crate::delivery::{self, FeedEvent, FeedRequest, Sink, Subscription};
use crate::domain::id::UserId;
use crate::domain::visibility::Interest;

/// Begins a subscription for whoever is behind `session`. A feed's events go to `sink`.
pub(super) async fn subscribe(
    schema: &CampanileSchema,
    mut request: Request,
    session: Option<Arc<Session>>,
    sink: Arc<dyn Sink>,
) -> Begun {
    let root = match selection::root_of(&mut request) {
        Ok(root) => root,
        Err(error) => return Begun::Answer(Box::new(Response::from_errors(vec![error]))),
    };
    let Some(session) = session else {
        return Begun::Stream(schema.execute_stream(request));
    };
    request = request.data(Arc::clone(&session));
    let Root::Feed(selection) = root else {
        return Begun::Stream(schema.execute_stream(request));
    };
    let shape = shape::shared(schema, &selection, &mut request);
    let viewer = FeedViewer::new(Arc::clone(&shape), Arc::clone(&session));
    let (begun, beginning) = oneshot::channel();
    let parts = Parts { shape, viewer: Arc::new(viewer), session, sink };
    let opening = Opening { parts: Mutex::new(Some(parts)), begun: Mutex::new(Some(begun)) };
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

/// What a feed that is about to begin is made of.
struct Parts {
    shape: Arc<dyn delivery::Shape>,
    viewer: Arc<dyn delivery::Viewer>,
    session: Arc<Session>,
    sink: Arc<dyn Sink>,
}

/// The way between the resolver that opens a feed and whoever asked for one.
pub(super) struct Opening {
    parts: Mutex<Option<Parts>>,
    begun: Mutex<Option<oneshot::Sender<Subscription>>>,
}

impl Opening {
    /// What is to be asked of the hub; `None` the second time.
    pub(super) fn request(
        &self,
        user: UserId,
        after: Vec<String>,
        interest: Interest,
    ) -> Option<FeedRequest> {
        let Parts { shape, viewer, session, sink } = take(&self.parts)?;
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
