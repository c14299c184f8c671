//! One selection, executed once for all who ask for it, without a viewer.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use async_graphql::{Request, Response};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, StreamExt as _};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::mpsc;

use super::Fed;
use super::selection::Selection;
use crate::delivery::{CopyState, Encoded, FeedEvent, Shape};
use crate::domain::id::Seq;
use crate::graphql::campuses::Campuses;
use crate::graphql::error::{ApiError, request_error};
use crate::graphql::types;
use crate::graphql::{Api, CampanileSchema, Session};

/// Bytes of encoded events that are kept, over all shapes: for those who fell behind, and those who replay the same.
const KEPT: u64 = 16 * 1024 * 1024;

/// Executions of one shape that wait for more: one for whoever fans out, and some for those who catch up meanwhile.
const IDLE: usize = 4;

/// The shapes that somebody asks for.
pub(in crate::graphql) struct Shapes {
    by_selection: Mutex<HashMap<[u8; 32], Weak<FeedShape>>>,
    next_id: AtomicU64,
    encoded: Cache<(u64, Key), Encoded, Weight>,
}

impl Default for Shapes {
    fn default() -> Self {
        Self {
            by_selection: Mutex::default(),
            next_id: AtomicU64::default(),
            encoded: Cache::with_weighter(4_096, KEPT, Weight),
        }
    }
}

/// An event and the state of the copy that it tells of: what is equal here is equal in bytes, but for the campus that it
/// mentions, which is as it was when the event was first told.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Added { seq: Seq, copy: CopyState, silent: bool, replayed: bool },
    Recalled(Seq),
    ViewerChanged(Seq),
    Progress(Seq, i64),
    Expiring(Seq, i64, DateTime<Utc>),
}

