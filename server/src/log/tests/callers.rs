//! A caller that goes away changes nothing.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use super::fixture::*;
use crate::domain::entry::{Audience, Publication};
use crate::log::Tail;

/// Asks, and goes away at once.
async fn ask_and_leave(fixture: &Fixture, publication: Publication) {
    let mut publishing = Box::pin(fixture.log.publish(publication));
    poll_fn(|context| {
        let answered = pin!(&mut publishing).poll(context).is_ready();
        assert!(!answered, "nobody can have answered yet");
        Poll::Ready(())
    })
    .await;
}

/// Everything that is written until `title` is.
async fn titles_until(tail: &mut Tail, title: &str) -> Vec<String> {
    let mut titles = Vec::new();
    while !titles.iter().any(|written| written == title) {
        for entry in given(tail).await.unwrap() {
            titles.push(notification(&entry).content.title.clone());
        }
    }
    titles
}

#[tokio::test]
async fn an_append_whose_caller_went_away_is_whole() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    let to_ben = fixture.publication(Audience::users([fixture.ben.id]), "for Ben");
    ask_and_leave(&fixture, to_ben).await;
    assert_eq!(titles_until(&mut tail, "for Ben").await, ["for Ben"]);
    let stored = fixture.entries().await;
    assert_eq!(notification(&stored[0]).audience, Audience::users([fixture.ben.id]));
}

#[tokio::test]
async fn a_long_list_whose_caller_went_away_is_whole() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    let many = ids(&people(&fixture.log, 150).await);
    let to_many = fixture.publication(Audience::users(many.clone()), "for many");
    ask_and_leave(&fixture, to_many).await;
    assert_eq!(titles_until(&mut tail, "for many").await, ["for many"]);
    let stored = fixture.entries().await;
    assert_eq!(notification(&stored[0]).audience, Audience::users(many));
    assert_eq!(fixture.database.number("SELECT count(*) FROM recipient_list WHERE seq = 1"), 1);
}

#[tokio::test]
async fn those_who_stay_are_answered_whoever_leaves() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    for i in 0..20 {
        ask_and_leave(&fixture, fixture.to_all(&format!("left {i}"))).await;
        fixture.tell_all(&format!("stayed {i}")).await;
    }
    assert_eq!(titles_until(&mut tail, "stayed 19").await.len(), 40);
}
