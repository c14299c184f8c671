//! Where a feed begins: at the present, or behind the later of the cursors that it is given.

use rstest::rstest;

use super::*;
use crate::domain::cursor::{Cursor, CursorError};
use crate::domain::directory::CampusRole;
use crate::domain::entry::Audience;

#[tokio::test]
async fn without_a_cursor_it_begins_at_the_present() {
    let followed = Followed::start().await;
    followed.log.tell_all("before").await;
    let mut feed = followed.after(followed.log.ada.id, &[]).await.unwrap();
    assert_eq!(told_until(&mut feed, 1).await, ["live at 1"]);
    followed.log.tell_all("news").await;
    assert_eq!(told_until(&mut feed, 2).await, ["added 2"]);
}

#[tokio::test]
async fn behind_a_cursor_it_replays_then_goes_live() {
    let followed = Followed::start().await;
    for i in 1..=600 {
        followed.log.tell_all(&i.to_string()).await;
    }
    let cursor = followed.cursor(3);
    let mut feed = followed.after(followed.log.ada.id, &[&cursor]).await.unwrap();
    followed.log.tell_all("while it replays").await;
    let mut expected: Vec<String> = (4..=600).map(|position| format!("replayed {position}")).collect();
    expected.extend(["live at 600".to_owned(), "added 601".to_owned()]);
    assert_eq!(told_until(&mut feed, 601).await, expected);
}

#[tokio::test]
async fn of_two_cursors_the_later_counts() {
    let followed = Followed::start().await;
    for i in 1..=5 {
        followed.log.tell_all(&i.to_string()).await;
    }
    let (early, late) = (followed.cursor(1), followed.cursor(4));
    for cursors in [[&early, &late], [&late, &early]] {
        let mut feed = followed.after(followed.log.ada.id, &cursors.map(String::as_str)).await.unwrap();
        assert_eq!(next(&mut feed).await.position(), Seq(5));
        assert_eq!(in_words(&next(&mut feed).await), "live at 5");
    }
}

#[tokio::test]
async fn recalls_are_replayed_as_events_and_what_they_took_back_is_not() {
    let followed = Followed::start().await;
    let mistake = followed.log.tell_all("a mistake").await;
    followed.log.tell_all("right").await;
    followed.log.log.recall(mistake).await.unwrap();
    let start = followed.cursor(0);
    let mut feed = followed.after(followed.log.ada.id, &[&start]).await.unwrap();
    assert_eq!(told_until(&mut feed, 3).await, ["replayed 2", "recalled 1 at 3"]);
}

#[tokio::test]
async fn what_a_campus_was_told_is_replayed_to_those_who_are_still_on_it() {
    let followed = Followed::start().await;
    let (ada, ben, north) = (followed.log.ada.id, followed.log.ben.id, followed.log.north);
    let to_north = || followed.log.log.publish(followed.log.publication(Audience::Campus(north), "to north"));
    to_north().await.unwrap();
    let joins = |user| (user, north, Some(CampusRole::Member));
    followed.log.log.set_memberships(vec![joins(ada), joins(ben)]).await.unwrap();
    to_north().await.unwrap();
    followed.log.log.set_memberships(vec![(ben, north, None)]).await.unwrap();
    let start = followed.cursor(0);
    let mut of_ada = followed.after(ada, &[&start]).await.unwrap();
    assert_eq!(told_until(&mut of_ada, 5).await, ["viewer changed at 2", "replayed 4", "live at 5"]);
    let mut of_ben = followed.after(ben, &[&start]).await.unwrap();
    assert_eq!(told_until(&mut of_ben, 5).await, ["viewer changed at 3", "viewer changed at 5"]);
}

#[rstest]
#[case::garbled(Some("garbage!"), 0, CursorError::Garbled)]
#[case::empty(Some(""), 0, CursorError::Garbled)]
#[case::beyond_the_head(None, 3, CursorError::Expired)]
#[tokio::test]
async fn a_cursor_that_means_nothing_here_is_refused(
    #[case] text: Option<&str>,
    #[case] position: i64,
    #[case] expected: CursorError,
) {
    let followed = Followed::start().await;
    followed.log.tell_all("1").await;
    followed.log.tell_all("2").await;
    let cursor = text.map_or_else(|| followed.cursor(position), str::to_owned);
    let good = followed.cursor(1);
    for cursors in [vec![cursor.as_str()], vec![&good, &cursor]] {
        let opened = followed.after(followed.log.ada.id, &cursors).await;
        assert!(matches!(opened, Err(FeedError::Cursor(error)) if error == expected));
    }
}

#[tokio::test]
async fn a_cursor_of_another_life_of_the_log_has_expired() {
    let followed = Followed::start().await;
    let foreign = Cursor::encode("0123456789abcdef", Seq(0));
    let opened = followed.after(followed.log.ada.id, &[&foreign]).await;
    assert!(matches!(opened, Err(FeedError::Cursor(CursorError::Expired))));
}
