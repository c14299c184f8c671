//! The numbers are those of what happened.

use super::*;
use crate::domain::directory::CampusRole;
use crate::domain::entry::Audience;

#[tokio::test]
async fn each_feed_counts_what_it_takes() {
    let followed = Followed::start().await;
    let (ada, ben) = (followed.log.ada.id, followed.log.ben.id);
    let mut feeds =
        [followed.live(ada).await, followed.live_with_room(ada, 3).await, followed.live(ben).await];
    for i in 0..70 {
        followed.log.tell_all(&i.to_string()).await;
    }
    let to_ben = followed.log.publication(Audience::users([ben]), "for Ben");
    followed.log.log.publish(to_ben).await.unwrap();
    followed.log.tell_all("last").await;
    for feed in &mut feeds {
        told_until(feed, 72).await;
    }
    until(&followed, "three feeds have 71, and one has one more", |now| now.delivered == 3 * 71 + 1).await;
    until(&followed, "72 were published", |now| now.published == 72).await;
    until(&followed, "all is routed", |now| (now.log_head, now.backlog) == (Seq(72), 0)).await;
}

#[tokio::test]
async fn a_replay_is_delivered_and_takes_its_time() {
    let followed = Followed::start().await;
    for i in 0..3 {
        followed.log.tell_all(&i.to_string()).await;
    }
    let after = vec![followed.cursor(0)];
    let asked = Asked { after, room: 1, ..followed.asked(followed.log.ada.id) };
    let mut feed = Feed::open(&followed.hub, asked).await.unwrap();
    until(&followed, "it waits for room", |now| (now.catching_up, now.delivered) == (1, 1)).await;
    assert_eq!(told_until(&mut feed, 3).await, ["replayed 1", "replayed 2", "replayed 3"]);
    assert_eq!(in_words(&next(&mut feed).await), "live at 3");
    until(&followed, "it is live", |now| (now.catching_up, now.delivered) == (0, 3)).await;
    assert_eq!(followed.hub.figures().snapshot().latency, None);
}

#[tokio::test]
async fn feeds_count_while_they_are_open_for_each_campus_that_they_are_on() {
    let followed = Followed::start().await;
    let (ada, north) = (followed.log.ada.id, followed.log.north);
    followed.log.log.set_memberships(vec![(ada, north, Some(CampusRole::Member))]).await.unwrap();
    let on_north = || followed.hub.figures().on_campuses().get(&north).copied();
    let feeds =
        [followed.live(ada).await, followed.live(ada).await, followed.live(followed.log.ben.id).await];
    until(&followed, "two of three are on North", |now| now.subscriptions == 3 && on_north() == Some(2))
        .await;
    drop(feeds);
    until(&followed, "they have gone", |now| now.subscriptions == 0 && on_north().is_none()).await;
}

#[tokio::test]
async fn what_was_offered_to_nobody_does_not_count() {
    let followed = Followed::start().await;
    let gone = followed.live(followed.log.ada.id).await;
    let mut live = followed.live(followed.log.ben.id).await;
    gone.hang_up();
    followed.log.tell_all("news").await;
    told_until(&mut live, 1).await;
    until(&followed, "all is routed", |now| (now.log_head, now.backlog) == (Seq(1), 0)).await;
    assert_eq!(followed.hub.figures().snapshot().delivered, 1);
}
