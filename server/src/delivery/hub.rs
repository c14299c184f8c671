//! The meeting point of the log and its live feeds: follows the tail, and opens feeds.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::CopyState;
use super::broadcasts::Broadcasts;
use super::catch_up::CatchUp;
use super::elsewhere;
use super::figures::{self, Figures};
use super::pages::Pages;
use super::presence::{self, Presence};
use super::router::{Group, Router};
use super::subscription::{FeedError, FeedRequest, Reading, Subscriber, Subscription};
use crate::clock::Clock;
use crate::domain::age;
use crate::domain::archive::Archived;
use crate::domain::cursor::Cursor;
use crate::domain::entry::{Audience, Notification};
use crate::domain::id::{Seq, UserId};
use crate::domain::receipts::{ReceiptChange, Receipts};
use crate::log::{Log, Step, Tail};
use crate::store::{Store, StoreError};

/// What delivery may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Threads that fan out, at least one.
    pub threads: usize,
    /// Different selections that one user may have at a time: each costs an execution of every event.
    pub selections_per_user: usize,
    /// How old a notification is when it is archived.
    pub archive_after: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        // Half of the cores: the others read, execute and commit.
        let threads = (cores / 2).clamp(1, 8);
        Self { threads, selections_per_user: 8, archive_after: age::ARCHIVE_AFTER }
    }
}

/// The meeting point of the log and its live feeds.
pub struct Hub {
    pub(super) store: Arc<Store>,
    pub(super) clock: Clock,
    pub(super) presence: Presence,
    pub(super) log: Log,
    pub(super) pages: Arc<Pages>,
    pub(super) router: Router,
    pub(super) bounds: Bounds,
    pub(super) figures: Arc<Figures>,
    pub(super) broadcasts: Broadcasts,
}

impl Hub {
    /// Starts to follow `tail`, and the threads that fan out. Fails where the system gives no threads.
    pub fn start(
        store: Arc<Store>,
        log: Log,
        mut tail: Tail,
        clock: Clock,
        bounds: Bounds,
    ) -> std::io::Result<Arc<Self>> {
        let head = tail.position();
        let pages = Arc::new(Pages::new(Arc::clone(&store), head));
        let (router, threads) = Router::new(bounds);
        let figures = Arc::new(Figures::new(clock.clone(), tail.head()));
        let presence = Presence::default();
        let broadcasts = Broadcasts::default();
        let hub = Arc::new(Self { store, clock, presence, log, pages, router, bounds, figures, broadcasts });
        for thread in threads {
            thread.start(&hub, head)?;
        }
        let following = Arc::downgrade(&hub);
        tokio::spawn(async move {
            while let Some(step) = tail.next().await {
                let Some(hub) = following.upgrade() else { return };
                match step {
                    Step::Entries(entries) => {
                        hub.figures.publish(&entries);
                        hub.pages.push(&entries);
                        hub.router.route(Group::Entries(entries.into())).await;
                    }
                    Step::Renewed(head) => {
                        tracing::warn!(head = head.0, "the log has begun another life: every feed ends");
                        hub.pages.renew(head);
                        hub.presence.renew();
                        hub.router.route(Group::Renewed(head)).await;
                    }
                }
            }
        });
        tokio::spawn(elsewhere::follow(Arc::downgrade(&hub), hub.log.hear()));
        tokio::spawn(presence::write_back(Arc::downgrade(&hub)));
        tokio::spawn(figures::overall::tell(Arc::downgrade(&hub)));
        Ok(hub)
    }

    /// Opens a feed: its events go to the request's sink, until what is returned is dropped.
    pub async fn subscribe(self: &Arc<Self>, mut request: FeedRequest) -> Result<Subscription, FeedError> {
        let (user, after) = (request.user, std::mem::take(&mut request.after));
        let subscriber = Subscriber::new(self.router.new_id(), self.presence.mark(user), request);
        let subscriber = Arc::new(subscriber);
        let counted = self.figures.subscribe();
        let subscription = Subscription { hub: Arc::clone(self), subscriber, _counted: counted };
        // First of all, so that nothing falls between what is read below and what happens meanwhile.
        if !self.router.register(&subscription.subscriber).await {
            return Err(FeedError::TooManySelections(self.bounds.selections_per_user));
        }
        // Before the head: what the changes up to here are about is replayed, or has been told.
        let revision = self.store.reader_state(user).await?.revision;
        let scope = self.store.scope(user).await?;
        let head = scope.as_of;
        let deleted_through = self.pages.deleted_through();
        let epoch = self.store.epoch();
        let begin = |cursor: &String| Cursor::resolve(cursor, &epoch, deleted_through, head);
        let begins = after.iter().map(begin).collect::<Result<Vec<_>, _>>()?;
        let resumed = begins.into_iter().max_by_key(|cursor| cursor.seq);
        let position = resumed.as_ref().map_or(head, |cursor| cursor.seq);
        // Nobody knows of more than there is: somebody else's cursor may say so.
        let known = resumed.map_or(revision, |cursor| cursor.revision.unwrap_or(0).min(revision));
        let reading = Reading { scope, position, told: Seq::ZERO, revision: known };
        let missed = (known < revision).then_some(revision);
        CatchUp::begin(Arc::clone(self), Arc::clone(&subscription.subscriber), reading, head, missed);
        Ok(subscription)
    }

    /// Tells nobody anything any more up to and including this position: it has been deleted for its age, or is about to be.
    pub fn forget_through(&self, position: Seq) {
        self.pages.forget_through(position);
    }

    /// What goes on here, in numbers.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// How many people of this audience have a feed open, each counted once, or once for each server.
    pub async fn connected(&self, audience: &Audience) -> u64 {
        let (here, elsewhere) = tokio::join!(self.router.count(audience), self.log.count_elsewhere(audience));
        here as u64 + elsewhere
    }

    /// Changes one person's receipts and tells their other sessions.
    pub async fn change_receipts(&self, user: UserId, change: ReceiptChange) -> Result<(), StoreError> {
        if let Some(hint) = self.log.change_receipts(user, change).await? {
            self.router.hint(Arc::new(hint));
        }
        Ok(())
    }

    /// How somebody's copy of this stands, of which they said `receipts`.
    pub fn copy(&self, notification: &Notification, receipts: &Receipts, delivered: bool) -> CopyState {
        let archived = receipts.archived(notification.seq);
        CopyState {
            read_at: receipts.read_at(notification.seq, notification.campus()),
            archived_at: self.archived_at(notification, archived),
            delivered,
        }
    }

    /// Since when it is archived.
    pub fn archived_at(&self, notification: &Notification, archived: Archived) -> Option<DateTime<Utc>> {
        archived.at(notification.created_at, self.bounds.archive_after, self.clock.now())
    }

    /// Notes that a client of this person has had everything up to here.
    pub fn note_delivered(&self, user: UserId, through: Seq) {
        self.presence.mark(user).note(through);
    }

    /// Up to where clients of this person have been on the feed, or fetched a page.
    pub async fn delivered_through(&self, user: UserId) -> Result<Seq, StoreError> {
        // In this order: what is forgotten meanwhile has been written.
        let noted = self.presence.through(user);
        Ok(noted.max(self.store.reader_state(user).await?.delivered_through))
    }
}
