//! Many publishers share commits, and nobody can tell.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::fixture::*;
use crate::domain::entry::{Appended, Audience, Publication};
use crate::domain::id::{CampusId, Seq};
use crate::store::StoreError;

fn positions(of: &[Appended]) -> Vec<i64> {
    of.iter().map(|appended| seq(appended).0).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn positions_have_no_holes_whoever_publishes_at_once() {
    let fixture = Fixture::start().await;
    let publishers = (0..8).map(|publisher| {
        let (log, publications) = (fixture.log.clone(), titled(&fixture, publisher));
        tokio::spawn(async move {
            let mut answered = Vec::new();
            for publication in publications {
                answered.push(log.publish(publication).await.unwrap());
            }
            answered
        })
    });
    let answered: Vec<Vec<Appended>> = join_all(publishers).await.into_iter().map(Result::unwrap).collect();
    for of_one in &answered {
        assert!(positions(of_one).is_sorted_by(|a, b| a < b), "what was answered first stands first");
    }
    let mut all = positions(&answered.concat());
    all.sort_unstable();
    assert_eq!(all, (1..=200).collect::<Vec<_>>());
    for (appended, entry) in answered.concat().iter().map(|a| (added(a), a)) {
        let stored = fixture.store.notification(appended.seq).await.unwrap().unwrap();
        assert_eq!(stored, appended, "what was answered is what is stored: {entry:?}");
    }
}

fn titled(fixture: &Fixture, publisher: usize) -> Vec<Publication> {
    (0..25).map(|i| fixture.to_all(&format!("{publisher}/{i}"))).collect()
}

#[tokio::test]
async fn what_waits_shares_a_commit_in_the_order_of_asking() {
    let fixture = Fixture::start().await;
    // More than a task may send before it has to let others have a go.
    let titles: Vec<String> = (0..1_000).map(|i| i.to_string()).collect();
    let publications = titles.iter().map(|title| fixture.to_all(title)).collect();
    fixture.log.publish_all(publications).await.into_iter().for_each(|answer| drop(answer.unwrap()));
    let stored: Vec<String> =
        fixture.entries().await.iter().map(|entry| notification(entry).content.title.clone()).collect();
    assert_eq!(stored, titles);
    assert!(fixture.database.number("SELECT count(DISTINCT group_id) FROM log_entry") < 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_together_waits_together() {
    let fixture = Fixture::start().await;
    for call in 0..5 {
        // The writer is busy, and finds all of them waiting.
        let (log, busy) = (fixture.log.clone(), fixture.to_all(&format!("{call}: busy")));
        let busy = tokio::spawn(async move { log.publish(busy).await.unwrap() });
        let publications = (0..200).map(|i| fixture.to_all(&format!("{call}: {i}"))).collect();
        fixture.log.publish_all(publications).await.into_iter().for_each(|answer| drop(answer.unwrap()));
        busy.await.unwrap();
    }
    // Wherever the other one came, the two hundred had at most to make room for it.
    assert!(fixture.database.number("SELECT count(DISTINCT group_id) FROM log_entry") <= 3 * 5);
}

#[tokio::test]
async fn no_group_has_more_than_256_entries() {
    let fixture = Fixture::start().await;
    let publishing = (0..700).map(|i| fixture.log.publish(fixture.to_all(&i.to_string())));
    join_all(publishing).await.into_iter().for_each(|answer| drop(answer.unwrap()));
    let largest = "SELECT max(n) FROM (SELECT count(*) AS n FROM log_entry GROUP BY group_id) AS groups";
    assert_eq!(fixture.database.number(largest), 256);
}

#[tokio::test]
async fn time_follows_position_even_when_the_clock_goes_back() {
    let fixture = Fixture::start().await;
    fixture.tell_all("at noon").await;
    fixture.turn_clock(TimeDelta::hours(-3));
    fixture.tell_all("three hours earlier, says the clock").await;
    fixture.turn_clock(TimeDelta::hours(4));
    fixture.tell_all("an hour later").await;
    let times = times(&fixture.entries().await);
    assert_eq!(times[1], times[0], "not before the last entry's");
    assert_eq!(times[2], times[0] + TimeDelta::hours(1));
}

#[tokio::test]
async fn one_bad_publish_fails_alone() {
    let fixture = Fixture::start().await;
    let nowhere = CampusId(999);
    let publishing = (0..40).map(|i| {
        let publication = match i {
            // To a campus that does not exist, and to somebody within one.
            7 => fixture.publication(Audience::Campus(nowhere), "to nobody"),
            23 => Publication {
                within: Some(nowhere),
                ..fixture.publication(Audience::users([fixture.ben.id]), "")
            },
            _ => fixture.to_all(&i.to_string()),
        };
        fixture.log.publish(publication)
    });
    let mut good = Vec::new();
    for (i, answer) in join_all(publishing).await.into_iter().enumerate() {
        match (i, answer) {
            (7 | 23, answer) => assert!(matches!(answer, Err(StoreError::Refused(_))), "{i}: {answer:?}"),
            (_, answer) => good.push(answer.unwrap()),
        }
    }
    assert_eq!(positions(&good), (1..=38).collect::<Vec<_>>(), "no hole where the bad ones were");
    assert_eq!(fixture.store.head().await.unwrap().seq, Seq(38));
    assert_eq!(fixture.database.number("SELECT count(*) FROM notification"), 38);
}

#[tokio::test]
async fn a_bad_row_takes_its_whole_write_with_it_and_no_other() {
    let fixture = Fixture::start().await;
    let joins = |user, campus| (user, campus, Some(crate::domain::directory::CampusRole::Member));
    let half_bad = vec![joins(fixture.ada.id, fixture.north), joins(fixture.ada.id, CampusId(999))];
    let (bad, good) = tokio::join!(
        fixture.log.set_memberships(half_bad),
        fixture.log.set_memberships(vec![joins(fixture.ben.id, fixture.north)]),
    );
    assert!(matches!(bad, Err(StoreError::Refused(_))), "{bad:?}");
    assert_eq!(good.unwrap(), 1);
    assert!(fixture.store.memberships(fixture.ada.id).await.unwrap().is_empty());
    let campuses = fixture.store.campuses(Some(vec![fixture.north])).await.unwrap();
    assert_eq!(campuses[0].member_count, 1);
}
