//! What a person reads on one device, the others are told: after what it is about, and never out of order.

use super::*;
use crate::domain::receipts::ReceiptChange;

fn read(position: Seq) -> ReceiptChange {
    ReceiptChange::Read { notifications: vec![(position, None)], read: true }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_never_overtakes_added() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let mut feed = followed.live(ada).await;
    let hub = Arc::clone(&followed.hub);
    let acting = tokio::spawn(async move {
        for i in 0..200 {
            let told = followed.log.tell_all(&i.to_string()).await;
            // At once: perhaps before the hub has heard of it.
            hub.change_receipts(ada, read(told.seq)).await.unwrap();
        }
        followed
    });
    let (mut added, mut revisions) = (Vec::new(), Vec::new());
    while revisions.len() < 200 {
        match next(&mut feed).await {
            FeedEvent::Added { notification, .. } => added.push(notification.seq),
            FeedEvent::ReadState {
                revision,
                change: Some(ReceiptChange::Read { notifications, .. }),
                ..
            } => {
                assert!(
                    added.contains(&notifications[0].0),
                    "{notifications:?} was read before it was there"
                );
                revisions.push(revision);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(revisions, (1..=200).collect::<Vec<_>>());
    assert_eq!(added, (1..=200).map(Seq).collect::<Vec<_>>());
    drop(acting.await.unwrap());
}

#[tokio::test]
async fn nobody_else_is_told() {
    let followed = Followed::start().await;
    let mut of_ben = followed.live(followed.log.ben.id).await;
    let told = followed.log.tell_all("1").await;
    followed.hub.change_receipts(followed.log.ada.id, read(told.seq)).await.unwrap();
    followed.log.tell_all("2").await;
    assert_eq!(told_until(&mut of_ben, 2).await, ["added 1", "added 2"]);
}

#[tokio::test]
async fn what_is_so_already_is_not_told() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let mut feed = followed.live(ada).await;
    let told = followed.log.tell_all("1").await;
    for _ in 0..3 {
        followed.hub.change_receipts(ada, read(told.seq)).await.unwrap();
    }
    let through = ReceiptChange::ReadThrough { through: told.seq, campus: None };
    followed.hub.change_receipts(ada, through.clone()).await.unwrap();
    followed.hub.change_receipts(ada, through).await.unwrap();
    assert_eq!(in_words(&next(&mut feed).await), "added 1");
    assert_eq!(in_words(&next(&mut feed).await), "read state 1");
    assert_eq!(in_words(&next(&mut feed).await), "read state 2");
    followed.log.tell_all("2").await;
    assert_eq!(told_until(&mut feed, 2).await, ["added 2"]);
}

#[tokio::test]
async fn a_replay_knows_what_was_read_meanwhile() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let read_one = followed.log.tell_all("read").await;
    followed.log.tell_all("unread").await;
    followed.hub.change_receipts(ada, read(read_one.seq)).await.unwrap();
    let mut feed = followed.after(ada, &[&followed.cursor(0)]).await.unwrap();
    for expected in [Some(followed.log.clock.now()), None] {
        match next(&mut feed).await {
            FeedEvent::Added { copy, .. } => assert_eq!(copy.read_at, expected),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_feed_that_lost_hints_says_so_with_the_newest_revision() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let mut feed = followed.live_with_room(ada, 1).await;
    followed.log.tell_all("1").await;
    // It has no room for more.
    for i in 0..1_100 {
        let change = ReceiptChange::Read { notifications: vec![(Seq(1), None)], read: i % 2 == 0 };
        followed.hub.change_receipts(ada, change).await.unwrap();
    }
    assert_eq!(told_until(&mut feed, 1).await, ["added 1"]);
    let mut told = Vec::new();
    while !matches!(told.last(), Some(FeedEvent::ReadState { revision: 1_100, .. })) {
        told.push(next(&mut feed).await);
    }
    assert!(told.len() < 100, "{} were told one by one", told.len());
    assert!(told.iter().any(|event| matches!(event, FeedEvent::ReadState { change: None, .. })));
}

#[tokio::test]
async fn what_was_read_while_a_client_was_away_makes_it_ask() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let told = followed.log.tell_all("1").await;
    followed.hub.change_receipts(ada, read(told.seq)).await.unwrap();
    // A cursor that says nothing of receipts may be older than any of them.
    let mut away = followed.after(ada, &[&followed.cursor(1)]).await.unwrap();
    assert_eq!(in_words(&next(&mut away).await), "live at 1");
    assert!(matches!(next(&mut away).await, FeedEvent::ReadState { revision: 1, change: None, .. }));
}

#[tokio::test]
async fn a_client_that_has_heard_of_it_need_not_ask() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let told = followed.log.tell_all("1").await;
    followed.hub.change_receipts(ada, read(told.seq)).await.unwrap();
    let informed =
        crate::domain::cursor::Cursor::encode_with_revision(&followed.log.store.epoch(), Seq(1), 1);
    let mut feed = followed.after(ada, &[&informed]).await.unwrap();
    followed.log.tell_all("2").await;
    assert_eq!(told_until(&mut feed, 2).await, ["live at 1", "added 2"]);
}

#[tokio::test]
async fn a_change_that_was_not_heard_of_makes_a_client_ask() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let mut feed = followed.live(ada).await;
    let (first, second) = (followed.log.tell_all("1").await, followed.log.tell_all("2").await);
    // As when two change at once, and the second is told of first.
    followed.log.log.change_receipts(ada, read(first.seq)).await.unwrap();
    followed.hub.change_receipts(ada, read(second.seq)).await.unwrap();
    assert_eq!(told_until(&mut feed, 2).await, ["added 1", "added 2"]);
    assert!(matches!(next(&mut feed).await, FeedEvent::ReadState { revision: 2, change: None, .. }));
}

