//! What many share is what each would have got alone, whatever they select.

mod generate;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use super::shape::{self, FeedShape};
use super::*;
use crate::clock::Clock;
use crate::delivery::{Bounds, CopyState, Hub, Shape as _, Viewer as _};
use crate::domain::content::ContentData;
use crate::domain::directory::Role;
use crate::domain::entry::{Appended, Audience, Change, Notification};
use crate::domain::id::Seq;
use crate::graphql::{self, Api, Identity, Limits};
use crate::log::tests::fixture::Fixture;
use generate::{Everything, Schema};

/// A schema over a log with a few notifications in it.
struct World {
    fixture: Fixture,
    schema: CampanileSchema,
    notifications: Vec<Arc<Notification>>,
    introspected: Schema,
}

impl World {
    async fn start() -> Self {
        let (fixture, tail) = Fixture::start_with_tail().await;
        let Fixture { store, log, clock, .. } = &fixture;
        let hub = Hub::start(
            Arc::clone(store),
            log.clone(),
            tail,
            clock.clone(),
            Bounds { threads: 2, ..Bounds::default() },
        )
        .unwrap();
        let api = Api { store: Arc::clone(store), log: log.clone(), hub, clock: Clock::clone(clock) };
        let schema = graphql::schema(Arc::new(api), Limits::default());
        let mut notifications = Vec::new();
        let to_ada = Audience::users([fixture.ada.id]);
        for audience in [Audience::System, Audience::Campus(fixture.north), to_ada] {
            let mut publication = fixture.publication(audience, "line \"one\"\n\u{1f514}");
            publication.content.data = ContentData {
                event_id: Some("e1".to_owned()),
                metadata: Some(serde_json::json!({ "deep": [1, { "er": null }] })),
                ..ContentData::default()
            };
            let Appended::New(entry) = fixture.log.publish(publication).await.unwrap() else { panic!() };
            let Change::Added(notification) = &entry.change else { panic!() };
            notifications.push(Arc::clone(notification));
        }
        let introspected = Schema::of(&schema).await;
        Self { fixture, schema, notifications, introspected }
    }

    fn shape(&self, document: &str, variables: &Value) -> Arc<FeedShape> {
        let mut request = Request::new(document).variables(Variables::from_json(variables.clone()));
        assert_eq!(selection::flatten(&mut request).unwrap(), Root::Feed, "{document}");
        let parsed = request.parsed_query().unwrap().clone();
        shape::shared(&self.schema, Selection::of(&parsed, None, &request.variables).unwrap())
    }

    fn session(&self) -> Arc<Session> {
        let expires_at = self.fixture.clock.now() + chrono::TimeDelta::hours(1);
        let identity = Identity { subject: self.fixture.ada.key.clone(), role: Role::Member, expires_at };
        Arc::new(Session::new(identity))
    }

    fn viewer(&self, shape: &Arc<FeedShape>) -> FeedViewer {
        FeedViewer::new(Arc::clone(shape), self.session())
    }

    /// What one who asks for this would get of the event, had they an execution of their own.
    async fn alone(&self, document: &str, variables: &Value, event: FeedEvent) -> Vec<u8> {
        let (events, fed) = mpsc::unbounded_channel();
        events.send(event).unwrap();
        let request = Request::new(document).variables(Variables::from_json(variables.clone()));
        let request = request.data(self.session()).data(Fed::new(fed));
        serde_json::to_vec(&self.schema.execute_stream(request).next().await.unwrap()).unwrap()
    }

