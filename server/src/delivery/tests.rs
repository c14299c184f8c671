//! Feeds and pages show the same log: nothing missed, nothing told twice, nothing out of order, whatever happens
//! meanwhile.

mod aging;
mod archive;
mod beginnings;
mod bounds;
mod endings;
pub(crate) mod feed;
mod figures;
mod lagging;
mod pages;
mod receipts;
mod search;
mod search_table;

use std::sync::Arc;
use std::time::Duration;

use std::sync::atomic::{AtomicU64, Ordering};

use self::feed::{Asked, Feed};
use super::{Bounds, FeedError, FeedEvent, Hub, Lifetime, Snapshot};
use crate::domain::id::{Seq, UserId};
use crate::log::tests::fixture::Fixture;

/// Nothing takes so long; a feed that is still silent has lost something.
const FOREVER: Duration = Duration::from_mins(1);

/// A log with a hub that follows it.
struct Followed {
    log: Fixture,
    hub: Arc<Hub>,
}

impl Followed {
    async fn start() -> Self {
        let (log, tail) = Fixture::start_with_tail().await;
        let hub = Hub::start(
            Arc::clone(&log.store),
            log.log.clone(),
            tail,
            log.clock.clone(),
            Bounds { threads: 2, ..Bounds::default() },
        )
        .unwrap();
        Self { log, hub }
    }

    fn asked(&self, user: UserId) -> Asked {
        static SELECTIONS: AtomicU64 = AtomicU64::new(0);
        Asked {
            user,
            after: vec![],
            lifetime: Arc::new(Lifetime::until(self.log.clock.now() + chrono::TimeDelta::hours(1))),
            room: usize::MAX,
            selection: SELECTIONS.fetch_add(1, Ordering::Relaxed),
        }
    }

    /// A feed that has just gone live.
    async fn live(&self, user: UserId) -> Feed {
        self.live_with_room(user, usize::MAX).await
    }

    /// The same, with a reader who holds no more events than this.
    async fn live_with_room(&self, user: UserId, room: usize) -> Feed {
        let mut feed = Feed::open(&self.hub, Asked { room, ..self.asked(user) }).await.unwrap();
        assert!(matches!(next(&mut feed).await, FeedEvent::Progress { .. }));
        feed
    }

    async fn after(&self, user: UserId, cursors: &[&str]) -> Result<Feed, FeedError> {
        let after = cursors.iter().map(|cursor| (*cursor).to_owned()).collect();
        Feed::open(&self.hub, Asked { after, ..self.asked(user) }).await
    }

    fn cursor(&self, position: i64) -> String {
        crate::domain::cursor::Cursor::encode(&self.log.store.epoch(), Seq(position))
    }
}

/// Waits until the numbers are as they should be: they follow what they count.
async fn until(followed: &Followed, what: &str, holds: impl Fn(&Snapshot) -> bool) {
    let mut looks = tokio::time::interval(Duration::from_millis(5));
    let waiting = tokio::time::timeout(FOREVER, async {
        while !holds(&followed.hub.figures().snapshot()) {
            looks.tick().await;
        }
    });
    let failure = |_| panic!("{what}: {:?}", followed.hub.figures().snapshot());
    waiting.await.unwrap_or_else(failure);
}

async fn next(feed: &mut Feed) -> FeedEvent {
    let event = tokio::time::timeout(FOREVER, feed.next()).await;
    event.expect("the feed is silent").expect("the feed has ended")
}

/// What a feed tells, in few words, until it has told of this position.
async fn told_until(feed: &mut Feed, position: i64) -> Vec<String> {
    let mut told = Vec::new();
    loop {
        let event = next(feed).await;
        told.push(in_words(&event));
        if event.position() >= Seq(position) {
            return told;
        }
    }
}

fn in_words(event: &FeedEvent) -> String {
    match event {
        FeedEvent::Added { notification, replayed: true, .. } => format!("replayed {}", notification.seq.0),
        FeedEvent::Added { notification, .. } => format!("added {}", notification.seq.0),
        FeedEvent::Recalled { at, notification } => format!("recalled {} at {}", notification.0, at.0),
        FeedEvent::ReadState { revision, .. } => format!("read state {revision}"),
        FeedEvent::ViewerChanged { at } => format!("viewer changed at {}", at.0),
        FeedEvent::Progress { at, .. } => format!("live at {}", at.0),
        FeedEvent::Expiring { .. } => "expiring".to_owned(),
    }
}
