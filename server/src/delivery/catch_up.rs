//! What one subscriber has to do before they can be live: read what they missed from the log, hear of their own receipts,
//! wait until there is room. A task of its own; nobody waits for it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;

use super::figures::Counted;
use super::hub::Hub;
use super::sink::MOST_BYTES;
use super::subscription::{Reading, Subscriber};
use super::{Encoded, Ending, FeedEvent, Gone, Offer};
use crate::domain::archive;
use crate::domain::entry::{Change, Entry, Notification};
use crate::domain::id::Seq;
use crate::domain::receipts::ReceiptChange;
use crate::store::StoreError;

/// How long to wait before the database is asked again after it failed.
const RETRY: Duration = Duration::from_millis(200);

/// One subscriber on the way to being live.
pub(super) struct CatchUp {
    hub: Arc<Hub>,
    subscriber: Arc<Subscriber>,
    reading: Reading,
    /// Up to here it is a replay, and then the client is told that it is live. `None` for who was live already: they do
    /// not notice.
    replay_through: Option<Seq>,
    /// The last change of their receipts that was made while they were away.
    missed_revision: Option<i64>,
    /// Whether they may still have a feed has to be asked.
    in_question: bool,
    _counted: Counted,
}

impl CatchUp {
    /// Brings back a subscriber who was live.
    pub(super) fn go(hub: Arc<Hub>, subscriber: Arc<Subscriber>, reading: Reading, in_question: bool) {
        Self { in_question, ..Self::new(hub, subscriber, reading) }.start();
    }

    /// Replays what follows `reading.position`, up to and including `through`, and begins.
    pub(super) fn begin(
        hub: Arc<Hub>,
        subscriber: Arc<Subscriber>,
        reading: Reading,
        through: Seq,
        missed_revision: Option<i64>,
    ) {
        let replay_through = Some(through);
        Self { replay_through, missed_revision, ..Self::new(hub, subscriber, reading) }.start();
    }

    fn new(hub: Arc<Hub>, subscriber: Arc<Subscriber>, reading: Reading) -> Self {
        let counted = hub.figures.catch_up();
        let (replay_through, missed_revision, in_question) = (None, None, false);
        Self { hub, subscriber, reading, replay_through, missed_revision, in_question, _counted: counted }
    }

    fn start(self) {
        tokio::spawn(self.run());
    }

    async fn run(mut self) {
        match AssertUnwindSafe(self.travel()).catch_unwind().await {
            Ok(Ok(())) => {
                let Self { hub, subscriber, reading, .. } = self;
                hub.router.join(subscriber, reading);
            }
            // Whoever has gone is let go by whoever held them.
            Ok(Err(Gone)) => {}
            Err(_) => {
                tracing::error!("a feed that catches up has panicked; it ends");
                self.subscriber.end(Ending::Failed);
            }
        }
    }

    async fn travel(&mut self) -> Result<(), Gone> {
        loop {
            self.subscriber.sink.room().await?;
            if self.subscriber.is_gone() {
                return Err(Gone);
            }
            // Here too: where there is always something to replay, a deadline would come too late.
            if self.subscriber.lifetime.moment() <= self.hub.clock.now() {
                self.subscriber.end(Ending::TokenExpired);
                return Err(Gone);
            }
            if std::mem::take(&mut self.in_question) {
                self.ask_whether_they_may().await?;
            }
            match self.replay_through {
                Some(through) if self.reading.position >= through => self.arrive().await?,
                Some(through) => self.read_on(through).await?,
                None => {
                    self.tell_receipts().await?;
                    let head = self.hub.pages.head();
                    if self.reading.position >= head {
                        return Ok(());
                    }
                    self.read_on(head).await?;
                }
            }
        }
    }

    /// Tells some of what follows, as far as there is room.
    async fn read_on(&mut self, through: Seq) -> Result<(), Gone> {
        let read = self.hub.pages.after(self.reading.position, through).await;
        let Some(read) = self.or_later(read).await else { return Ok(()) };
        let Some((entries, covered)) = read else {
            self.subscriber.end(Ending::Deleted);
            return Err(Gone);
        };
        let (mut events, covered) = self.hear(&entries, covered);
        if self.replay_through.is_some() {
            let filled = self.fill_in_receipts(&mut events).await;
            if self.or_later(filled).await.is_none() {
                return Ok(());
            }
        }
        let mut encoded = Vec::with_capacity(events.len());
        for event in &events {
            encoded.push(self.subscriber.shape.encode(event).await);
        }
        let taken = self.offer(&encoded)?;
        self.hub.figures.replay(taken);
        if let Some(last) = taken.checked_sub(1).and_then(|last| events.get(last)) {
            self.reading.told = last.position();
            self.reading.position = last.position();
            self.subscriber.delivered.note(last.position());
        }
        if taken == events.len() {
            self.reading.position = covered;
        }
        Ok(())
    }

