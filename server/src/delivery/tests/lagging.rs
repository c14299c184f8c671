//! A feed that cannot keep up reads the log, and its reader does not notice.

use futures_util::future::join_all;

use super::*;
use crate::domain::directory::CampusRole;
use crate::domain::entry::Audience;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_without_room_misses_nothing_and_doubles_nothing() {
    let followed = Followed::start().await;
    let (ada, ben) = (followed.log.ada.id, followed.log.ben.id);
    let mut slow = followed.live_with_room(ada, 5).await;
    let mut quick = followed.live(ben).await;
    let publishing = (0..1_500).map(|i| followed.log.log.publish(followed.log.to_all(&i.to_string())));
    let following = tokio::spawn(async move { told_until(&mut quick, 1_500).await });
    join_all(publishing).await.into_iter().for_each(|answer| drop(answer.unwrap()));
    let expected: Vec<String> = (1..=1_500).map(|position| format!("added {position}")).collect();
    assert_eq!(following.await.unwrap(), expected);
    // Everything has been handed out by now, and the slow one has room for less.
    assert_eq!(told_until(&mut slow, 1_500).await, expected);
    followed.log.tell_all("afterwards").await;
    assert_eq!(told_until(&mut slow, 1_501).await, ["added 1501"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_reads_back_is_shown_as_of_its_own_position() {
    let followed = Followed::start().await;
    let (ada, ben, north) = (followed.log.ada.id, followed.log.ben.id, followed.log.north);
    let to_north =
        |title: &str| followed.log.log.publish(followed.log.publication(Audience::Campus(north), title));
    let is_on_north = |role| followed.log.log.set_memberships(vec![(ada, north, role)]);
    is_on_north(Some(CampusRole::Member)).await.unwrap();
    let mut slow = followed.live_with_room(ada, 5).await;
    let mut quick = followed.live(ben).await;
    to_north("while Ada is on it").await.unwrap();
    is_on_north(None).await.unwrap();
    to_north("after she has left").await.unwrap();
    is_on_north(Some(CampusRole::Member)).await.unwrap();
    to_north("when she is back").await.unwrap();
    let publishing = (0..1_100).map(|i| followed.log.log.publish(followed.log.to_all(&i.to_string())));
    join_all(publishing).await.into_iter().for_each(|answer| drop(answer.unwrap()));
    told_until(&mut quick, 1_106).await;
    let told = told_until(&mut slow, 7).await;
    assert_eq!(told, ["added 2", "viewer changed at 3", "viewer changed at 5", "added 6", "added 7"]);
    let rest: Vec<String> = (8..=1_106).map(|position| format!("added {position}")).collect();
    assert_eq!(told_until(&mut slow, 1_106).await, rest);
}

#[tokio::test]
async fn an_entry_of_an_unknown_kind_is_stepped_over() {
    let followed = Followed::start().await;
    let mut feed = followed.live(followed.log.ada.id).await;
    followed.log.tell_all("before").await;
    followed.log.database.run(
        "BEGIN;
         INSERT INTO log_entry (seq, group_id, kind, created_at) SELECT 2, 0, 99, created_at FROM log_head;
         UPDATE log_head SET seq = 2;
         COMMIT;",
    );
    followed.log.tell_all("after").await;
    assert_eq!(told_until(&mut feed, 3).await, ["added 1", "added 3"]);
}
