//! One live feed, from its opening until its owner lets go of it.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::figures::Counted;
use super::hub::Hub;
use super::inbox::Inbox;
use super::presence::Mark;
use super::{Ending, Shape, Sink, Viewer};
use crate::domain::cursor::CursorError;
use crate::domain::id::{Seq, UserId};
use crate::domain::memberships::Memberships;
use crate::domain::visibility::{Interest, Scope};
use crate::store::StoreError;

/// What a subscriber asks for, and where it goes.
pub struct FeedRequest {
    /// Whose feed.
    pub user: UserId,
    /// Replay what follows the later of these; without any, begin live.
    pub after: Vec<String>,
    /// What of it.
    pub interest: Interest,
    /// When the subscriber's token ends, and the feed with it.
    pub lifetime: Arc<Lifetime>,
    /// What they select.
    pub shape: Arc<dyn Shape>,
    /// Who they are.
    pub viewer: Arc<dyn Viewer>,
    /// Where the events go.
    pub sink: Arc<dyn Sink>,
}

/// Why a feed did not begin.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FeedError {
    /// Where it should begin is nowhere.
    #[error("the cursor {0}")]
    Cursor(#[from] CursorError),
    /// The log cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// One user asks for too many different things at a time.
    #[error("at most {0} different selections at a time")]
    TooManySelections(usize),
}

/// When a subscriber's token ends. A fresh token moves it.
#[derive(Debug)]
pub struct Lifetime(AtomicI64);

impl Lifetime {
    /// Until this moment, to the millisecond.
    pub fn until(moment: DateTime<Utc>) -> Self {
        Self(AtomicI64::new(moment.timestamp_millis()))
    }

    /// Until this moment from now on.
    pub fn extend(&self, moment: DateTime<Utc>) {
        self.0.store(moment.timestamp_millis(), Ordering::Relaxed);
    }

    /// The moment at which it ends, as things are.
    pub(super) fn moment(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.ends_at()).unwrap_or_default()
    }

    /// In milliseconds since 1970.
    pub(super) fn ends_at(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A live feed; it ends when this is dropped.
pub struct Subscription {
    pub(super) hub: Arc<Hub>,
    pub(super) subscriber: Arc<Subscriber>,
    pub(super) _counted: Counted,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.hub.router.leave(&self.subscriber);
    }
}

/// What stays the same about one subscription, shared between whoever fans out and whoever catches up.
pub(super) struct Subscriber {
    pub(super) id: u64,
    pub(super) user: UserId,
    pub(super) interest: Interest,
    pub(super) lifetime: Arc<Lifetime>,
    pub(super) shape: Arc<dyn Shape>,
    pub(super) viewer: Arc<dyn Viewer>,
    pub(super) sink: Arc<dyn Sink>,
    /// Up to where this user's clients have been.
    pub(super) delivered: Arc<Mark>,
    gone: AtomicBool,
    /// What their other sessions did, and this one has yet to be told.
    inbox: Mutex<Inbox>,
}

impl Subscriber {
    pub(super) fn new(id: u64, delivered: Arc<Mark>, request: FeedRequest) -> Self {
        let FeedRequest { user, after: _, interest, lifetime, shape, viewer, sink } = request;
        let (gone, inbox) = (AtomicBool::new(false), Mutex::default());
        Self { id, user, interest, lifetime, shape, viewer, sink, delivered, gone, inbox }
    }

    /// Nobody is there any more.
    pub(super) fn let_go(&self) {
        self.gone.store(true, Ordering::Relaxed);
    }

    /// Ends it from our side.
    pub(super) fn end(&self, why: Ending) {
        self.end_with(self.viewer.ending(why));
    }

    /// Ends it from our side, once. `errors` is a JSON array of GraphQL errors.
    pub(super) fn end_with(&self, errors: Bytes) {
        if !self.gone.swap(true, Ordering::Relaxed) {
            self.sink.end(Some(errors));
        }
    }

    pub(super) fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Relaxed)
    }

    /// Looks into the inbox, with nobody else at it.
    pub(super) fn with_inbox<T>(&self, look: impl FnOnce(&mut Inbox) -> T) -> T {
        look(&mut self.inbox.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How far one subscriber is in the log.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// What they can see, as of `position` or a later one.
    pub(super) scope: Scope,
    /// Everything up to here has been dealt with.
    pub(super) position: Seq,
    /// The last position that the client knows of.
    pub(super) told: Seq,
    /// The last change of their receipts that the client knows of.
    pub(super) revision: i64,
}

impl Reading {
    /// Of one who has yet to begin.
    pub(super) fn nowhere(user: UserId) -> Self {
        let scope = Scope {
            user,
            as_of: Seq::ZERO,
            memberships: Memberships::default(),
            preferences: Arc::default(),
        };
        Self { scope, position: Seq::ZERO, told: Seq::ZERO, revision: 0 }
    }
}
