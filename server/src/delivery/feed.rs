//! One live feed: first what the log holds since the cursor, then what comes, with no gap and no repeat.

mod catch_up;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::{CopyState, Hub};
use crate::domain::cursor::{Cursor, CursorError};
use crate::domain::entry::{Change, Entry, Notification};
use crate::domain::id::{Seq, UserId};
use crate::domain::receipts::{ReceiptChange, ReceiptHint};
use crate::domain::visibility::{Interest, Scope, is_expired};
use crate::store::StoreError;

/// How often the cursor moves on when nothing else moves it.
const PROGRESS: Duration = Duration::from_secs(30);

/// What a subscriber asks for.
#[derive(Debug, Clone)]
pub struct FeedRequest {
    /// Whose feed.
    pub user: UserId,
    /// Replay what follows the later of these; without any, begin live.
    pub after: Vec<String>,
    /// What of it.
    pub interest: Interest,
    /// When the subscriber's token ends, and the feed with it.
    pub ends_at: DateTime<Utc>,
}

/// Why a feed did not begin, or ended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FeedError {
    /// Where it should begin is nowhere.
    #[error("the cursor {0}")]
    Cursor(#[from] CursorError),
    /// The log cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The subscriber's token has run out.
    #[error("the token has expired")]
    TokenExpired,
}

/// What a feed tells.
#[derive(Debug, Clone)]
pub enum FeedEvent {
    /// A notification.
    Added {
        /// Which.
        notification: Arc<Notification>,
        /// How the subscriber's copy stands.
        copy: CopyState,
        /// Part of the catch-up, not news.
        replayed: bool,
    },
    /// A notification was taken back, at this position.
    Recalled {
        /// Where the log says so.
        at: Seq,
        /// Which.
        notification: Seq,
    },
    /// The subscriber's receipts changed.
    ReadState {
        /// How far the feed is.
        at: Seq,
        /// Counts the changes.
        revision: i64,
        /// What changed; `None` asks the client to fetch anew.
        change: Option<ReceiptChange>,
    },
    /// What the feed shows has changed as a whole, at this position.
    ViewerChanged {
        /// Where the log says so.
        at: Seq,
    },
    /// Nothing but that the feed is at this position.
    Progress {
        /// How far the feed is.
        at: Seq,
        /// The last change of their receipts that the subscriber knows of.
        revision: i64,
    },
}

impl FeedEvent {
    /// The position up to which a client has everything once it has this.
    pub fn position(&self) -> Seq {
        match self {
            Self::Added { notification, .. } => notification.seq,
            Self::Recalled { at, .. }
            | Self::ReadState { at, .. }
            | Self::ViewerChanged { at }
            | Self::Progress { at, .. } => *at,
        }
    }
}

/// Where the next entries come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// From the log, up to and including this position. `news` for what fell behind while live: its reader does not
    /// notice.
    CatchUp { through: Seq, news: bool },
    /// From the hub.
    Live,
}

/// One subscription.
pub struct Feed {
    hub: Arc<Hub>,
    scope: Scope,
    interest: Interest,
    ends_at: DateTime<Utc>,
    /// Everything up to here has been dealt with.
    position: Seq,
    /// The last position that the client knows of.
    told: Seq,
    /// The last change of their receipts that the client knows of.
    revision: i64,
    /// The last one that it missed while it was away.
    missed_revision: Option<i64>,
    phase: Phase,
    ready: VecDeque<FeedEvent>,
    entries: broadcast::Receiver<Arc<Entry>>,
    hints: broadcast::Receiver<Arc<ReceiptHint>>,
    /// Hints of notifications that this feed has yet to reach.
    early_hints: VecDeque<Arc<ReceiptHint>>,
    progress: Interval,
}

impl Feed {
    /// Registers, then finds out where it stands, so that nothing falls between.
    pub async fn open(hub: Arc<Hub>, request: FeedRequest) -> Result<Self, FeedError> {
        let (entries, hints) = hub.listen();
        let scope = hub.store.scope(request.user).await?;
        let head = scope.as_of;
        let begin = |cursor: &String| Cursor::resolve(cursor, hub.store.epoch(), head);
        let begins = request.after.iter().map(begin).collect::<Result<Vec<_>, _>>()?;
        let resumed = begins.into_iter().max_by_key(|cursor| cursor.seq);
        let position = resumed.as_ref().map_or(head, |cursor| cursor.seq);
        let revision = hub.store.reader_state(request.user).await?.revision;
        // Nobody knows of more than there is: somebody else's cursor may say so.
        let known = resumed.map_or(revision, |cursor| cursor.revision.unwrap_or(0).min(revision));
        let mut progress = interval_at(Instant::now() + PROGRESS, PROGRESS);
        progress.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Ok(Self {
            hub,
            scope,
            interest: request.interest,
            ends_at: request.ends_at,
            position,
            told: Seq::ZERO,
            revision: known,
            missed_revision: (known < revision).then_some(revision),
            phase: Phase::CatchUp { through: head, news: false },
            ready: VecDeque::new(),
            entries,
            hints,
            early_hints: VecDeque::new(),
            progress,
        })
    }

