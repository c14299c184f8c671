//! Which files become a database, and what any database still holds when it is opened again.

use super::*;
use crate::domain::directory::CampusRole;
use crate::domain::id::{CampusId, Seq, UserId};
use crate::store::writes::{InternUser, MembershipChange, SetMemberships, UpsertCampuses};

#[tokio::test]
async fn a_second_server_on_the_same_file_is_refused() {
    let database = Database::file();
    let first = database.open(noon()).await.unwrap();
    assert!(matches!(database.open(noon()).await, Err(OpenError::InUse(path)) if path == database.path()));
    drop(first);
    assert!(database.open(noon()).await.is_ok(), "the first has gone");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let database = Database::file();
    let letter = "Dear Sir or Madam, this is not a database. ".repeat(100);
    std::fs::write(database.path(), &letter).unwrap();
    let opened = database.open(noon()).await;
    assert!(
        matches!(opened, Err(OpenError::Unusable { database: which, .. }) if which == database.path().display().to_string())
    );
    assert_eq!(std::fs::read_to_string(database.path()).unwrap(), letter);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_one_clear_line() {
    let database = Database::file();
    let url = DatabaseUrl::Sqlite(database.path().join("nowhere").join("campanile.db"));
    let opened = Store::open(&url, notification_type::built_in(), noon()).await;
    let line = opened.err().unwrap().to_string();
    assert!(line.starts_with("cannot use the database") && !line.contains('\n'), "{line}");
}

#[tokio::test]
async fn a_new_log_has_an_epoch_of_its_own() {
    let (first, second) = (Database::new(), Database::new());
    let (one, other) = (first.open(noon()).await.unwrap(), second.open(noon()).await.unwrap());
    assert_ne!(one.epoch(), other.epoch());
    assert_eq!(one.head().await.unwrap().seq, Seq::ZERO);
}

#[tokio::test]
async fn the_epoch_the_log_and_the_types_survive_reopening() {
    let database = Database::new();
    let store = database.open(noon()).await.unwrap();
    let (user, campus) = somebody_somewhere(&store).await;
    let joins = MembershipChange { user, campus, role: Some(CampusRole::Admin) };
    assert_eq!(write(&store, SetMemberships(vec![joins])).await.unwrap(), 1);
    let (head, types) = (store.head().await.unwrap(), store.types().iter().cloned().collect::<Vec<_>>());
    let entries = store.entries(Seq::ZERO, head.seq, 100).await.unwrap();
    assert_eq!(entries.len(), 1);
    drop(store);

    let store = database.open(noon()).await.unwrap();
    assert_eq!(store.epoch(), head.epoch);
    assert_eq!(store.head().await.unwrap(), head);
    assert_eq!(store.entries(Seq::ZERO, head.seq, 100).await.unwrap(), entries);
    assert_eq!(store.types().iter().cloned().collect::<Vec<_>>(), types);
    assert_eq!(store.memberships(user).await.unwrap()[0].campus, campus);
}

#[tokio::test]
async fn a_type_of_the_platforms_own_keeps_its_number_and_takes_its_new_label() {
    let database = Database::new();
    let mut types = notification_type::built_in();
    types[0].label = "Something new".to_owned();
    let types_before = database.open(noon()).await.unwrap().types();
    let before = types_before.named("EVENT_CREATED").unwrap().clone();
    let url = database.url();
    let store = Store::open(&url, types, noon()).await.unwrap();
    let types_after = store.types();
    let after = types_after.named("EVENT_CREATED").unwrap();
    assert_eq!((after.id, after.definition.label.as_str()), (before.id, "Something new"));
}

async fn somebody_somewhere(store: &Store) -> (UserId, CampusId) {
    let north = crate::domain::directory::CampusStatement {
        key: "north".to_owned(),
        name: "North".to_owned(),
        timezone: "UTC".to_owned(),
    };
    let campuses = write(store, UpsertCampuses(vec![north])).await.unwrap();
    let user = write(store, InternUser("ada".to_owned())).await.unwrap();
    (user.id, campuses[0].id)
}