#[tokio::test]
async fn somebody_elses_cursor_hides_nothing() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let told = followed.log.tell_all("1").await;
    let of_ben = crate::domain::cursor::Cursor::encode_with_revision(&followed.log.store.epoch(), Seq(1), 7);
    let mut feed = followed.after(ada, &[&of_ben]).await.unwrap();
    assert_eq!(in_words(&next(&mut feed).await), "live at 1");
    followed.hub.change_receipts(ada, read(told.seq)).await.unwrap();
    assert_eq!(in_words(&next(&mut feed).await), "read state 1");
}

/// Whether the last that the feed says of this position is that it was read, or that the client is to ask.
async fn ends_read(feed: &mut Feed, position: i64, revision: i64) -> bool {
    let (mut added, mut read, mut known) = (false, false, 0);
    while !added || known < revision {
        match next(feed).await {
            FeedEvent::Added { notification, copy, .. } if notification.seq == Seq(position) => {
                added = true;
                read = copy.read_at.is_some();
            }
            FeedEvent::ReadState { revision, change, .. } => {
                known = revision;
                read |= change.is_none_or(|change| change == self::read(Seq(position)));
            }
            _ => {}
        }
    }
    read
}

#[tokio::test]
async fn who_lost_hints_is_not_asked_to_fetch_before_what_they_are_about() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let mut feed = followed.live_with_room(ada, 1).await;
    followed.log.tell_all("takes the room that there is").await;
    let second = followed.log.tell_all("has to wait").await;
    for i in 0..100 {
        let change = ReceiptChange::Read { notifications: vec![(Seq(1), None)], read: i % 2 == 0 };
        followed.hub.change_receipts(ada, change).await.unwrap();
    }
    followed.hub.change_receipts(ada, read(second.seq)).await.unwrap();
    assert!(ends_read(&mut feed, 2, 101).await, "what was fetched was overwritten by older news");
}

#[tokio::test]
async fn who_has_not_heard_of_a_change_is_not_asked_to_fetch_before_what_it_is_about() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    let mut feed = followed.live_with_room(ada, 1).await;
    let first = followed.log.tell_all("takes the room that there is").await;
    let second = followed.log.tell_all("has to wait").await;
    // As when two change at once, and the second is told of first.
    followed.log.log.change_receipts(ada, read(second.seq)).await.unwrap();
    followed.hub.change_receipts(ada, read(first.seq)).await.unwrap();
    assert!(ends_read(&mut feed, 2, 2).await, "what was fetched was overwritten by older news");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_while_a_feed_begins_is_read_there_too() {
    let followed = Followed::start().await;
    let ada = followed.log.ada.id;
    for i in 1..=40 {
        let (log, hub) = (followed.log.log.clone(), Arc::clone(&followed.hub));
        let publication = followed.log.to_all("told and read at once");
        let writing = tokio::spawn(async move {
            // Together: one commit.
            let (told, changed) =
                tokio::join!(log.publish(publication), hub.change_receipts(ada, read(Seq(i))));
            (told.unwrap(), changed.unwrap())
        });
        let mut last = None;
        while !writing.is_finished() {
            drop(last.take());
            last = Some(followed.after(ada, &[&followed.cursor(i - 1)]).await.unwrap());
        }
        writing.await.unwrap();
        if let Some(mut feed) = last {
            assert!(ends_read(&mut feed, i, i).await, "{i} was read as the feed began");
        }
    }
}
