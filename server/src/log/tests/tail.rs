//! The tail gives every entry once and in order, wherever it has it from.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use futures_util::future::join_all;

use super::fixture::*;
use crate::domain::entry::{Change, Entry};
use crate::domain::id::Seq;
use crate::log::{Step, Tail};

/// What the tail gives, up to and including that position.
async fn read_until(tail: &mut Tail, last: i64) -> Vec<Arc<Entry>> {
    let mut read = Vec::new();
    while tail.position() < Seq(last) {
        read.extend(given(tail).await.unwrap());
    }
    read
}

fn positions(entries: &[Arc<Entry>]) -> Vec<i64> {
    entries.iter().map(|entry| entry.seq.0).collect()
}

#[tokio::test]
async fn every_entry_is_given_once_and_in_order() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    for round in 0..10 {
        let publishing = (0..30).map(|i| fixture.log.publish(fixture.to_all(&format!("{round}/{i}"))));
        join_all(publishing).await;
    }
    let read = read_until(&mut tail, 300).await;
    assert_eq!(positions(&read), (1..=300).collect::<Vec<_>>());
    assert_eq!(read, fixture.entries().await);
}

#[tokio::test]
async fn what_there_was_no_room_for_is_read_back() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    // Each a group of its own, and more of them than wait for a tail.
    for i in 0..150 {
        fixture.tell_all(&i.to_string()).await;
    }
    let read = read_until(&mut tail, 150).await;
    assert_eq!(positions(&read), (1..=150).collect::<Vec<_>>());
    fixture.tell_all("afterwards").await;
    assert_eq!(positions(&read_until(&mut tail, 151).await), [151]);
}

#[tokio::test]
async fn it_may_be_dropped_in_the_middle_and_called_again() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    let mut read = Vec::new();
    for i in 0..200 {
        fixture.tell_all(&i.to_string()).await;
        // Polled once, then dropped, whatever it was doing.
        let mut next = Box::pin(tail.next());
        let ready = poll_fn(|context| Poll::Ready(pin!(&mut next).poll(context))).await;
        drop(next);
        if let Poll::Ready(Some(Step::Entries(entries))) = ready {
            read.extend(entries);
        }
    }
    read.extend(read_until(&mut tail, 200).await);
    assert_eq!(positions(&read), (1..=200).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_others_have_written_is_found_with_the_next_hint() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    fixture.tell_all("ours").await;
    write_one_of_kind(&fixture, 2, 5);
    fixture.tell_all("ours again").await;
    assert_eq!(positions(&read_until(&mut tail, 3).await), [1, 2, 3]);
}

#[tokio::test]
async fn a_kind_that_a_newer_server_wrote_is_stepped_over() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    fixture.tell_all("before").await;
    write_one_of_kind(&fixture, 2, 99);
    let told = fixture.tell_all("after").await;
    let read = read_until(&mut tail, 3).await;
    assert_eq!(read[1].change, Change::Unknown);
    assert_eq!(read[2].change, Change::Added(told));
}

#[tokio::test]
async fn it_ends_once_the_writer_has_gone_and_everything_is_given() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    fixture.tell_all("the last").await;
    let Fixture { database, store, log, .. } = fixture;
    drop(log);
    assert_eq!(positions(&given(&mut tail).await.unwrap()), [1]);
    assert!(tail.next().await.is_none());
    assert_eq!(store.head().await.unwrap().seq, Seq(1));
    drop(database);
}

/// As another server would have.
fn write_one_of_kind(fixture: &Fixture, position: i64, kind: i64) {
    fixture.database.run(&format!(
        "BEGIN;
         INSERT INTO log_entry (seq, group_id, kind, created_at, user_id)
             SELECT {position}, 0, {kind}, created_at, 1 FROM log_head;
         UPDATE log_head SET seq = {position};
         COMMIT;"
    ));
}