    /// The next event; `None` once the log has been closed. After an error there is nothing more.
    pub async fn next(&mut self) -> Option<Result<FeedEvent, FeedError>> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                self.told = event.position();
                return Some(Ok(event));
            }
            // Here, not by a timer alone: where there is always something to tell, that would never be looked at.
            if is_expired(Some(self.ends_at), self.hub.clock.now()) {
                return Some(Err(FeedError::TokenExpired));
            }
            let stepped = match self.phase {
                Phase::CatchUp { through, .. } if self.position >= through => {
                    self.go_live(through);
                    Ok(())
                }
                Phase::CatchUp { through, news } => {
                    self.catch_up(through, news).await.map_err(FeedError::from)
                }
                Phase::Live => match self.listen().await {
                    Some(listened) => listened,
                    None => return None,
                },
            };
            if let Err(error) = stepped {
                return Some(Err(error));
            }
        }
    }

    fn go_live(&mut self, through: Seq) {
        let was_news = matches!(self.phase, Phase::CatchUp { news: true, .. });
        self.phase = Phase::Live;
        if !was_news {
            self.ready.push_back(FeedEvent::Progress { at: through, revision: self.revision });
        }
        // What was read elsewhere meanwhile is not in the log; the client has to ask.
        if let Some(revision) = self.missed_revision.take() {
            self.tell_receipts(revision, None);
        }
        self.hub.note_delivered(self.scope.user, self.position);
        self.release_hints();
    }

    async fn listen(&mut self) -> Option<Result<(), FeedError>> {
        let left = (self.ends_at - self.hub.clock.now()).to_std().unwrap_or_default();
        tokio::select! {
            biased;
            () = tokio::time::sleep(left) => return Some(Err(FeedError::TokenExpired)),
            entry = self.entries.recv() => match entry {
                Ok(entry) => self.receive(&entry),
                // Too slow: what was missed shows as a gap before the next entry.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            },
            hint = self.hints.recv() => match hint {
                Ok(hint) if hint.user == self.scope.user => {
                    self.early_hints.push_back(hint);
                    self.release_hints();
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return Some(self.lost_hints().await.map_err(FeedError::from)),
                Err(RecvError::Closed) => return None,
            },
            _ = self.progress.tick() => {
                // Whatever was routed up to `position` has been received: entries come in order.
                if self.position > self.told {
                    self.ready.push_back(FeedEvent::Progress { at: self.position, revision: self.revision });
                }
            }
        }
        Some(Ok(()))
    }

    fn receive(&mut self, entry: &Arc<Entry>) {
        if entry.seq <= self.position {
            return;
        }
        if entry.seq > self.position.next() {
            self.phase = Phase::CatchUp { through: entry.seq, news: true };
            return;
        }
        let shown = self.apply(entry, false);
        if shown {
            self.hub.note_delivered(self.scope.user, entry.seq);
        }
        self.release_hints();
    }

    /// Deals with the next entry; true where it was shown.
    fn apply(&mut self, entry: &Entry, replayed: bool) -> bool {
        let at = entry.seq;
        if self.scope.follow(entry) {
            self.ready.push_back(FeedEvent::ViewerChanged { at });
        }
        self.position = at;
        match &entry.change {
            Change::Added(notification) if self.shows(notification) => {
                let copy = CopyState { read_at: None, delivered: true };
                self.ready.push_back(FeedEvent::Added {
                    notification: Arc::clone(notification),
                    copy,
                    replayed,
                });
                true
            }
            Change::Recalled(notification) if self.is_theirs(notification) => {
                self.ready.push_back(FeedEvent::Recalled { at, notification: notification.seq });
                false
            }
            _ => false,
        }
    }

    fn is_theirs(&self, notification: &Notification) -> bool {
        self.scope.admits(&notification.audience, notification.seq)
            && self.interest.covers_notification(notification)
    }

    fn shows(&self, notification: &Notification) -> bool {
        // What was taken back since, or is past its time, is not caught up with.
        let gone = notification.recalled || is_expired(notification.content.expires_at, self.hub.clock.now());
        !gone && self.is_theirs(notification)
    }

    /// Tells the hints whose notifications the client has been told of: "read" must not overtake "added".
    fn release_hints(&mut self) {
        while let Some(hint) = self.early_hints.front() {
            if last_position(&hint.change) > self.position {
                return;
            }
            let (revision, change) = (hint.revision, Some(hint.change.clone()));
            self.tell_receipts(revision, change);
            self.early_hints.pop_front();
        }
    }

    async fn lost_hints(&mut self) -> Result<(), StoreError> {
        let revision = self.hub.store.reader_state(self.scope.user).await?.revision;
        self.tell_receipts(revision, None);
        Ok(())
    }

    fn tell_receipts(&mut self, revision: i64, change: Option<ReceiptChange>) {
        // What the client was told to ask for includes it.
        if change.is_some() && revision <= self.revision {
            return;
        }
        // Two changes at once may be told in the wrong order: what lies between is asked for, and then passed over.
        let change = change.filter(|_| revision == self.revision + 1);
        self.revision = self.revision.max(revision);
        self.ready.push_back(FeedEvent::ReadState { at: self.position, revision, change });
    }
}

fn last_position(change: &ReceiptChange) -> Seq {
    match change {
        ReceiptChange::Read { notifications, .. } => {
            notifications.iter().map(|(seq, _)| *seq).max().unwrap_or_default()
        }
        ReceiptChange::ReadThrough { through, .. } | ReceiptChange::Seen { through } => *through,
    }
}
