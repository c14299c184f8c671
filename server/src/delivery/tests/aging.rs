//! What has been deleted for its age is told and shown to nobody, and nobody misses it without being told so.

use super::*;
use crate::delivery::{History, HistoryFilter, PageRequest};
use crate::domain::cursor::CursorError;

const DELETED: &str = "what was to be told has been deleted";

impl Followed {
    /// As whoever moves the position on does it.
    fn delete_through(&self, position: i64) {
        self.log.database.run(&format!("UPDATE log_head SET deleted_through = {position}"));
        self.hub.forget_through(Seq(position));
    }
}

#[tokio::test]
async fn a_cursor_from_before_what_is_kept_has_expired() {
    let followed = Followed::start().await;
    for title in ["old", "older", "young"] {
        followed.log.tell_all(title).await;
    }
    followed.delete_through(2);
    let too_old = followed.after(followed.log.ada.id, &[&followed.cursor(1)]).await;
    assert!(matches!(too_old, Err(FeedError::Cursor(CursorError::Expired))));
    let mut last = followed.after(followed.log.ada.id, &[&followed.cursor(2)]).await.unwrap();
    assert_eq!(told_until(&mut last, 3).await, ["replayed 3"]);
}

#[tokio::test]
async fn a_feed_that_begins_now_begins_where_everything_is_deleted_too() {
    let followed = Followed::start().await;
    followed.log.tell_all("old").await;
    followed.delete_through(1);
    let mut feed = followed.after(followed.log.ada.id, &[]).await.unwrap();
    assert_eq!(told_until(&mut feed, 1).await, ["live at 1"]);
    let mut resumed = followed.after(followed.log.ada.id, &[&followed.cursor(1)]).await.unwrap();
    followed.log.tell_all("news").await;
    assert_eq!(told_until(&mut resumed, 2).await, ["live at 1", "added 2"]);
}

#[tokio::test]
async fn a_replay_ends_where_what_it_has_yet_to_tell_is_deleted() {
    let followed = Followed::start().await;
    for i in 0..300 {
        followed.log.tell_all(&i.to_string()).await;
    }
    let asked = Asked { after: vec![followed.cursor(0)], room: 1, ..followed.asked(followed.log.ada.id) };
    let mut feed = Feed::open(&followed.hub, asked).await.unwrap();
    assert_eq!(in_words(&next(&mut feed).await), "replayed 1");
    followed.delete_through(250);
    let mut last = Seq(1);
    let end = loop {
        match feed.next().await {
            Ok(event) => {
                assert_eq!(event.position(), last.next(), "nothing is left out");
                last = event.position();
            }
            Err(end) => break end,
        }
    };
    assert_eq!(end, DELETED);
    assert!(last < Seq(250), "it ended at {}", last.0);
}

#[tokio::test]
async fn a_replay_that_has_told_it_goes_on() {
    let followed = Followed::start().await;
    for i in 0..300 {
        followed.log.tell_all(&i.to_string()).await;
    }
    let asked = Asked { after: vec![followed.cursor(0)], room: 1, ..followed.asked(followed.log.ada.id) };
    let mut feed = Feed::open(&followed.hub, asked).await.unwrap();
    told_until(&mut feed, 100).await;
    followed.delete_through(90);
    let rest = told_until(&mut feed, 300).await;
    assert_eq!(rest, (101..=300).map(|position| format!("replayed {position}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_who_fell_behind_for_too_long_is_told_to_begin_anew() {
    let followed = Followed::start().await;
    let mut slow = followed.live_with_room(followed.log.ada.id, 1).await;
    let mut quick = followed.live(followed.log.ben.id).await;
    for i in 0..20 {
        followed.log.tell_all(&i.to_string()).await;
    }
    told_until(&mut quick, 20).await;
    followed.delete_through(15);
    assert_eq!(in_words(&next(&mut slow).await), "added 1");
    let end = loop {
        if let Err(end) = slow.next().await {
            break end;
        }
    };
    assert_eq!(end, DELETED);
}

#[tokio::test]
async fn pages_and_counts_leave_it_out_while_its_rows_are_there() {
    let followed = Followed::start().await;
    for i in 1..=10 {
        followed.log.tell_all(&i.to_string()).await;
    }
    followed.delete_through(7);
    let store = &followed.log.store;
    let scope = store.scope(followed.log.ada.id).await.unwrap();
    let history = History::open(Arc::clone(store), scope, followed.log.clock.now()).await.unwrap();
    for newest_first in [true, false] {
        let everything = PageRequest { older_than: None, newer_than: None, newest_first, limit: 20 };
        let page = history.page(&HistoryFilter::default(), everything).await.unwrap();
        let mut shown: Vec<i64> = page.rows.iter().map(|row| row.seq.0).collect();
        shown.sort_unstable();
        assert_eq!((shown, page.more), (vec![8, 9, 10], false));
    }
    let unread = HistoryFilter { unread: Some(true), ..HistoryFilter::default() };
    assert_eq!(history.count(&unread, None, 100).await.unwrap(), (3, false));
}
