//! One selection, executed once for all who ask for it, without a viewer.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Response, Variables};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::mpsc;

use super::Fed;
use crate::delivery::{Encoded, FeedEvent, Shape};
use crate::domain::id::Seq;
use crate::graphql::types;
use crate::graphql::{Api, CampanileSchema, Session};

/// Bytes of encoded events that are kept, over all shapes: for those who fell behind, and those who replay the same.
const KEPT: u64 = 32 * 1024 * 1024;

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

/// An event and the state of the copy that it tells of: what is equal here is equal in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Added { seq: Seq, read_at: Option<DateTime<Utc>>, delivered: bool, replayed: bool },
    Recalled(Seq),
    ViewerChanged(Seq),
    Progress(Seq, i64),
    Expiring(Seq, i64, DateTime<Utc>),
}

impl Key {
    /// `None` for what is one viewer's own.
    fn of(event: &FeedEvent) -> Option<Self> {
        match event {
            FeedEvent::Added { notification, copy, replayed } => Some(Self::Added {
                seq: notification.seq,
                read_at: copy.read_at,
                delivered: copy.delivered,
                replayed: *replayed,
            }),
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

/// The shape of this selection, which `request` asks for: somebody's already, or a new one.
pub(super) fn shared(
    schema: &CampanileSchema,
    selection: &[u8; 32],
    request: &mut Request,
) -> Arc<FeedShape> {
    let shapes = schema.data::<Arc<Shapes>>().cloned().unwrap_or_default();
    let mut by_selection = shapes.by_selection.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(shape) = by_selection.get(selection).and_then(Weak::upgrade) {
        return shape;
    }
    let shape = Arc::new(FeedShape {
        id: shapes.next_id.fetch_add(1, Ordering::Relaxed),
        selection: *selection,
        shapes: Arc::clone(&shapes),
        schema: schema.clone(),
        // Its arguments are somebody's, and mean nothing here.
        document: request.parsed_query().cloned().ok(),
        operation_name: request.operation_name.clone(),
        variables: request.variables.clone(),
        running: tokio::sync::Mutex::new(None),
    });
    by_selection.insert(*selection, Arc::downgrade(&shape));
    shape
}

/// See the module.
pub(super) struct FeedShape {
    id: u64,
    selection: [u8; 32],
    shapes: Arc<Shapes>,
    schema: CampanileSchema,
    document: Option<ExecutableDocument>,
    operation_name: Option<String>,
    variables: Variables,
    /// `None` until there is something to encode, and while somebody is at it.
    running: tokio::sync::Mutex<Option<Execution>>,
}

/// An execution that answers each event that it is fed.
pub(super) struct Execution {
    events: mpsc::UnboundedSender<FeedEvent>,
    responses: BoxStream<'static, Response>,
}

impl FeedShape {
    /// Begins an execution of this selection: for that session alone, or, without one, for whoever asks.
    pub(super) fn execute(&self, session: Option<Arc<Session>>) -> Execution {
        let (events, fed) = mpsc::unbounded_channel();
        let mut request = Request::new("").variables(self.variables.clone()).data(Fed::new(fed));
        request.operation_name.clone_from(&self.operation_name);
        if let Some(document) = &self.document {
            request.set_parsed_query(document.clone());
        }
        if let Some(session) = session {
            request = request.data(session);
        }
        Execution { events, responses: self.schema.execute_stream(request) }
    }

    /// The cursor of this event.
    pub(super) fn cursor(&self, event: &FeedEvent) -> String {
        types::cursor_of(self.api(), event)
    }

    pub(super) fn api(&self) -> &Arc<Api> {
        #[expect(clippy::expect_used, reason = "`graphql::schema` makes no schema without one")]
        self.schema.data::<Arc<Api>>().expect("a schema has its API")
    }

    async fn execute_shared(&self, event: &FeedEvent) -> Encoded {
        let mut running = self.running.lock().await;
        // Taken out: an execution that was given up in the middle would answer the next event with this one's response.
        let mut execution = running.take().unwrap_or_else(|| self.execute(None));
        let response = execution.answer(event.clone()).await;
        *running = Some(execution);
        encoded(self.cursor(event), &response)
    }
}

/// The event's bytes, and where to resume behind it.
pub(super) fn encoded(cursor: String, response: &Response) -> Encoded {
    // Only a map whose keys are no strings could fail here, and GraphQL has none.
    let payload = serde_json::to_vec(response).unwrap_or_default();
    Encoded { payload: Bytes::from(payload), cursor: Some(cursor.into()) }
}

impl Execution {
    /// This event, executed.
    pub(super) async fn answer(&mut self, event: FeedEvent) -> Response {
        // An execution that has ended says so by having no response.
        let _ = self.events.send(event);
        self.responses.next().await.unwrap_or_else(|| {
            tracing::error!("an execution that is fed has ended");
            Response::default()
        })
    }
}

impl Shape for FeedShape {
    fn id(&self) -> u64 {
        self.id
    }

    fn encode<'s>(&'s self, event: &'s FeedEvent) -> BoxFuture<'s, Encoded> {
        Box::pin(async move {
            let Some(key) = Key::of(event) else { return self.execute_shared(event).await };
            let executing = async { Ok::<_, std::convert::Infallible>(self.execute_shared(event).await) };
            let encoded = self.shapes.encoded.get_or_insert_async(&(self.id, key), executing).await;
            encoded.unwrap_or_else(|never| match never {})
        })
    }
}

impl Drop for FeedShape {
    fn drop(&mut self) {
        let mut by_selection = self.shapes.by_selection.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody may have made a new one meanwhile.
        if by_selection.get(&self.selection).is_some_and(|shape| shape.strong_count() == 0) {
            by_selection.remove(&self.selection);
        }
    }
}