impl Key {
    /// `None` for what is one viewer's own.
    fn of(event: &FeedEvent) -> Option<Self> {
        match event {
            FeedEvent::Added { notification, copy, silent, replayed } => {
                Some(Self::Added { seq: notification.seq, copy: *copy, silent: *silent, replayed: *replayed })
            }
            FeedEvent::Recalled { at, .. } => Some(Self::Recalled(*at)),
            FeedEvent::ViewerChanged { at } => Some(Self::ViewerChanged(*at)),
            FeedEvent::Progress { at, revision } => Some(Self::Progress(*at, *revision)),
            FeedEvent::Expiring { at, revision, expires_at } => {
                Some(Self::Expiring(*at, *revision, *expires_at))
            }
            FeedEvent::ReadState { .. } => None,
        }
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<(u64, Key), Encoded> for Weight {
    fn weight(&self, _: &(u64, Key), encoded: &Encoded) -> u64 {
        encoded.payload.len() as u64 + 256
    }
}

/// The shape of this selection: somebody's already, or a new one.
pub(super) fn shared(schema: &CampanileSchema, selection: Selection) -> Arc<FeedShape> {
    #[expect(clippy::expect_used, reason = "`graphql::schema` makes no schema without them")]
    let shapes = schema.data::<Arc<Shapes>>().expect("a schema has its shapes");
    let mut by_selection = shapes.by_selection.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(shape) = by_selection.get(&selection.digest).and_then(Weak::upgrade) {
        return shape;
    }
    let digest = selection.digest;
    let shape = Arc::new(FeedShape {
        id: shapes.next_id.fetch_add(1, Ordering::Relaxed),
        selection,
        shapes: Arc::clone(shapes),
        schema: schema.clone(),
        idle: Mutex::default(),
    });
    by_selection.insert(digest, Arc::downgrade(&shape));
    shape
}

/// See the module.
pub(super) struct FeedShape {
    id: u64,
    selection: Selection,
    shapes: Arc<Shapes>,
    schema: CampanileSchema,
    /// Executions that nobody is at. One that is given up in the middle is not brought back: it would answer the next event
    /// with that one's response.
    idle: Mutex<Vec<Execution>>,
}

/// An execution that answers each event that it is fed.
struct Execution {
    events: mpsc::UnboundedSender<FeedEvent>,
    responses: BoxStream<'static, Response>,
}

impl FeedShape {
    /// This event, executed for that session alone.
    pub(super) async fn execute_for(&self, session: Arc<Session>, event: FeedEvent) -> Response {
        self.warm(&event).await;
        self.begin(Some(session)).answer(event).await.unwrap_or_else(failed)
    }

    /// This event, executed for whoever asks.
    async fn execute(&self, event: &FeedEvent) -> Response {
        self.warm(event).await;
        let mut execution = self.idle().pop().unwrap_or_else(|| self.begin(None));
        let Some(response) = execution.answer(event.clone()).await else { return failed() };
        let mut idle = self.idle();
        if idle.len() < IDLE {
            idle.push(execution);
        }
        response
    }

    fn begin(&self, session: Option<Arc<Session>>) -> Execution {
        let (events, fed) = mpsc::unbounded_channel();
        let mut request = Request::new("").variables(self.selection.variables.clone()).data(Fed::new(fed));
        request.set_parsed_query(self.selection.document.clone());
        if let Some(session) = session {
            request = request.data(session);
        }
        Execution { events, responses: self.schema.execute_stream(request) }
    }

    /// Loads what would have to be loaded: an execution that waits for nothing gives its fields in the order of the
    /// selection.
    async fn warm(&self, event: &FeedEvent) {
        if let FeedEvent::Added { notification, .. } = event
            && let Some(campus) = notification.campus()
            && let Some(campuses) = self.schema.data::<Arc<Campuses>>()
        {
            campuses.warm(campus, &self.api().clock).await;
        }
    }

    /// Where to resume behind this event.
    pub(super) fn cursor(&self, event: &FeedEvent) -> String {
        types::cursor_of(self.api(), event)
    }

    pub(super) fn api(&self) -> &Arc<Api> {
        #[expect(clippy::expect_used, reason = "`graphql::schema` makes no schema without one")]
        self.schema.data::<Arc<Api>>().expect("a schema has its API")
    }

    /// The event's bytes; an error where they say that something went wrong, which nobody else is to get.
    async fn execute_shared(&self, event: &FeedEvent) -> Result<Encoded, Encoded> {
        // Whoever fans out must outlive what a resolver does.
        let executing = AssertUnwindSafe(self.execute(event)).catch_unwind();
        let response = executing.await.unwrap_or_else(|_| failed());
        let encoded = encoded(self.cursor(event), &response);
        if response.errors.is_empty() { Ok(encoded) } else { Err(encoded) }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Execution>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Execution {
    /// This event, executed; `None` once the execution has ended, as it should not.
    async fn answer(&mut self, event: FeedEvent) -> Option<Response> {
        self.events.send(event).ok()?;
        self.responses.next().await
    }
}

fn failed() -> Response {
    let error = ApiError::Internal("an execution that is fed has failed");
    error.log();
    Response::from_errors(vec![request_error(error.to_string(), error.code())])
}

/// The event's bytes, and where to resume behind it.
pub(super) fn encoded(cursor: String, response: &Response) -> Encoded {
    // Only a map whose keys are no strings could fail here, and GraphQL has none.
    let payload = serde_json::to_vec(response).unwrap_or_default();
    // Kept for a while: without the room that it grew into.
    Encoded { payload: Bytes::from(payload.into_boxed_slice()), cursor: Some(cursor.into()) }
}

impl Shape for FeedShape {
    fn id(&self) -> u64 {
        self.id
    }

    fn encode<'s>(&'s self, event: &'s FeedEvent) -> BoxFuture<'s, Encoded> {
        Box::pin(async move {
            let executing = self.execute_shared(event);
            let encoded = match Key::of(event) {
                Some(key) => self.shapes.encoded.get_or_insert_async(&(self.id, key), executing).await,
                None => executing.await,
            };
            encoded.unwrap_or_else(|with_errors| with_errors)
        })
    }
}

impl Drop for FeedShape {
    fn drop(&mut self) {
        let mut by_selection = self.shapes.by_selection.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody may have made a new one meanwhile.
        if by_selection.get(&self.selection.digest).is_some_and(|shape| shape.strong_count() == 0) {
            by_selection.remove(&self.selection.digest);
        }
    }
}
