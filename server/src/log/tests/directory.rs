//! People, and what they can see once it is written.

use super::fixture::*;
use crate::domain::directory::CampusRole;
use crate::domain::id::Seq;

#[tokio::test]
async fn a_user_comes_with_what_they_can_see() {
    let fixture = Fixture::start().await;
    let ada = &fixture.ada;
    let found = async || fixture.store.user_and_scope(ada.key.clone()).await.unwrap().unwrap();
    assert!(found().await.1.memberships.is_empty());
    fixture.log.set_memberships(vec![(ada.id, fixture.north, Some(CampusRole::Admin))]).await.unwrap();
    fixture.tell_all("something else").await;
    let (user, scope) = found().await;
    assert_eq!(&user, ada);
    assert_eq!(scope, fixture.store.scope(ada.id).await.unwrap());
    assert_eq!((scope.as_of, scope.user), (Seq(2), ada.id));
    assert_eq!(scope.memberships.campuses().collect::<Vec<_>>(), [fixture.north]);
    assert!(fixture.store.user_and_scope("nobody".to_owned()).await.unwrap().is_none());
}
