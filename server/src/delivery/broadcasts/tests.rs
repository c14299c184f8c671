//! How broadcasts fare is counted as each recipient's own copy has it.

use super::*;
use crate::delivery::Bounds;
use crate::domain::broadcast::{Announced, Announcement, When};
use crate::domain::directory::{CampusRole, Role};
use crate::domain::entry::{Audience, Publication};
use crate::domain::id::{CampusId, Seq};
use crate::domain::receipts::ReceiptChange;
use crate::log::tests::fixture::{Fixture, ids, people};

struct World {
    log: Fixture,
    hub: Arc<Hub>,
}

impl World {
    async fn start() -> Self {
        let (log, tail) = Fixture::start_with_tail().await;
        let (store, clock) = (Arc::clone(&log.store), log.clock.clone());
        let hub = Hub::start(store, log.log.clone(), tail, clock, Bounds::default()).unwrap();
        Self { log, hub }
    }

    async fn join(&self, users: &[UserId]) {
        let role = Some(CampusRole::Member);
        let joins = users.iter().map(|user| (*user, self.log.north, role)).collect();
        self.log.log.set_memberships(joins).await.unwrap();
    }

    async fn leave(&self, user: UserId) {
        self.log.log.set_memberships(vec![(user, self.log.north, None)]).await.unwrap();
    }

