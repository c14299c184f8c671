//! Between a page and the feed that begins at its cursor lies nothing; and what pages say of what is beside them.

use std::sync::Arc;

use chrono::TimeDelta;

use super::*;
use crate::delivery::tests::feed::{Asked, Feed};
use crate::delivery::{Bounds, FeedEvent, Hub, Lifetime};
use crate::domain::directory::CampusRole;
use crate::domain::entry::Audience;
use crate::domain::receipts::ReceiptChange;
use crate::log::Tail;
use crate::log::tests::fixture::{Fixture, seq};

/// The API over this log.
fn api(fixture: &Fixture, tail: Tail) -> Api {
    let Fixture { store, log, clock, .. } = fixture;
    let hub = Hub::start(
        Arc::clone(store),
        log.clone(),
        tail,
        clock.clone(),
        Bounds { threads: 2, ..Bounds::default() },
    )
    .unwrap();
    Api { store: Arc::clone(store), log: log.clone(), hub, clock: clock.clone() }
}

async fn ada(fixture: &Fixture) -> Caller {
    let scope = fixture.store.scope(fixture.ada.id).await.unwrap();
    Caller { user: fixture.ada.clone(), scope }
}

/// What a page shows, and whether it says that there is more: before it, and behind it.
async fn turned(api: &Api, caller: &Caller, arguments: Arguments) -> (Vec<i64>, bool, bool) {
    let page = page(api, caller, arguments, NotificationFilter::default()).await.ok().unwrap();
    let shown = page.edges.iter().map(|edge| edge.node.notification.seq.0).collect();
    (shown, page.has_previous_page, page.has_next_page)
}

const BOTH: Ends = Ends { next: true, previous: true };

#[tokio::test]
async fn between_two_cursors_there_is_more_on_either_side() {
    let (fixture, tail) = Fixture::start_with_tail().await;
    let api = api(&fixture, tail);
    for i in 1..=9 {
        fixture.tell_all(&i.to_string()).await;
    }
    let caller = ada(&fixture).await;
    let at = |position| Some(api.cursor(Seq(position)));
    let between = |first, last| Arguments { first, last, after: at(8), before: at(3), asked: BOTH };
    assert_eq!(turned(&api, &caller, between(Some(10), None)).await, (vec![7, 6, 5, 4], true, true));
    assert_eq!(turned(&api, &caller, between(None, Some(10))).await, (vec![7, 6, 5, 4], true, true));
    assert_eq!(turned(&api, &caller, between(Some(2), None)).await, (vec![7, 6], true, true));
    let to_the_end = Arguments { first: Some(10), last: None, after: at(8), before: at(0), asked: BOTH };
    assert_eq!(turned(&api, &caller, to_the_end).await, ((1..=7).rev().collect(), true, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_shows_every_change_that_its_cursor_knows_of() {
    let (fixture, tail) = Fixture::start_with_tail().await;
    let api = api(&fixture, tail);
    for i in 1..=60 {
        let told = fixture.tell_all(&i.to_string()).await;
        let caller = ada(&fixture).await;
        let (hub, user) = (Arc::clone(&api.hub), caller.user.id);
        let all_read = ReceiptChange::ReadThrough { through: told.seq, campus: None };
        let reading = tokio::spawn(async move { hub.change_receipts(user, all_read).await.unwrap() });
        while !reading.is_finished() {
            let newest = Arguments { first: Some(1), after: None, last: None, before: None, asked: BOTH };
            let page = page(&api, &caller, newest, NotificationFilter::default()).await.ok().unwrap();
            let known = Cursor::decode(&page.feed_cursor).unwrap().revision.unwrap();
            let is_read = page.edges[0].node.copy.read_at.is_some();
            assert!(known < i || is_read, "{i} is shown unread, and the feed will not tell that it was read");
        }
    }
}

#[tokio::test]
async fn who_joins_while_the_page_is_read_hears_of_it_in_the_feed() {
    let (fixture, tail) = Fixture::start_with_tail().await;
    let api = api(&fixture, tail);
    let Fixture { store, log, clock, .. } = &fixture;
    let hub = Arc::clone(&api.hub);
    let (ada, north) = (fixture.ada.clone(), fixture.north);
    // Who asks has been looked up; then they join, and the campus is told something.
    let caller = Caller { user: ada.clone(), scope: store.scope(ada.id).await.unwrap() };
    log.set_memberships(vec![(ada.id, north, Some(CampusRole::Member))]).await.unwrap();
    let told = log.publish(fixture.publication(Audience::Campus(north), "welcome")).await.unwrap();

    let everything = Arguments {
        first: None,
        after: None,
        last: None,
        before: None,
        asked: Ends { next: true, previous: true },
    };
    let page = page(&api, &caller, everything, NotificationFilter::default()).await.ok().unwrap();
    assert!(page.edges.is_empty(), "they were not on it when they asked");
    let asked = Asked {
        user: ada.id,
        after: vec![page.feed_cursor],
        lifetime: Arc::new(Lifetime::until(clock.now() + TimeDelta::hours(1))),
        room: usize::MAX,
        selection: 0,
    };
    let mut feed = Feed::open(&hub, asked).await.unwrap();
    let mut heard = Vec::new();
    while !matches!(heard.last(), Some(FeedEvent::Progress { .. })) {
        heard.push(feed.next().await.unwrap());
    }
    assert!(
        matches!(
            heard.as_slice(),
            [FeedEvent::ViewerChanged { .. }, FeedEvent::Added { notification, .. }, FeedEvent::Progress { .. }]
                if notification.seq == seq(&told)
        ),
        "{heard:?}"
    );
}
