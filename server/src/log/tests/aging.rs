//! What is old is left behind by position; what is deleted goes in small batches, whole, and nothing else with it.

use std::time::Duration;

use chrono::TimeDelta;

use super::fixture::*;
use crate::domain::age::{Age, Progress};
use crate::domain::broadcast::{Announcement, When};
use crate::domain::directory::Role;
use crate::domain::entry::{Appended, Audience};
use crate::domain::id::{Seq, UserId};
use crate::domain::receipts::ReceiptChange;
use crate::log::Log;

/// Every table that holds something for a position, with how the position is called there.
const TABLES: [(&str, &str); 7] = [
    ("feed_entry", "seq"),
    ("notification", "seq"),
    ("log_entry", "seq"),
    ("broadcast", "seq"),
    ("read_exception", "seq"),
    ("archive_exception", "seq"),
    ("read_mark", "through"),
];
/// Rows in each batch of these tests.
const ROWS: i64 = 300;

/// Rows that are there, of what stands at these positions; recipient lists with their members too.
fn rows(fixture: &Fixture, positions: &str) -> i64 {
    let of_table = |(table, seq): (&str, &str)| {
        fixture.database.number(&format!("SELECT count(*) FROM {table} WHERE {seq} {positions}"))
    };
    let lists = format!("FROM recipient_list WHERE seq {positions}");
    let members =
        format!("SELECT count(*) FROM recipient_list_member WHERE audience / 4 IN (SELECT id {lists})");
    TABLES.into_iter().map(of_table).sum::<i64>()
        + fixture.database.number(&format!("SELECT count(*) {lists}"))
        + fixture.database.number(&members)
}

/// So many notifications: most to everyone, some to a few, three on long lists; Ada and Ben have read some.
async fn told(fixture: &Fixture, many: usize) {
    let everyone: Vec<UserId> = ids(&people(&fixture.log, 700).await);
    let audience = |i: usize| match i % 100 {
        7 => Audience::users(everyone[..100].to_vec()),
        9 if i % 1_000 == 9 && i < 3_000 => Audience::users(everyone.clone()),
        _ => Audience::System,
    };
    let publications = (0..many).map(|i| fixture.publication(audience(i), &i.to_string())).collect();
    fixture.log.publish_all(publications).await.into_iter().for_each(|answer| drop(answer.unwrap()));
    while fixture.log.index_text(&fixture.store).await.unwrap() {}
    // As if a person had sent some of them.
    fixture.database.run(
        "INSERT INTO broadcast (created_at, sender_id, audience_kind, state, seq)
         SELECT created_at, sender_id, audience_kind, 1, seq FROM notification WHERE seq % 10 = 0",
    );
    for user in [fixture.ada.id, fixture.ben.id] {
        for through in [40, 2_000, 4_995] {
            let change = ReceiptChange::ReadThrough { through: Seq(through), campus: None };
            fixture.log.change_receipts(user, change).await.unwrap();
        }
        let notifications = (1..=5_000).step_by(250).map(|seq| (Seq(seq), None)).collect();
        let change = ReceiptChange::Read { notifications, read: false };
        fixture.log.change_receipts(user, change).await.unwrap();
        let notifications = (1..=5_000).step_by(300).map(Seq).collect();
        let change = ReceiptChange::Archived { notifications, archived: true };
        fixture.log.change_receipts(user, change).await.unwrap();
    }
}

fn delete_through(fixture: &Fixture, position: i64) {
    fixture.database.run(&format!("UPDATE log_head SET deleted_through = {position}"));
}

/// One batch; what is said of it is so.
async fn delete_some(fixture: &Fixture, log: &Log) -> i64 {
    let before = rows(fixture, "> 0");
    let deleted = log.delete_aged(ROWS).await.unwrap();
    assert_eq!(before - rows(fixture, "> 0"), deleted.rows);
    assert!(deleted.rows <= ROWS, "{} rows", deleted.rows);
    deleted.rows
}

#[tokio::test]
async fn the_old_is_deleted_in_small_batches_and_the_young_stays_whole() {
    let fixture = Fixture::start().await;
    told(&fixture, 5_000).await;
    delete_through(&fixture, 2_900);
    let (old, young) = (rows(&fixture, "<= 2900"), rows(&fixture, "> 2900"));
    // Three lists of 700, thirty times 100 named, and for each position an entry, a row of the feed, and itself.
    assert!(old > 2_900 * 3 + 2_100 + 2_900, "{old} rows");
    let mut batches = 0;
    while delete_some(&fixture, &fixture.log).await == ROWS {
        batches += 1;
    }
    assert_eq!(batches, old / ROWS);
    assert_eq!((rows(&fixture, "<= 2900"), rows(&fixture, "> 2900")), (0, young));
    assert_eq!(delete_some(&fixture, &fixture.log).await, 0);
    let indexed = "SELECT count(*) FROM notification_text WHERE rowid";
    assert_eq!(fixture.database.number(&format!("{indexed} <= 2900")), 0);
    assert!(fixture.database.number(&format!("{indexed} > 2900")) > 2_000);
    assert_eq!(
        fixture.database.number("SELECT count(*) FROM recipient_list_member"),
        0,
        "no list is forgotten"
    );
}

