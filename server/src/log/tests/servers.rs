//! Several servers on one database: what one writes the others read, once and in order; what must happen once does. Where the
//! database is a file there is one server, and nothing to see.

use std::sync::Arc;

use futures_util::future::join_all;

use super::fixture::*;
use crate::domain::broadcast::{Announcement, When};
use crate::domain::directory::Role;
use crate::domain::entry::Entry;
use crate::domain::id::Seq;
use crate::log::{Heard, Log, Step, Tail};
use crate::store::Store;

/// Another server on the database of `fixture`.
async fn another(fixture: &Fixture) -> Option<(Arc<Store>, Log, Tail)> {
    if !fixture.store.is_shared() {
        return None;
    }
    let store = Arc::new(fixture.database.open(fixture.clock.clone()).await.unwrap());
    let (log, tail) = Log::start(Arc::clone(&store)).await.unwrap();
    Some((store, log, tail))
}

async fn read_until(tail: &mut Tail, last: i64) -> Vec<Arc<Entry>> {
    let mut read = Vec::new();
    while tail.position() < Seq(last) {
        read.extend(given(tail).await.unwrap());
    }
    read
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_read_what_either_writes_in_one_order() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    let Some((_, log, mut their_tail)) = another(&fixture).await else { return };
    for round in 0..20 {
        let ours = (0..5).map(|i| fixture.log.publish(fixture.to_all(&format!("ours {round}/{i}"))));
        let theirs = (0..5).map(|i| log.publish(fixture.to_all(&format!("theirs {round}/{i}"))));
        let (ours, theirs) = tokio::join!(join_all(ours), join_all(theirs));
        assert!(ours.iter().chain(&theirs).all(Result::is_ok));
    }
    let (ours, theirs) = (read_until(&mut tail, 200).await, read_until(&mut their_tail, 200).await);
    assert_eq!(ours, theirs);
    assert_eq!(ours, fixture.entries().await);
    assert_eq!(ours.iter().map(|entry| entry.seq.0).collect::<Vec<_>>(), (1..=200).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_due_is_sent_by_one_of_all_who_try() {
    let fixture = Fixture::start().await;
    let Some((store, log, _)) = another(&fixture).await else { return };
    let at = fixture.clock.now() + chrono::TimeDelta::minutes(1);
    for i in 0..20 {
        let publication = fixture.to_all(&i.to_string());
        let (send_at, when, token_role) = (Some(at), Ok(When::At(at)), Role::Service);
        fixture.log.announce(Announcement { publication, send_at, when, token_role }).await.unwrap();
    }
    fixture.turn_clock(chrono::TimeDelta::minutes(2));
    let schedulers = [
        crate::log::Scheduler::new(Arc::clone(&fixture.store), fixture.log.clone(), fixture.clock.clone()),
        crate::log::Scheduler::new(store, log, fixture.clock.clone()),
    ];
    let sent = tokio::join!(schedulers[0].send_due(), schedulers[1].send_due());
    assert!(sent.0.is_ok() && sent.1.is_ok());
    assert_eq!(fixture.entries().await.len(), 20);
    assert_eq!(fixture.database.number("SELECT count(*) FROM broadcast WHERE state = 1"), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_texts_are_indexed_once_by_whoever_gets_there() {
    let fixture = Fixture::start().await;
    let Some((store, log, _)) = another(&fixture).await else { return };
    for i in 0..100 {
        fixture.tell_all(&format!("library {i}")).await;
    }
    let index = async |store: &Store, log: &Log| while log.index_text(store).await.unwrap() {};
    tokio::join!(index(&fixture.store, &fixture.log), index(&store, &log));
    // Whoever was late has changed nothing, and the last has yet to look again.
    while fixture.log.index_text(&fixture.store).await.unwrap() {}
    assert_eq!(fixture.store.indexed_through().await.unwrap(), Seq(100));
    assert_eq!(fixture.database.number("SELECT count(*) FROM notification_text"), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_others_hear_of_receipts() {
    let fixture = Fixture::start().await;
    let Some((_, log, _tail)) = another(&fixture).await else { return };
    let mut heard = log.hear();
    let told = fixture.tell_all("read").await;
    let read =
        crate::domain::receipts::ReceiptChange::Read { notifications: vec![(told.seq, None)], read: true };
    let hint = fixture.log.change_receipts(fixture.ada.id, read).await.unwrap().unwrap();
    loop {
        match heard.recv().await.unwrap() {
            Heard::Receipts(other) => {
                assert_eq!((other.user, other.revision, other.as_of), (hint.user, hint.revision, hint.as_of));
                return;
            }
            // It was not there yet when that was told: then it looks.
            Heard::SomeReceipts => return,
            Heard::Deleted(_) | Heard::Count(..) => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_life_begins_everywhere_and_goes_on_from_where_the_log_ends() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    let before = fixture.store.epoch();
    let first = fixture.tell_all("before").await;
    read_until(&mut tail, first.seq.0).await;
    let theirs = another(&fixture).await;
    let epoch = fixture.log.renew().await.unwrap();
    assert_ne!(epoch, before);
    let ours = (Arc::clone(&fixture.store), fixture.log.clone(), tail);
    for (store, _log, mut tail) in [Some(ours), theirs].into_iter().flatten() {
        let renewed = tail.next().await;
        // The second may see it only when the log has grown once more.
        assert!(matches!(renewed, Some(Step::Renewed(at)) if at >= first.seq), "{renewed:?}");
        assert_eq!(store.epoch(), epoch);
        let told = fixture.tell_all("after").await;
        let read = read_until(&mut tail, told.seq.0).await;
        assert_eq!(notification(read.last().unwrap()), told);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_went_backwards_begins_another_life() {
    let (fixture, mut tail) = Fixture::start_with_tail().await;
    let before = fixture.store.epoch();
    for i in 0..5 {
        fixture.tell_all(&i.to_string()).await;
    }
    read_until(&mut tail, 5).await;
    // As if a back-up had been put in its place.
    fixture.database.run_unchecked(
        "DELETE FROM feed_entry WHERE seq > 2; DELETE FROM notification WHERE seq > 2;
         DELETE FROM log_entry WHERE seq > 2; UPDATE log_head SET seq = 2",
    );
    let told = fixture.tell_all("afterwards").await;
    assert_eq!(told.seq, Seq(3));
    let renewed = tail.next().await;
    assert!(matches!(renewed, Some(Step::Renewed(Seq(2 | 3)))), "{renewed:?}");
    assert_ne!(fixture.store.epoch(), before);
}
