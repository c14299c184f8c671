//! Between a page and the feed that begins at its cursor lies nothing.

use std::sync::Arc;

use chrono::TimeDelta;

use super::*;
use crate::delivery::tests::feed::{Asked, Feed};
use crate::delivery::{Bounds, FeedEvent, Hub, Lifetime};
use crate::domain::directory::CampusRole;
use crate::domain::entry::Audience;
use crate::log::tests::fixture::{Fixture, seq};

#[tokio::test]
async fn who_joins_while_the_page_is_read_hears_of_it_in_the_feed() {
    let (fixture, tail) = Fixture::start_with_tail().await;
    let Fixture { store, log, clock, .. } = &fixture;
    let hub = Hub::start(
        Arc::clone(store),
        log.clone(),
        tail,
        clock.clone(),
        Bounds { threads: 2, ..Bounds::default() },
    )
    .unwrap();
    let api = Api { store: Arc::clone(store), log: log.clone(), hub: Arc::clone(&hub), clock: clock.clone() };
    let (ada, north) = (fixture.ada.clone(), fixture.north);
    // Who asks has been looked up; then they join, and the campus is told something.
    let caller = Caller { user: ada.clone(), scope: store.scope(ada.id).await.unwrap() };
    log.set_memberships(vec![(ada.id, north, Some(CampusRole::Member))]).await.unwrap();
    let told = log.publish(fixture.publication(Audience::Campus(north), "welcome")).await.unwrap();

    let everything = Arguments { first: None, after: None, last: None, before: None, behind: true };
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
