//! A database that somebody else has locked, or that the disk has no room for: nothing is acknowledged, and all is
//! well again afterwards.

use super::*;
use crate::store::writes::InternUser;

fn somebody(key: &str) -> InternUser {
    InternUser(key.to_owned())
}

#[tokio::test]
async fn while_it_is_locked_writes_are_unavailable_and_afterwards_well_again() {
    let database = Database::file();
    let store = database.open(noon()).await.unwrap();
    write(&store, somebody("ada")).await.unwrap();
    let mut tool = database.connect();
    tool.batch_execute("BEGIN EXCLUSIVE").unwrap();

    let refused = write(&store, somebody("ben")).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(store.user_by_key("ada".to_owned()).await.unwrap().is_some(), "reading goes on");

    tool.batch_execute("ROLLBACK").unwrap();
    assert!(store.user_by_key("ben".to_owned()).await.unwrap().is_none(), "nothing of it was kept");
    write(&store, somebody("ben")).await.unwrap();
    assert!(store.user_by_key("ben".to_owned()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_group_of_writes_is_unavailable_as_a_whole() {
    let database = Database::file();
    let store = database.open(noon()).await.unwrap();
    let mut tool = database.connect();
    tool.batch_execute("BEGIN EXCLUSIVE").unwrap();
    let (ada, of_ada) = Pending::job(somebody("ada"));
    let (ben, of_ben) = Pending::job(somebody("ben"));
    assert!(store.commit(vec![ada, ben]).await.entries.is_empty());
    for answer in [of_ada, of_ben] {
        assert!(matches!(answer.await.unwrap(), Err(StoreError::Unavailable(_))));
    }
}