    /// Every kind of event that is shared, in the states that a copy can be in.
    fn shared_events(&self) -> Vec<FeedEvent> {
        let now = self.fixture.clock.now();
        let mut events = vec![
            FeedEvent::Recalled { at: Seq(4), notification: Seq(1) },
            FeedEvent::ViewerChanged { at: Seq(5) },
            FeedEvent::Progress { at: Seq(6), revision: 2 },
            FeedEvent::Expiring { at: Seq(6), revision: 2, expires_at: now },
        ];
        for notification in &self.notifications {
            let states = [
                (false, false, None, None),
                (false, true, None, None),
                (true, false, None, None),
                (true, true, None, None),
                (true, false, Some(now), None),
                (true, false, None, Some(now)),
            ];
            for (replayed, silent, read_at, archived_at) in states {
                let copy = CopyState { read_at, archived_at, delivered: true };
                events.push(FeedEvent::Added {
                    notification: Arc::clone(notification),
                    copy,
                    silent,
                    replayed,
                });
            }
        }
        events
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shared_is_what_each_would_get_alone() {
    let world = World::start().await;
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let handle = tokio::runtime::Handle::current();
    let checked = tokio::task::block_in_place(|| {
        runner.run(&any::<u64>(), |seed| {
            let (document, variables) = world.introspected.subscription(seed);
            handle.block_on(async {
                let shape = world.shape(&document, &variables);
                for event in world.shared_events() {
                    let shared = shape.encode(&event).await;
                    let alone = world.alone(&document, &variables, event.clone()).await;
                    prop_assert_eq!(&shared.payload, &alone, "{}", document);
                    let payload: Value = serde_json::from_slice(&shared.payload).unwrap();
                    prop_assert_eq!(payload.get("errors"), None, "{}", document);
                }
                Ok(())
            })
        })
    });
    checked.unwrap();
}

#[tokio::test]
async fn nothing_that_is_shared_asks_for_its_viewer() {
    let world = World::start().await;
    let document = world.introspected.everything(Everything::OfSharedEvents);
    let shape = world.shape(&document, &Value::Null);
    for event in world.shared_events() {
        let payload: Value = serde_json::from_slice(&shape.encode(&event).await.payload).unwrap();
        assert_eq!(payload.get("errors"), None, "asked for its viewer: {payload:#}");
    }
}

#[tokio::test]
async fn who_asks_for_the_viewer_without_one_is_refused() {
    let world = World::start().await;
    let document = world.introspected.everything(Everything::There);
    let shape = world.shape(&document, &Value::Null);
    let event = FeedEvent::ReadState { at: Seq(1), revision: 1, change: None };
    let shared: Value = serde_json::from_slice(&shape.encode(&event).await.payload).unwrap();
    assert_eq!(shared["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let alone = world.viewer(&shape).encode(event).await;
    let alone: Value = serde_json::from_slice(&alone.payload).unwrap();
    assert_eq!(alone["data"]["feed"]["unreadCount"], 2, "{alone:#}");
}

#[tokio::test]
async fn the_same_selection_is_one_shape_as_long_as_somebody_asks_for_it() {
    let world = World::start().await;
    let one = world.shape("subscription { feed { cursor } }", &Value::Null);
    let same = world
        .shape("subscription($a: String) { feed(after: $a) { cursor } }", &serde_json::json!({ "a": "x" }));
    let other = world.shape("subscription { feed { __typename } }", &Value::Null);
    assert_eq!(one.id(), same.id());
    assert_ne!(one.id(), other.id());
    let id = one.id();
    drop((one, same));
    assert_ne!(world.shape("subscription { feed { cursor } }", &Value::Null).id(), id);
}

#[tokio::test]
async fn a_document_that_costs_too_much_is_refused_before_it_is_looked_at() {
    let world = World::start().await;
    let fragment = |i: usize| format!("fragment A{i} on Subscription {{ ...A{} ...A{} }} ", i + 1, i + 1);
    let mut document = "subscription { ...A0 } fragment A30 on Subscription { feed { cursor } } ".to_owned();
    document.extend((0..30).map(fragment));
    let begun =
        subscribe(&world.schema, Request::new(document), Some(world.session()), Arc::new(Nowhere)).await;
    let Begun::Answer(response) = begun else { panic!("it was not refused") };
    let code = response.errors[0].extensions.as_ref().and_then(|extensions| extensions.get("code"));
    assert_eq!(code, Some(&async_graphql::Value::from("TOO_COMPLEX")));
}

#[tokio::test]
async fn a_variable_that_is_not_given_has_its_default() {
    let world = World::start().await;
    let document = "subscription($yes: Boolean = true) { feed { cursor @skip(if: $yes) __typename } }";
    let shape = world.shape(document, &Value::Null);
    let payload = shape.encode(&FeedEvent::ViewerChanged { at: Seq(1) }).await.payload;
    let payload: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(payload["data"]["feed"], serde_json::json!({ "__typename": "ViewerChanged" }));
}

struct Nowhere;

impl Sink for Nowhere {
    fn offer(&self, _: &[&crate::delivery::Encoded]) -> crate::delivery::Offer {
        crate::delivery::Offer::Gone
    }

    fn room(&self) -> futures_util::future::BoxFuture<'_, Result<(), crate::delivery::Gone>> {
        Box::pin(async { Err(crate::delivery::Gone) })
    }

    fn end(&self, _: Option<bytes::Bytes>) {}
}
