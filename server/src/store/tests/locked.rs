//! A database that somebody else has locked, or that the disk has no room for: nothing is acknowledged, and all is
//! well again afterwards.

use std::time::Duration;

use super::*;
use crate::store::Options;
use crate::store::writes::InternUser;

/// A store that soon gives up.
async fn impatient(database: &Database) -> Store {
    let options = Options { timeout: Duration::from_secs(1), ..Options::default() };
    Store::open_with(&database.url(), options, notification_type::built_in(), noon()).await.unwrap()
}

fn somebody(key: &str) -> InternUser {
    InternUser(key.to_owned())
}

#[tokio::test]
async fn while_it_is_locked_writes_are_unavailable_and_afterwards_well_again() {
    let database = Database::new();
    let store = impatient(&database).await;
    write(&store, somebody("ada")).await.unwrap();
    let tool = database.hold();

    let refused = write(&store, somebody("ben")).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(store.user_by_key("ada".to_owned()).await.unwrap().is_some(), "reading goes on");

    drop(tool);
    assert!(store.user_by_key("ben".to_owned()).await.unwrap().is_none(), "nothing of it was kept");
    write(&store, somebody("ben")).await.unwrap();
    assert!(store.user_by_key("ben".to_owned()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_group_of_writes_is_unavailable_as_a_whole() {
    let database = Database::new();
    let store = impatient(&database).await;
    let _tool = database.hold();
    let (ada, of_ada) = Pending::job(somebody("ada"));
    let (ben, of_ben) = Pending::job(somebody("ben"));
    assert!(store.commit(vec![ada, ben]).await.entries.is_empty());
    for answer in [of_ada, of_ben] {
        assert!(matches!(answer.await.unwrap(), Err(StoreError::Unavailable(_))));
    }
}
