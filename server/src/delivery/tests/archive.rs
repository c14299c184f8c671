//! What a person archives on one device, the others are told; what is archived by its age is known to pages and replays.

use std::collections::BTreeSet;

use super::*;
use crate::delivery::{CopyState, History, HistoryFilter, PageRequest};
use crate::domain::age::ARCHIVE_AFTER;
use crate::domain::receipts::ReceiptChange;

fn archive(position: i64, archived: bool) -> ReceiptChange {
    ReceiptChange::Archived { notifications: vec![Seq(position)], archived }
}

/// Everything up to and including this position is of age.
fn let_come_of_age(followed: &Followed, through: i64) {
    followed.log.database.run(&format!("UPDATE log_head SET archived_through = {through}"));
}

/// The positions on Ada's pages, newest first, and on her pages from the oldest on.
async fn shown(followed: &Followed, filter: &HistoryFilter) -> Vec<i64> {
    let scope = followed.log.store.scope(followed.log.ada.id).await.unwrap();
    let history =
        History::open(Arc::clone(&followed.log.store), scope, followed.log.clock.now()).await.unwrap();
    let mut both = Vec::new();
    for newest_first in [true, false] {
        let request = PageRequest { older_than: None, newer_than: None, newest_first, limit: 100 };
        let page = history.page(filter, request).await.unwrap();
        both.push(page.rows.iter().map(|row| row.seq.0).collect::<Vec<_>>());
    }
    both[1].reverse();
    assert_eq!(both[0], both[1], "both directions show the same");
    both.remove(0)
}

/// What a replay from the beginning tells of each copy.
async fn replayed(followed: &Followed) -> Vec<CopyState> {
    let mut feed = followed.after(followed.log.ada.id, &[&followed.cursor(0)]).await.unwrap();
    let mut copies = Vec::new();
    while let FeedEvent::Added { copy, .. } = next(&mut feed).await {
        copies.push(copy);
    }
    copies
}

#[tokio::test]
async fn other_devices_are_told_and_only_of_what_changed() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let mut feed = followed.live(ada).await;
    followed.log.tell_all("1").await;
    for archived in [true, true, false, false, true] {
        followed.hub.change_receipts(ada, archive(1, archived)).await.unwrap();
    }
    assert_eq!(in_words(&next(&mut feed).await), "added 1");
    for (expected, said) in [(1, true), (2, false), (3, true)] {
        match next(&mut feed).await {
            FeedEvent::ReadState { revision, change, .. } => {
                assert_eq!((revision, change), (expected, Some(archive(1, said))));
            }
            other => panic!("{other:?}"),
        }
    }
    followed.log.tell_all("2").await;
    assert_eq!(told_until(&mut feed, 2).await, ["added 2"]);
}

#[tokio::test]
async fn what_was_never_archived_need_not_be_taken_out() {
    let followed = Followed::start().await;
    followed.log.tell_all("1").await;
    followed.hub.change_receipts(followed.log.ada.id, archive(1, false)).await.unwrap();
    assert_eq!(followed.log.database.number("SELECT count(*) FROM archive_exception"), 0);
    let_come_of_age(&followed, 1);
    followed.hub.change_receipts(followed.log.ada.id, archive(1, true)).await.unwrap();
    assert_eq!(followed.log.database.number("SELECT count(*) FROM archive_exception"), 0);
}

#[tokio::test]
async fn a_replay_knows_what_is_archived_and_since_when() {
    let followed = Followed::start().await;
    for title in ["of age", "taken out", "archived", "young"] {
        followed.log.tell_all(title).await;
    }
    let sent = followed.log.clock.now();
    followed.log.turn_clock(chrono::TimeDelta::days(40));
    let_come_of_age(&followed, 2);
    let of_age = Some(sent + ARCHIVE_AFTER);
    // Whoever never said anything.
    let archived_at: Vec<_> = replayed(&followed).await.into_iter().map(|copy| copy.archived_at).collect();
    assert_eq!(archived_at, [of_age, of_age, None, None]);
    followed.hub.change_receipts(followed.log.ada.id, archive(2, false)).await.unwrap();
    followed.hub.change_receipts(followed.log.ada.id, archive(3, true)).await.unwrap();
    let archived_at: Vec<_> = replayed(&followed).await.into_iter().map(|copy| copy.archived_at).collect();
    assert_eq!(archived_at, [of_age, None, Some(followed.log.clock.now()), None]);
}

#[tokio::test]
async fn pages_leave_out_what_is_archived_unless_asked_for() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    for i in 0..8 {
        followed.log.tell_all(&i.to_string()).await;
    }
    let read = |positions: &[i64], read| ReceiptChange::Read {
        notifications: positions.iter().map(|position| (Seq(*position), None)).collect(),
        read,
    };
    followed
        .hub
        .change_receipts(ada, ReceiptChange::ReadThrough { through: Seq(6), campus: None })
        .await
        .unwrap();
    followed.hub.change_receipts(ada, read(&[1, 2, 5], false)).await.unwrap();
    let_come_of_age(&followed, 4);
    for (position, archived) in [(2, false), (3, false), (8, true)] {
        followed.hub.change_receipts(ada, archive(position, archived)).await.unwrap();
    }
    let all = HistoryFilter::default();
    assert_eq!(shown(&followed, &all).await, [7, 6, 5, 3, 2]);
    let archived_too = HistoryFilter { archived: true, ..HistoryFilter::default() };
    assert_eq!(shown(&followed, &archived_too).await, [8, 7, 6, 5, 4, 3, 2, 1]);
    let unread = HistoryFilter { unread: Some(true), ..HistoryFilter::default() };
    assert_eq!(shown(&followed, &unread).await, [7, 5, 2]);
    let unread_archived_too = HistoryFilter { archived: true, ..unread };
    assert_eq!(shown(&followed, &unread_archived_too).await, [8, 7, 5, 2, 1]);
    let read = HistoryFilter { unread: Some(false), ..HistoryFilter::default() };
    assert_eq!(shown(&followed, &read).await, [6, 3]);
}

#[tokio::test]
async fn nothing_is_repeated_however_much_was_said_otherwise_of() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let many: Vec<_> = (0..120).map(|i| followed.log.to_all(&i.to_string())).collect();
    followed.log.log.publish_all(many).await;
    let all: Vec<Seq> = (1..=120).map(Seq).collect();
    followed
        .hub
        .change_receipts(ada, ReceiptChange::ReadThrough { through: Seq(100), campus: None })
        .await
        .unwrap();
    let_come_of_age(&followed, 110);
    let unread = all.iter().filter(|seq| seq.0 % 2 == 0).map(|seq| (*seq, None)).collect();
    let out = all.iter().copied().filter(|seq| seq.0 % 3 == 0).collect();
    let unread = ReceiptChange::Read { notifications: unread, read: false };
    let out = ReceiptChange::Archived { notifications: out, archived: false };
    followed.hub.change_receipts(ada, unread).await.unwrap();
    followed.hub.change_receipts(ada, out).await.unwrap();
    let filter = HistoryFilter { unread: Some(true), ..HistoryFilter::default() };
    let expected: BTreeSet<i64> =
        (1..=120).filter(|seq| seq % 2 == 0 || *seq > 100).filter(|seq| seq % 3 == 0 || *seq > 110).collect();
    assert_eq!(shown(&followed, &filter).await, expected.into_iter().rev().collect::<Vec<_>>());
}
