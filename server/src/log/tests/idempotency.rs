//! The same publish again is told apart from a new one.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::fixture::*;
use crate::domain::entry::{Appended, Audience, Publication};
use crate::domain::id::Seq;

#[tokio::test]
async fn the_same_again_is_answered_with_what_was_sent_then() {
    let fixture = Fixture::start().await;
    fixture.tell_all("something before").await;
    let publication = keyed(fixture.to_all("Open day"), "k1");
    assert_eq!(seq(&fixture.log.publish(publication.clone()).await.unwrap()), Seq(2));
    fixture.tell_all("something between").await;
    assert_eq!(fixture.log.publish(publication).await.unwrap(), Appended::Duplicate(Seq(2)));
    assert_eq!(fixture.entries().await.len(), 3);
}

#[tokio::test]
async fn other_content_under_the_same_key_is_a_conflict() {
    let fixture = Fixture::start().await;
    fixture.log.publish(keyed(fixture.to_all("Open day"), "k1")).await.unwrap();
    let to_north = fixture.publication(Audience::Campus(fixture.north), "Open day");
    for other in [fixture.to_all("Closed day"), to_north] {
        assert_eq!(fixture.log.publish(keyed(other, "k1")).await.unwrap(), Appended::Conflict);
    }
    assert_eq!(fixture.entries().await.len(), 1);
}

#[tokio::test]
async fn a_key_is_its_senders_own() {
    let fixture = Fixture::start().await;
    let of_ada = keyed(fixture.to_all("Open day"), "k1");
    let of_ben = Publication { sender: sender(&fixture.ben), ..of_ada.clone() };
    assert_eq!(seq(&fixture.log.publish(of_ada).await.unwrap()), Seq(1));
    assert_eq!(seq(&fixture.log.publish(of_ben).await.unwrap()), Seq(2));
}

#[tokio::test]
async fn duplicates_are_found_within_their_own_group() {
    let fixture = Fixture::start().await;
    let once = keyed(fixture.to_all("Open day"), "k1");
    let other = keyed(fixture.to_all("Closed day"), "k1");
    let asked = [once.clone(), once.clone(), fixture.to_all("between"), other, once];
    let answered = join_all(asked.map(|publication| fixture.log.publish(publication))).await;
    let answered: Vec<Appended> = answered.into_iter().map(Result::unwrap).collect();
    assert_eq!(seq(&answered[0]), Seq(1));
    assert_eq!(answered[1], Appended::Duplicate(Seq(1)));
    assert_eq!(seq(&answered[2]), Seq(2));
    assert_eq!(answered[3], Appended::Conflict);
    assert_eq!(answered[4], Appended::Duplicate(Seq(1)));
    assert_eq!(fixture.database.number("SELECT count(DISTINCT group_id) FROM log_entry"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_send_the_same_at_once_one_is_first() {
    let fixture = Fixture::start().await;
    let publication = keyed(fixture.to_all("Open day"), "k1");
    let publishing = (0..50).map(|_| {
        let (log, publication) = (fixture.log.clone(), publication.clone());
        tokio::spawn(async move { log.publish(publication).await.unwrap() })
    });
    let answered = join_all(publishing).await.into_iter().map(Result::unwrap);
    let (new, duplicates): (Vec<_>, Vec<_>) = answered.partition(|a| matches!(a, Appended::New(_)));
    assert_eq!(new.len(), 1);
    assert!(duplicates.iter().all(|answer| *answer == Appended::Duplicate(Seq(1))));
}

#[tokio::test]
async fn a_key_is_kept_for_seven_days_and_then_free() {
    let fixture = Fixture::start().await;
    fixture.log.publish(keyed(fixture.to_all("Open day"), "k1")).await.unwrap();
    let other = keyed(fixture.to_all("Closed day"), "k1");
    fixture.turn_clock(TimeDelta::days(7) - TimeDelta::milliseconds(1));
    assert_eq!(fixture.log.publish(other.clone()).await.unwrap(), Appended::Conflict);
    fixture.turn_clock(TimeDelta::milliseconds(1));
    assert_eq!(seq(&fixture.log.publish(other.clone()).await.unwrap()), Seq(2));
    // It is remembered from its second use on.
    fixture.turn_clock(TimeDelta::days(6));
    assert_eq!(fixture.log.publish(other).await.unwrap(), Appended::Duplicate(Seq(2)));
}

#[tokio::test]
async fn upkeep_forgets_only_what_is_past_its_time() {
    let fixture = Fixture::start().await;
    fixture.log.publish(keyed(fixture.to_all("old"), "old")).await.unwrap();
    fixture.turn_clock(TimeDelta::days(4));
    let recent = keyed(fixture.to_all("recent"), "recent");
    fixture.log.publish(recent.clone()).await.unwrap();
    fixture.turn_clock(TimeDelta::days(3));
    assert!(!fixture.log.upkeep().await.unwrap(), "there is no more to sweep");
    assert_eq!(fixture.database.number("SELECT count(*) FROM idempotency"), 1);
    assert_eq!(fixture.log.publish(recent).await.unwrap(), Appended::Duplicate(Seq(2)));
}

#[tokio::test]
async fn a_refused_publish_does_not_use_its_key() {
    let fixture = Fixture::start().await;
    let nowhere = Audience::Campus(crate::domain::id::CampusId(999));
    fixture.log.publish(keyed(fixture.publication(nowhere, "to nobody"), "k1")).await.unwrap_err();
    assert_eq!(seq(&fixture.log.publish(keyed(fixture.to_all("Open day"), "k1")).await.unwrap()), Seq(1));
}