#[tokio::test]
async fn a_list_whose_notification_is_young_keeps_its_members() {
    let fixture = Fixture::start().await;
    told(&fixture, 5_000).await;
    delete_through(&fixture, 1_500);
    while delete_some(&fixture, &fixture.log).await == ROWS {}
    assert_eq!(fixture.database.number("SELECT count(*) FROM recipient_list_member"), 700);
}

#[tokio::test]
async fn what_was_never_sent_goes_by_its_time_with_whom_it_named() {
    let fixture = Fixture::start().await;
    let everyone = ids(&people(&fixture.log, 700).await);
    for many in [everyone.len(), 1] {
        let audience = Audience::users(everyone[..many].to_vec());
        let at = fixture.clock.now() + TimeDelta::hours(1);
        let publication = fixture.publication(audience, "later");
        let (send_at, when, token_role) = (Some(at), Ok(When::At(at)), Role::Service);
        fixture.log.announce(Announcement { publication, send_at, when, token_role }).await.unwrap();
    }
    fixture.database.run("UPDATE broadcast SET state = 2");
    let tables = ["broadcast", "unsent", "recipient_list", "recipient_list_member"];
    let count = |table: &str| fixture.database.number(&format!("SELECT count(*) FROM {table}"));
    let left = || tables.into_iter().map(count).sum::<i64>();
    let all = left();
    assert_eq!(fixture.log.delete_aged(ROWS).await.unwrap().rows, 0, "nothing is old yet");
    fixture.database.run("UPDATE log_head SET deleted_until = (SELECT max(created_at) FROM broadcast)");
    while fixture.log.delete_aged(ROWS).await.unwrap().rows >= ROWS {}
    assert_eq!((all, left()), (700 + 1 + 2 + 2 + 2, 0));
}

#[tokio::test]
async fn a_server_that_starts_in_the_middle_goes_on_where_the_last_one_ended() {
    let fixture = Fixture::start().await;
    told(&fixture, 5_000).await;
    delete_through(&fixture, 2_900);
    let young = rows(&fixture, "> 2900");
    for _ in 0..5 {
        assert_eq!(delete_some(&fixture, &fixture.log).await, ROWS);
    }
    let Fixture { database, store, log, clock, north, ada, ben, millis } = fixture;
    drop((store, log));
    let reopened = async {
        let mut looks = tokio::time::interval(Duration::from_millis(5));
        loop {
            looks.tick().await;
            // Until the writer has let go of the file.
            if let Ok(store) = database.open(clock.clone()).await {
                return std::sync::Arc::new(store);
            }
        }
    };
    let store = tokio::time::timeout(Duration::from_mins(1), reopened).await.unwrap();
    let (log, _) = Log::start(std::sync::Arc::clone(&store)).await.unwrap();
    let fixture = Fixture { database, store, log, clock, north, ada, ben, millis };
    while delete_some(&fixture, &fixture.log).await == ROWS {}
    assert_eq!((rows(&fixture, "<= 2900"), rows(&fixture, "> 2900")), (0, young));
}

#[tokio::test]
async fn the_positions_are_those_of_the_last_entries_of_their_moments() {
    let fixture = Fixture::start().await;
    let begun = fixture.clock.now();
    for day in ["first", "second", "third", "fourth"] {
        fixture.tell_all(day).await;
        fixture.turn_clock(TimeDelta::days(1));
    }
    let at = |days: i64| Some(begun + TimeDelta::days(days));
    let still = Progress::default();
    let moved = Progress { moves: 1, archived_until: at(2), deleted_until: None };
    let age = fixture.log.move_age(still, moved).await.unwrap().unwrap();
    assert_eq!(age, Age { archived_through: Seq(3), deleted_through: Seq(0) });
    assert_eq!(fixture.store.aging().await.unwrap(), (age, moved));

    // Who has not seen that somebody else was faster.
    let late = Progress { moves: 1, archived_until: at(4), deleted_until: at(4) };
    assert_eq!(fixture.log.move_age(still, late).await.unwrap(), None);
    assert_eq!(fixture.store.aging().await.unwrap(), (age, moved));

    let further = Progress { moves: 2, archived_until: at(2), deleted_until: at(1) };
    let age = fixture.log.move_age(moved, further).await.unwrap().unwrap();
    assert_eq!(age, Age { archived_through: Seq(3), deleted_through: Seq(2) });
}

#[tokio::test]
async fn what_is_to_be_deleted_is_not_found_while_its_rows_are_there() {
    let fixture = Fixture::start().await;
    for title in ["old", "young"] {
        fixture.tell_all(title).await;
    }
    delete_through(&fixture, 1);
    assert_eq!(fixture.store.notification(Seq(1)).await.unwrap(), None);
    assert!(fixture.store.notification(Seq(2)).await.unwrap().is_some());
}

#[tokio::test]
async fn a_key_that_was_used_for_what_is_deleted_is_free_again() {
    let fixture = Fixture::start().await;
    let publish = || fixture.log.publish(keyed(fixture.to_all("again"), "key"));
    assert_eq!(added(&publish().await.unwrap()).seq, Seq(1));
    assert_eq!(publish().await.unwrap(), Appended::Duplicate(Seq(1)));
    delete_through(&fixture, 1);
    assert_eq!(added(&publish().await.unwrap()).seq, Seq(2));
    assert_eq!(publish().await.unwrap(), Appended::Duplicate(Seq(2)));
}
