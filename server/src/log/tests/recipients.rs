//! Long lists of recipients reach exactly those whom they name.

use chrono::TimeDelta;
use futures_util::future::join_all;

use super::fixture::*;
use crate::domain::entry::{Appended, Audience};
use crate::domain::id::{Seq, UserId};
use crate::store::{FeedScan, Source, Store, StoreError};

/// What of the log is for this user by name.
async fn named(store: &Store, user: UserId) -> Vec<Seq> {
    let mut found = Vec::new();
    for source in [Source::User, Source::Lists] {
        let scan = FeedScan {
            user,
            source,
            above: Seq::ZERO,
            below: Seq(i64::MAX),
            among: None,
            types: None,
            except_types: vec![],
            min_priority: None,
            unexpired_at: None,
            unarchived: false,
            newest_first: false,
            limit: 100,
        };
        found.extend(store.scan_feed(scan).await.unwrap().into_iter().map(|row| row.seq));
    }
    found.sort_unstable();
    found
}

fn lists(fixture: &Fixture) -> (i64, i64) {
    let number = |table: &str| fixture.database.number(&format!("SELECT count(*) FROM {table}"));
    (number("recipient_list"), number("recipient_list_member"))
}

#[tokio::test]
async fn five_thousand_get_it_and_nobody_else() {
    let fixture = Fixture::start().await;
    let everyone = ids(&people(&fixture.log, 5_002).await);
    let (spared, many) = everyone.split_at(2);
    let sent =
        fixture.log.publish(fixture.publication(Audience::users(many.to_vec()), "for many")).await.unwrap();
    assert_eq!(added(&sent).audience_size, 5_000);
    let stored = fixture.store.notification(Seq(1)).await.unwrap().unwrap();
    assert_eq!(stored.audience, Audience::users(many.to_vec()));
    assert_eq!(stored, added(&sent));
    for user in [many[0], many[2_500], many[4_999]] {
        assert_eq!(named(&fixture.store, user).await, [Seq(1)]);
    }
    for user in spared {
        assert_eq!(named(&fixture.store, *user).await, []);
    }
    assert_eq!(lists(&fixture), (1, 5_000));
}

#[tokio::test]
async fn where_a_list_is_stored_makes_no_difference() {
    let fixture = Fixture::start().await;
    let many = ids(&people(&fixture.log, 101).await);
    for (title, so_many) in [("at once", 100), ("before", 101)] {
        let audience = Audience::users(many[..so_many].to_vec());
        let sent = fixture.log.publish(fixture.publication(audience.clone(), title)).await.unwrap();
        let stored = fixture.store.notification(seq(&sent)).await.unwrap().unwrap();
        assert_eq!(stored.audience, audience);
    }
    assert_eq!(lists(&fixture), (1, 101));
    assert_eq!(named(&fixture.store, many[0]).await, [Seq(1), Seq(2)]);
    assert_eq!(named(&fixture.store, many[100]).await, [Seq(2)]);
}

#[tokio::test]
async fn duplicates_conflicts_and_refusals_leave_no_list_behind() {
    let fixture = Fixture::start().await;
    let many = Audience::users(ids(&people(&fixture.log, 200).await));
    let publication = keyed(fixture.publication(many.clone(), "for many"), "k1");
    fixture.log.publish(publication.clone()).await.unwrap();
    assert_eq!(fixture.log.publish(publication).await.unwrap(), Appended::Duplicate(Seq(1)));
    let other = keyed(fixture.publication(many.clone(), "something else"), "k1");
    assert_eq!(fixture.log.publish(other).await.unwrap(), Appended::Conflict);
    let mut nowhere = fixture.publication(many, "within no campus");
    nowhere.within = Some(crate::domain::id::CampusId(999));
    assert!(matches!(fixture.log.publish(nowhere).await, Err(StoreError::Refused(_))));
    assert_eq!(lists(&fixture), (1, 200));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_send_the_same_list_at_once_one_is_stored() {
    let fixture = Fixture::start().await;
    let many = Audience::users(ids(&people(&fixture.log, 150).await));
    let publication = keyed(fixture.publication(many, "for many"), "k1");
    let publishing = (0..10).map(|_| {
        let (log, publication) = (fixture.log.clone(), publication.clone());
        tokio::spawn(async move { log.publish(publication).await.unwrap() })
    });
    let answered: Vec<Appended> = join_all(publishing).await.into_iter().map(Result::unwrap).collect();
    let new = answered.iter().filter(|answer| matches!(answer, Appended::New(_))).count();
    assert_eq!((new, lists(&fixture)), (1, (1, 150)));
}

#[tokio::test]
async fn a_list_with_somebody_who_does_not_exist_is_refused_whole() {
    let fixture = Fixture::start().await;
    let mut many = ids(&people(&fixture.log, 150).await);
    many.push(UserId(999_999));
    let (bad, good) = tokio::join!(
        fixture.log.publish(fixture.publication(Audience::users(many), "for many")),
        fixture.log.publish(fixture.to_all("for all")),
    );
    assert!(matches!(bad, Err(StoreError::Refused(_))), "{bad:?}");
    assert_eq!(seq(&good.unwrap()), Seq(1));
    assert_eq!(lists(&fixture), (0, 0));
}

#[tokio::test]
async fn upkeep_sweeps_lists_whose_publish_never_came() {
    let fixture = Fixture::start().await;
    let many = Audience::users(ids(&people(&fixture.log, 150).await));
    fixture.log.publish(fixture.publication(many, "for many")).await.unwrap();
    fixture.database.run(
        "INSERT INTO recipient_list (id, created_at) SELECT 77, created_at FROM log_head;
         INSERT INTO recipient_list_member (user_id, audience) SELECT id, 4 * 77 + 3 FROM app_user LIMIT 3;",
    );
    fixture.log.upkeep().await.unwrap();
    assert_eq!(lists(&fixture), (2, 153), "its publish may still come");
    fixture.turn_clock(TimeDelta::hours(1));
    fixture.log.upkeep().await.unwrap();
    assert_eq!(lists(&fixture), (1, 150));
}