    async fn send(&self, publication: Publication) -> Broadcast {
        let announcement =
            Announcement { publication, send_at: None, when: Ok(When::Now), token_role: Role::Service };
        match self.log.log.announce(announcement).await.unwrap() {
            Announced::New { id, .. } => self.log.store.broadcast(id).await.unwrap().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    async fn to(&self, audience: Audience) -> Broadcast {
        self.send(self.log.publication(audience, "Open day")).await
    }

    async fn to_north(&self) -> Broadcast {
        self.to(Audience::Campus(self.log.north)).await
    }

    async fn fared(&self, broadcast: &Broadcast) -> (i64, i64) {
        let fared = self.hub.fared(broadcast).await.unwrap();
        (fared.delivered, fared.read)
    }

    async fn read(&self, user: UserId, seq: Seq, read: bool) {
        self.change(user, ReceiptChange::Read { notifications: vec![(seq, Some(self.log.north))], read })
            .await;
    }

    async fn read_through(&self, user: UserId, through: Seq, campus: Option<CampusId>) {
        self.change(user, ReceiptChange::ReadThrough { through, campus }).await;
    }

    async fn change(&self, user: UserId, change: ReceiptChange) {
        self.hub.change_receipts(user, change).await.unwrap();
    }
}

fn seq(broadcast: &Broadcast) -> Seq {
    broadcast.seq().unwrap()
}

#[tokio::test]
async fn delivered_is_who_has_been_on_the_feed_since() {
    let world = World::start().await;
    let many = ids(&people(&world.log.log, 4).await);
    world.join(&many).await;
    world.hub.note_delivered(many[0], world.log.store.head().await.unwrap().seq);
    let broadcast = world.to_north().await;
    assert_eq!(world.fared(&broadcast).await, (0, 0), "one has been there before");
    world.hub.note_delivered(many[0], seq(&broadcast));
    world.hub.note_delivered(many[1], seq(&broadcast).next());
    assert_eq!(world.fared(&broadcast).await, (2, 0), "what is not written yet counts");
    world.hub.flush().await.unwrap();
    assert_eq!(world.fared(&broadcast).await, (2, 0), "and no more once it is");
}

#[tokio::test]
async fn read_is_as_marks_and_exceptions_have_it() {
    let world = World::start().await;
    let many = ids(&people(&world.log.log, 8).await);
    world.join(&many).await;
    let south = world.log.log.upsert_campuses(vec![crate::domain::directory::CampusStatement {
        key: "south".to_owned(),
        name: "South".to_owned(),
        timezone: "UTC".to_owned(),
    }]);
    let south = south.await.unwrap()[0].id;
    let before = world.to_north().await;
    let broadcast = world.to_north().await;
    let at = seq(&broadcast);
    world.read(many[0], at, true).await;
    world.read(many[1], seq(&before), true).await;
    world.read_through(many[2], at, None).await;
    world.read_through(many[3], at.next(), Some(world.log.north)).await;
    world.read_through(many[4], at, Some(south)).await;
    world.read_through(many[5], seq(&before), None).await;
    world.read_through(many[6], at, None).await;
    world.read(many[6], at, false).await;
    let mut expected = 0;
    for user in &many {
        let receipts = world.log.store.receipts(*user, vec![at]).await.unwrap();
        let read_at = receipts.read_at(at, Some(world.log.north));
        expected += i64::from(read_at.is_some());
    }
    assert_eq!(expected, 3);
    assert_eq!(world.fared(&broadcast).await, (0, expected));
    // A campus's mark does not cover what everyone was told.
    let to_all = world.to(Audience::System).await;
    world.read_through(many[0], seq(&to_all), Some(world.log.north)).await;
    assert_eq!(world.fared(&to_all).await, (0, 0));
}

#[tokio::test]
async fn a_campus_is_those_who_were_there_and_still_are() {
    let world = World::start().await;
    let many = ids(&people(&world.log.log, 4).await);
    world.join(&many[..3]).await;
    let broadcast = world.to_north().await;
    world.join(&many[3..]).await;
    world.leave(many[2]).await;
    for user in &many {
        world.read_through(*user, Seq(1_000), None).await;
        world.hub.note_delivered(*user, Seq(1_000));
    }
    assert_eq!(world.fared(&broadcast).await, (2, 2));
    world.leave(many[1]).await;
    world.join(&many[1..2]).await;
    assert_eq!(world.fared(&broadcast).await, (1, 1), "joining again does not bring it back");
}

#[tokio::test]
async fn more_than_one_query_looks_at_are_counted_alike() {
    let world = World::start().await;
    let many = ids(&people(&world.log.log, CHUNK + 1).await);
    world.join(&many).await;
    let audiences = [Audience::System, Audience::Campus(world.log.north), Audience::users(many.clone())];
    let mut broadcasts = Vec::new();
    for audience in audiences {
        broadcasts.push(world.to(audience).await);
    }
    broadcasts.push(world.to(Audience::users(many[..3].to_vec())).await);
    let last = seq(&broadcasts[3]);
    for user in [many[0], many[2], many[CHUNK - 1], many[CHUNK]] {
        world.hub.note_delivered(user, last);
        world.read_through(user, last, None).await;
    }
    world.hub.note_delivered(many[1], last);
    for broadcast in &broadcasts[..3] {
        assert_eq!(world.fared(broadcast).await, (5, 4), "{:?}", broadcast.audience);
    }
    assert_eq!(world.fared(&broadcasts[3]).await, (3, 2));
}

#[tokio::test]
async fn whoever_watches_the_same_shares_a_count_once_a_second_at_most() {
    let world = World::start().await;
    let broadcast = world.to(Audience::users([world.log.ada.id])).await;
    let begun = Instant::now();
    let mut one = world.hub.watch_broadcast(broadcast.id);
    let mut other = world.hub.watch_broadcast(broadcast.id);
    assert!(one.same_channel(&other));
    let seen = one.wait_for(|watched| *watched != Watched::NotYet).await.unwrap().clone();
    assert_eq!(seen, Watched::There(Arc::new(broadcast.clone()), 1, Fared::default()));
    world.hub.note_delivered(world.log.ada.id, seq(&broadcast));
    let delivered =
        |watched: &Watched| matches!(watched, Watched::There(_, 1, Fared { delivered: 1, read: 0 }));
    other.wait_for(delivered).await.unwrap();
    assert!(begun.elapsed() >= EVERY);
    drop((one, other));
    // What nobody watches is forgotten.
    while !world.hub.broadcasts.watched().is_empty() {
        tokio::task::yield_now().await;
    }
}