    /// What the entries up to `covered` tell, and how far that goes: when their standing changes, no further.
    fn hear(&mut self, entries: &[Arc<Entry>], covered: Seq) -> (Vec<FeedEvent>, Seq) {
        let (now, replayed) = (self.hub.clock.now(), self.replay_through.is_some());
        let mut events = Vec::new();
        for entry in entries {
            let told = self.reading.scope.hear(&self.subscriber.interest, entry, now);
            events.extend(told.and_then(|told| FeedEvent::of(told, entry, replayed)));
            if matches!(&entry.change, Change::Standing { user } if *user == self.subscriber.user) {
                self.in_question = true;
                return (events, entry.seq);
            }
        }
        (events, covered)
    }

    /// How many of these were taken.
    fn offer(&self, events: &[Encoded]) -> Result<usize, Gone> {
        let mut taken = 0;
        while taken < events.len() {
            let mut bytes = 0;
            let fit = events[taken..].iter().take_while(|event| {
                bytes += event.payload.len();
                bytes <= MOST_BYTES
            });
            let some: Vec<&Encoded> = events[taken..].iter().take(fit.count().max(1)).collect();
            match self.subscriber.sink.offer(&some) {
                Offer::Taken => taken += some.len(),
                Offer::Full(first) => return Ok(taken + first),
                Offer::Gone => return Err(Gone),
            }
        }
        Ok(taken)
    }

    /// What was missed may have been read meanwhile, on another device.
    async fn fill_in_receipts(&self, events: &mut [FeedEvent]) -> Result<(), StoreError> {
        let added: Vec<&Notification> = events
            .iter()
            .filter_map(|event| match event {
                FeedEvent::Added { notification, .. } => Some(&**notification),
                _ => None,
            })
            .collect();
        let Some(oldest) = added.first() else { return Ok(()) };
        // Who has never changed anything has read nothing, and nothing so young has come of age.
        let comes_of_age = archive::comes_of_age(oldest.created_at, self.hub.bounds.archive_after);
        let is_young = comes_of_age.is_none_or(|at| at > self.hub.clock.now());
        if is_young && self.reading.revision == 0 && self.missed_revision.is_none() {
            return Ok(());
        }
        let added = added.into_iter().map(|notification| notification.seq).collect();
        let receipts = self.hub.store.receipts(self.subscriber.user, added).await?;
        for event in events {
            if let FeedEvent::Added { notification, copy, .. } = event {
                *copy = self.hub.copy(notification, &receipts, copy.delivered);
            }
        }
        Ok(())
    }

    /// The replay is done.
    async fn arrive(&mut self) -> Result<(), Gone> {
        self.replay_through = None;
        let Reading { position: at, revision, .. } = self.reading;
        let event = FeedEvent::Progress { at, revision };
        let encoded = self.subscriber.shape.encode(&event).await;
        self.tell(&encoded, at).await?;
        self.subscriber.delivered.note(at);
        // What was read elsewhere meanwhile is not in the log; the client has to ask.
        if let Some(revision) = self.missed_revision.take() {
            self.tell_receipt(revision, None).await?;
        }
        Ok(())
    }

    /// Tells what waits in the inbox, as far as the client has been told what it is about.
    async fn tell_receipts(&mut self) -> Result<(), Gone> {
        while let Some((revision, change)) =
            self.subscriber.with_inbox(|inbox| inbox.take_due(self.reading.position, self.reading.revision))
        {
            self.tell_receipt(revision, change).await?;
        }
        Ok(())
    }

    async fn tell_receipt(&mut self, revision: i64, change: Option<ReceiptChange>) -> Result<(), Gone> {
        self.reading.revision = self.reading.revision.max(revision);
        let at = self.reading.position;
        let encoded = self.subscriber.viewer.encode(FeedEvent::ReadState { at, revision, change }).await;
        self.tell(&encoded, at).await
    }

    /// Tells this, however long there is no room for it.
    async fn tell(&mut self, event: &Encoded, at: Seq) -> Result<(), Gone> {
        loop {
            match self.subscriber.sink.offer(&[event]) {
                Offer::Taken | Offer::Full(1..) => break,
                Offer::Full(0) => self.subscriber.sink.room().await?,
                Offer::Gone => return Err(Gone),
            }
        }
        self.reading.told = at;
        Ok(())
    }

    async fn ask_whether_they_may(&self) -> Result<(), Gone> {
        self.subscriber.viewer.may_go_on().await.map_err(|errors| {
            self.subscriber.end_with(errors);
            Gone
        })
    }

    /// The outcome, or a pause before it is tried again.
    async fn or_later<T>(&self, outcome: Result<T, StoreError>) -> Option<T> {
        match outcome {
            Ok(outcome) => Some(outcome),
            Err(error) => {
                tracing::warn!(%error, "failed to read the log for a feed; trying again");
                tokio::time::sleep(RETRY).await;
                None
            }
        }
    }
}
