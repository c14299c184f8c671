//! What already is so adds nothing to the log.

use super::fixture::*;
use crate::domain::directory::{CampusRole, Role, UserStatement};
use crate::domain::entry::{Appended, Audience, Change};
use crate::domain::id::Seq;

#[tokio::test]
async fn a_second_recall_changes_nothing() {
    let fixture = Fixture::start().await;
    let told = fixture.tell_all("a mistake").await;
    let recalled = fixture.log.recall(told.clone()).await.unwrap();
    assert!(
        matches!(&recalled, Appended::New(entry) if matches!(&entry.change, Change::Recalled(n) if n.recalled && n.seq == told.seq))
    );
    assert_eq!(fixture.log.recall(told).await.unwrap(), Appended::Unchanged);
    assert_eq!(fixture.entries().await.len(), 2);
}

#[tokio::test]
async fn of_two_recalls_at_once_one_counts() {
    let fixture = Fixture::start().await;
    let told = fixture.tell_all("a mistake").await;
    let (one, other) = tokio::join!(fixture.log.recall(told.clone()), fixture.log.recall(told));
    assert!(matches!(one, Ok(Appended::New(_))));
    assert_eq!(other.unwrap(), Appended::Unchanged);
}

#[tokio::test]
async fn a_recall_takes_it_out_of_every_recipients_feed() {
    let fixture = Fixture::start().await;
    let many = Audience::users(ids(&people(&fixture.log, 150).await));
    for audience in [Audience::users([fixture.ada.id, fixture.ben.id]), many] {
        let told = added(&fixture.log.publish(fixture.publication(audience, "a mistake")).await.unwrap());
        fixture.log.recall(told).await.unwrap();
    }
    assert_eq!(fixture.database.number("SELECT count(*) FROM feed_entry WHERE NOT recalled"), 0);
}

#[tokio::test]
async fn a_membership_that_is_so_already_is_not_news() {
    let fixture = Fixture::start().await;
    let become_ = |role| fixture.log.set_memberships(vec![(fixture.ada.id, fixture.north, role)]);
    assert_eq!(become_(None).await.unwrap(), 0);
    assert_eq!(become_(Some(CampusRole::Member)).await.unwrap(), 1);
    assert_eq!(become_(Some(CampusRole::Member)).await.unwrap(), 0);
    assert_eq!(become_(Some(CampusRole::Admin)).await.unwrap(), 1);
    assert_eq!(become_(None).await.unwrap(), 1);
    assert_eq!(become_(None).await.unwrap(), 0);
    let roles: Vec<Option<CampusRole>> = fixture
        .entries()
        .await
        .iter()
        .map(|entry| match entry.change {
            Change::Membership { role, .. } => role,
            ref other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(roles, [Some(CampusRole::Member), Some(CampusRole::Admin), None]);
    let campuses = fixture.store.campuses(None).await.unwrap();
    assert_eq!(campuses[0].member_count, 0);
}

#[tokio::test]
async fn another_role_is_not_a_new_beginning() {
    let fixture = Fixture::start().await;
    let (ada, north) = (fixture.ada.id, fixture.north);
    for role in [CampusRole::Member, CampusRole::Admin] {
        fixture.log.set_memberships(vec![(ada, north, Some(role))]).await.unwrap();
    }
    let membership = fixture.store.memberships(ada).await.unwrap()[0];
    assert_eq!((membership.role, membership.since), (CampusRole::Admin, Seq(1)));
}

#[tokio::test]
async fn only_another_standing_is_an_entry_of_the_log() {
    let fixture = Fixture::start().await;
    let state = |name: &str, role| {
        let statement = UserStatement {
            key: fixture.ada.key.clone(),
            name: name.to_owned(),
            email: None,
            timezone: None,
            role,
        };
        fixture.log.upsert_users(vec![statement])
    };
    state("Ada Lovelace", Role::Member).await.unwrap();
    assert!(fixture.entries().await.is_empty());
    state("Ada Lovelace", Role::SuperAdmin).await.unwrap();
    let entries = fixture.entries().await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].change, Change::Standing { user: fixture.ada.id });
}
