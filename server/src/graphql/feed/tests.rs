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
        let mut request =
            Request::new(document).variables(async_graphql::Variables::from_json(variables.clone()));
        let Root::Feed(selection) = selection::root_of(&mut request).unwrap() else { panic!("{document}") };
        shape::shared(&self.schema, &selection, &mut request)
    }

    fn viewer(&self, shape: &Arc<FeedShape>) -> FeedViewer {
        let expires_at = self.fixture.clock.now() + chrono::TimeDelta::hours(1);
        let identity = Identity { subject: self.fixture.ada.key.clone(), role: Role::Member, expires_at };
        FeedViewer::new(Arc::clone(shape), Arc::new(Session::new(identity)))
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
            for (replayed, read_at) in [(false, None), (true, None), (true, Some(now))] {
                let copy = CopyState { read_at, delivered: true };
                events.push(FeedEvent::Added { notification: Arc::clone(notification), copy, replayed });
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
                let viewer = world.viewer(&shape);
                for event in world.shared_events() {
                    let shared = shape.encode(&event).await;
                    let alone = viewer.encode(event.clone()).await;
                    prop_assert_eq!(&shared.payload, &alone.payload, "{}", document);
                    prop_assert_eq!(&shared.cursor, &alone.cursor);
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
