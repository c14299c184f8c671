//! Feeds and pages show the same log: nothing missed, nothing told twice, nothing out of order, whatever happens
//! meanwhile.

mod beginnings;
mod endings;
mod lagging;
mod pages;
mod receipts;

use std::sync::Arc;
use std::time::Duration;

use super::{Feed, FeedError, FeedEvent, FeedRequest, Hub};
use crate::domain::id::{Seq, UserId};
use crate::domain::visibility::Interest;
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
        let hub = Hub::start(Arc::clone(&log.store), log.log.clone(), tail, log.clock.clone());
        Self { log, hub }
    }

    fn request(&self, user: UserId) -> FeedRequest {
        FeedRequest {
            user,
            after: vec![],
            interest: Interest::default(),
            ends_at: self.log.clock.now() + chrono::TimeDelta::hours(1),
        }
    }

    /// A feed that has just gone live.
    async fn live(&self, user: UserId) -> Feed {
        let mut feed = Feed::open(Arc::clone(&self.hub), self.request(user)).await.unwrap();
        assert!(matches!(next(&mut feed).await, FeedEvent::Progress { .. }));
        feed
    }

    async fn after(&self, user: UserId, cursors: &[&str]) -> Result<Feed, FeedError> {
        let after = cursors.iter().map(|cursor| (*cursor).to_owned()).collect();
        Feed::open(Arc::clone(&self.hub), FeedRequest { after, ..self.request(user) }).await
    }

    fn cursor(&self, position: i64) -> String {
        crate::domain::cursor::Cursor::encode(self.log.store.epoch(), Seq(position))
    }
}

async fn next(feed: &mut Feed) -> FeedEvent {
    let event = tokio::time::timeout(FOREVER, feed.next()).await;
    event.expect("the feed is silent").expect("the feed has ended").unwrap()
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
    }
}
