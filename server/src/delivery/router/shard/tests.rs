//! A thread of our own, asked step by step: what happens between a subscriber's last look at the log and their coming back, and
//! how much each is offered at once.

use futures_util::future::BoxFuture;

use super::*;
use crate::delivery::tests::feed::{Asked, Feed};
use crate::delivery::{Bounds, Encoded, FeedEvent, FeedRequest, Lifetime, Shape};
use crate::domain::directory::{CampusRole, Role, UserStatement};
use crate::domain::entry::Audience;
use crate::domain::visibility::Told;
use crate::log::tests::fixture::Fixture;

#[tokio::test]
async fn who_leaves_a_campus_just_before_they_come_back_hears_no_more_of_it() {
    let (fixture, hub) = start().await;
    let (ada, north) = (fixture.ada.id, fixture.north);
    let is_on_north = |role| fixture.log.set_memberships(vec![(ada, north, role)]);
    is_on_north(Some(CampusRole::Member)).await.unwrap();
    let scope = fixture.store.scope(ada).await.unwrap();

    let mut shard = Shard::new(&hub, scope.as_of);
    let (mut feed, request) = ask(&fixture, usize::MAX, 0);
    let (subscriber, key) = enter(&hub, &mut shard, request);
    // They have read up to here, and say so; but before that is heard, they leave.
    let reading = Reading { position: scope.as_of, told: scope.as_of, revision: 0, scope };
    is_on_north(None).await.unwrap();
    let left = &fixture.entries().await[1..];
    shard.route(left).await;

    let mut reading = shard.take_back(key, reading).expect_err("they have to read on");
    assert!(shard.slots[key].away);
    let told = reading.scope.hear(&subscriber.interest, &left[0], fixture.clock.now());
    assert_eq!(told, Some(Told::ViewerChanged));
    reading.position = left[0].seq;
    shard.take_back(key, reading).expect("that was all");
    fixture.log.publish(fixture.publication(Audience::Campus(north), "for north")).await.unwrap();
    fixture.tell_all("for all").await;
    shard.route(&fixture.entries().await[2..]).await;
    assert_eq!(feed.next().await.unwrap().position(), Seq(4), "the third was not for them");
}

#[tokio::test]
async fn whose_standing_changes_is_told_nothing_more_before_they_have_been_asked_about() {
    let (fixture, hub) = start().await;
    let scope = fixture.store.scope(fixture.ada.id).await.unwrap();
    let mut shard = Shard::new(&hub, scope.as_of);
    let (mut feed, request) = ask(&fixture, usize::MAX, 0);
    let (_, key) = enter(&hub, &mut shard, request);
    let reading = Reading { position: scope.as_of, told: scope.as_of, revision: 0, scope };
    shard.take_back(key, reading).expect("there is nothing yet");

    let becomes = UserStatement {
        key: fixture.ada.key.clone(),
        name: fixture.ada.name.clone(),
        email: None,
        timezone: None,
        role: Role::Service,
    };
    fixture.log.upsert_users(vec![becomes]).await.unwrap();
    fixture.tell_all("in the same batch").await;
    shard.route(&fixture.entries().await).await;
    assert!(matches!(feed.next().await, Ok(FeedEvent::ViewerChanged { at: Seq(1) })));
    assert!(shard.slots[key].away);
    assert_eq!(shard.slots[key].reading.told, Seq(1));
}

#[tokio::test]
async fn what_is_too_much_for_one_write_comes_in_several_and_in_order() {
    let (fixture, hub) = start().await;
    let scope = fixture.store.scope(fixture.ada.id).await.unwrap();
    let mut shard = Shard::new(&hub, scope.as_of);
    // One with room for everything, and one whose room ends in the middle of the second write.
    let room = 100;
    let feeds = [(0, usize::MAX), (1, room)].map(|(selection, room)| {
        let (feed, request) = ask(&fixture, room, selection);
        let shape = Arc::new(Padded(Arc::clone(&request.shape)));
        let (_, key) = enter(&hub, &mut shard, FeedRequest { shape, ..request });
        let reading = Reading { position: Seq(0), told: Seq(0), revision: 0, scope: scope.clone() };
        shard.take_back(key, reading).expect("there is nothing yet");
        (feed, key)
    });
    let all = (0..batch::MOST).map(|i| fixture.to_all(&i.to_string())).collect();
    fixture.log.publish_all(all).await.into_iter().for_each(|answer| drop(answer.unwrap()));
    shard.route(&fixture.entries().await).await;

    let [(mut all, live), (mut some, away)] = feeds;
    for position in 1..=i64::try_from(batch::MOST).unwrap() {
        assert_eq!(all.next().await.unwrap().position(), Seq(position));
    }
    assert!(!shard.slots[live].away);
    for position in 1..=i64::try_from(room).unwrap() {
        assert_eq!(some.next().await.unwrap().position(), Seq(position));
    }
    let fell_behind = &shard.slots[away];
    assert!(fell_behind.away);
    assert_eq!((fell_behind.reading.told, fell_behind.reading.position), (Seq(100), Seq(100)));
}

async fn start() -> (Fixture, Arc<Hub>) {
    let (fixture, tail) = Fixture::start_with_tail().await;
    let (store, log, clock) = (Arc::clone(&fixture.store), fixture.log.clone(), fixture.clock.clone());
    let hub = Hub::start(store, log, tail, clock, Bounds::default()).unwrap();
    (fixture, hub)
}

/// Ada's.
fn ask(fixture: &Fixture, room: usize, selection: u64) -> (Feed, FeedRequest) {
    let lifetime = Arc::new(Lifetime::until(fixture.clock.now() + chrono::TimeDelta::hours(1)));
    Feed::unopened(Asked { user: fixture.ada.id, after: vec![], lifetime, room, selection })
}

fn enter(hub: &Hub, shard: &mut Shard, request: FeedRequest) -> (Arc<Subscriber>, Key) {
    let mark = hub.presence.mark(request.user);
    let subscriber = Arc::new(Subscriber::new(hub.router.new_id(), mark, request));
    assert!(shard.register(Arc::clone(&subscriber)));
    let key = shard.by_id[&subscriber.id];
    (subscriber, key)
}

/// Encodes to a thousand bytes.
struct Padded(Arc<dyn Shape>);

impl Shape for Padded {
    fn id(&self) -> u64 {
        self.0.id()
    }

    fn encode<'s>(&'s self, event: &'s FeedEvent) -> BoxFuture<'s, Encoded> {
        Box::pin(async move {
            let mut encoded = self.0.encode(event).await;
            let number = String::from_utf8(encoded.payload.to_vec()).unwrap();
            encoded.payload = format!("{number:0>1000}").into();
            encoded
        })
    }
}
