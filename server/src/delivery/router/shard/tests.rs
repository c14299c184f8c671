//! What happens between a subscriber's last look at the log and their coming back.

use super::*;
use crate::delivery::Bounds;
use crate::delivery::tests::feed::{Asked, Feed};
use crate::delivery::{FeedEvent, Lifetime};
use crate::domain::directory::{CampusRole, Role, UserStatement};
use crate::domain::entry::Audience;
use crate::domain::visibility::Told;
use crate::log::tests::fixture::Fixture;

#[tokio::test]
async fn who_leaves_a_campus_just_before_they_come_back_hears_no_more_of_it() {
    let (fixture, tail) = Fixture::start_with_tail().await;
    let (store, log, clock) = (Arc::clone(&fixture.store), fixture.log.clone(), fixture.clock.clone());
    let hub = Hub::start(store, log, tail, clock.clone(), Bounds::default()).unwrap();
    let (ada, north) = (fixture.ada.id, fixture.north);
    let is_on_north = |role| fixture.log.set_memberships(vec![(ada, north, role)]);
    is_on_north(Some(CampusRole::Member)).await.unwrap();
    let scope = fixture.store.scope(ada).await.unwrap();

    // A thread of our own, asked step by step.
    let mut shard = Shard::new(&hub, scope.as_of);
    let (mut feed, request) = Feed::unopened(Asked {
        user: ada,
        after: vec![],
        lifetime: Arc::new(Lifetime::until(clock.now() + chrono::TimeDelta::hours(1))),
        room: usize::MAX,
        selection: 0,
    });
    let subscriber = Arc::new(Subscriber::new(7, hub.presence.mark(ada), request));
    assert!(shard.register(Arc::clone(&subscriber)));
    let key = shard.by_id[&subscriber.id];
    // They have read up to here, and say so; but before that is heard, they leave.
    let reading = Reading { position: scope.as_of, told: scope.as_of, revision: 0, scope };
    is_on_north(None).await.unwrap();
    let left = &fixture.entries().await[1..];
    shard.route(left).await;

    let mut reading = shard.take_back(key, reading).expect_err("they have to read on");
    assert!(shard.slots[key].away);
    let told = reading.scope.hear(&subscriber.interest, &left[0], clock.now());
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
    let (fixture, tail) = Fixture::start_with_tail().await;
    let (store, log, clock) = (Arc::clone(&fixture.store), fixture.log.clone(), fixture.clock.clone());
    let hub = Hub::start(store, log, tail, clock.clone(), Bounds::default()).unwrap();
    let scope = fixture.store.scope(fixture.ada.id).await.unwrap();
    let mut shard = Shard::new(&hub, scope.as_of);
    let (mut feed, request) = Feed::unopened(Asked {
        user: fixture.ada.id,
        after: vec![],
        lifetime: Arc::new(Lifetime::until(clock.now() + chrono::TimeDelta::hours(1))),
        room: usize::MAX,
        selection: 0,
    });
    let subscriber = Arc::new(Subscriber::new(7, hub.presence.mark(fixture.ada.id), request));
    assert!(shard.register(Arc::clone(&subscriber)));
    let key = shard.by_id[&subscriber.id];
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
