//! The ordered log: one writer that appends in groups, a wake-up, and a tail that reads it forward.
//!
//! Everything that is written goes through [`Log`], so that on one machine there is one writer. What changes feeds
//! (notifications, recalls, memberships, standing) becomes entries at contiguous positions; the rest rides along in
//! the same groups and shares their commits.

mod others;
mod queue;
mod scheduler;
mod tail;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;

use crate::domain::age::{Age, Progress};
use crate::domain::broadcast::{Announced, Announcement, Cancelled, Failure, Sending, When};
use crate::domain::directory::{Campus, CampusRole, CampusStatement, User, UserStatement};
use crate::domain::entry::{Appended, Audience, Notification, Publication};
use crate::domain::id::{BroadcastId, CampusId, Seq, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::preferences::{Settings, SettingsChange};
use crate::domain::receipts::{ReceiptChange, ReceiptHint};
use crate::store::writes::{
    Announce, CancelBroadcast, ChangeReceipts, ChangeSettings, DeleteAged, DropRecipients, FailBroadcast,
    InternUser, MarkDelivered, MembershipChange, MoveAge, Publish, Recall, Renew, SendBroadcast,
    SetMemberships, StageRecipients, StagedList, Upkeep, UpsertCampuses, UpsertUsers,
};
use crate::store::{Answer, Deleted, Job, LookError, Pending, Store, StoreError, Write};

use others::Others;
pub use others::{Heard, Question};
use queue::Queue;
pub use scheduler::Scheduler;
pub use tail::{Step, Tail};

/// Recipients up to this many are written with their notification; more are stored before the log is locked.
const RECIPIENTS_AT_ONCE: usize = 100;

/// Where everything is written.
#[derive(Clone)]
pub struct Log {
    queue: Queue,
    others: Others,
}

impl Log {
    /// Starts the writer of `store`; the tail begins behind what the log holds now.
    pub async fn start(store: Arc<Store>) -> Result<(Self, Tail), StoreError> {
        Self::start_with(store, queue::PATIENCE).await
    }

    /// The same, where a write may wait so long for its turn.
    pub async fn start_with(store: Arc<Store>, patience: Duration) -> Result<(Self, Tail), StoreError> {
        // A file's head cannot go backwards, and what the store knew of another may have grown old.
        if let Err(LookError::Store(error)) = store.look().await {
            return Err(error);
        }
        let (queue, waiting) = Queue::new(patience);
        let (others, until_it_ends) = Others::start(&store, queue.downgrade()).await;
        let (writer, tail) = writer::Writer::new(store, others.clone());
        tokio::spawn(async move {
            writer.run(waiting).await;
            drop(until_it_ends);
        });
        Ok((Self { queue, others }, tail))
    }

    /// Follows what is heard of the other servers on the same database.
    pub fn hear(&self) -> broadcast::Receiver<Heard> {
        self.others.hear()
    }

    /// How many people of this audience have a feed open at other servers, each counted once for each of these.
    pub async fn count_elsewhere(&self, audience: &Audience) -> u64 {
        self.others.count(audience).await
    }

    /// Answers another server's question.
    pub fn answer(&self, question: Question, people: u64) {
        self.others.answer(question, people);
    }

    /// This server's number among those on the same database.
    pub(crate) fn own_number(&self) -> i64 {
        self.others.own()
    }

    /// Tells the others this server's figures, and that it is alive.
    pub(crate) fn tell_of_figures(&self, figures: String) {
        self.others.tell_of_figures(figures);
    }

    /// Has another life of the log begin: no cursor from before it counts any more, on any server. Gives its epoch.
    pub async fn renew(&self) -> Result<Arc<str>, StoreError> {
        self.write(Renew).await
    }

    /// Publishes a notification. Answered once it is committed; whole even when the caller goes away.
    pub async fn publish(&self, publication: Publication) -> Result<Appended, StoreError> {
        if !publication.has_long_list() {
            return self.finish(self.begin(publication).await?).await;
        }
        let log = self.clone();
        // Two writes that belong together: they must not depend on the caller's patience.
        let publishing = tokio::spawn(async move { log.finish(log.begin(publication).await?).await });
        publishing.await.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    /// Publishes these in this order, each on its own: one that fails does not hold up the others. They share commits.
    pub async fn publish_all(&self, publications: Vec<Publication>) -> Vec<Result<Appended, StoreError>> {
        let (mut jobs, mut begun) = (Vec::new(), Vec::new());
        for publication in publications {
            let staged = self.stage(publication).await;
            begun.push(staged.map(|publish| {
                let (job, of_it) = Begun::job(publish);
                jobs.push(job);
                of_it
            }));
        }
        // Together: what the writer finds waiting shares a commit, and later the writes to whoever listens.
        self.queue.put_all(jobs).await;
        let mut finished = Vec::with_capacity(begun.len());
        for begun in begun {
            finished.push(match begun {
                Ok(begun) => self.finish(begun).await,
                Err(error) => Err(error),
            });
        }
        finished
    }

    /// Stores a long list of recipients, and puts the publish into the queue.
    async fn begin(&self, publication: Publication) -> Result<Begun, StoreError> {
        let (job, begun) = Begun::job(self.stage(publication).await?);
        self.queue.put(job).await?;
        Ok(begun)
    }

    /// Stores a long list of recipients.
    async fn stage(&self, publication: Publication) -> Result<Publish, StoreError> {
        let staged = match &publication.audience {
            Audience::Users(users) if publication.has_long_list() => {
                Some(self.write(StageRecipients::of(users, &publication.content)).await?)
            }
            _ => None,
        };
        Ok(Publish { publication, staged })
    }

    /// Waits for the commit; takes a list away again whose publish came to nothing.
    async fn finish(&self, begun: Begun) -> Result<Appended, StoreError> {
        let published = self.queue.answer(begun.answer).await;
        if let Some(list) = begun.staged
            && !matches!(published, Ok(Appended::New(_)) | Err(StoreError::Unavailable(_)))
        {
            self.drop_list(list).await;
        }
        published
    }

    async fn drop_list(&self, list: StagedList) {
        // Should this fail, upkeep finds the list later.
        let _ = self.write(DropRecipients(list)).await;
    }

    /// Publishes a broadcast at once, or schedules it. Answered once that is committed; whole even when the caller goes away.
    pub async fn announce(&self, announcement: Announcement) -> Result<Announced, StoreError> {
        let publication = &announcement.publication;
        // Who has to wait is stored apart, however few.
        let apart = publication.has_long_list() || matches!(announcement.when, Ok(When::At(_)));
        let stage = match &publication.audience {
            Audience::Users(users) if apart => StageRecipients::of(users, &publication.content),
            _ => return self.write(Announce { announcement, staged: None }).await,
        };
        let log = self.clone();
        // As with `publish`.
        let announcing = tokio::spawn(async move {
            let list = log.write(stage).await?;
            let announced = log.write(Announce { announcement, staged: Some(list) }).await;
            if !matches!(announced, Ok(Announced::New { .. }) | Err(StoreError::Unavailable(_))) {
                log.drop_list(list).await;
            }
            announced
        });
        announcing.await.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    /// Calls a broadcast off, unless its time has come.
    pub async fn cancel_broadcast(&self, id: BroadcastId) -> Result<Cancelled, StoreError> {
        self.write(CancelBroadcast(id)).await
    }

    /// Sends these, whose time has come, in this order, each on its own: one that fails does not hold up the others. They
    /// share commits.
    pub(crate) async fn send_broadcasts(&self, due: Vec<BroadcastId>) -> Vec<Result<Sending, StoreError>> {
        let mut answers = Vec::with_capacity(due.len());
        for id in due {
            let (job, answer) = Pending::job(SendBroadcast(id));
            // Where that fails, the answer says so.
            let _ = self.queue.put(job).await;
            answers.push(answer);
        }
        let mut sent = Vec::with_capacity(answers.len());
        for answer in answers {
            sent.push(self.queue.answer(answer).await);
        }
        sent
    }

    /// Gives a broadcast up that waits.
    pub(crate) async fn fail_broadcast(&self, id: BroadcastId, why: Failure) -> Result<(), StoreError> {
        self.write(FailBroadcast(id, why)).await
    }

    /// Takes a notification back.
    pub async fn recall(&self, notification: Arc<Notification>) -> Result<Appended, StoreError> {
        self.write(Recall(notification)).await
    }

    /// Gives each of these users that role on that campus, or none; all or nothing. Answers how many were not so
    /// already.
    pub async fn set_memberships(
        &self,
        changes: Vec<(UserId, CampusId, Option<CampusRole>)>,
    ) -> Result<usize, StoreError> {
        let changes = changes.into_iter().map(|(user, campus, role)| MembershipChange { user, campus, role });
        self.write(SetMemberships(changes.collect())).await
    }

    /// Makes the directory say this of these users; all or nothing.
    pub async fn upsert_users(&self, users: Vec<UserStatement>) -> Result<Vec<User>, StoreError> {
        self.write(UpsertUsers(users)).await
    }

    /// Makes the directory say this of these campuses; all or nothing.
    pub async fn upsert_campuses(&self, campuses: Vec<CampusStatement>) -> Result<Vec<Campus>, StoreError> {
        self.write(UpsertCampuses(campuses)).await
    }

    /// Gives a number to a caller whom the directory does not know.
    pub async fn intern_user(&self, key: String) -> Result<User, StoreError> {
        self.write(InternUser(key)).await
    }

    /// Changes what one person wants to hear; answers what they have set then.
    pub async fn change_settings(
        &self,
        user: UserId,
        change: SettingsChange,
    ) -> Result<Result<Settings, Invalid>, StoreError> {
        self.write(ChangeSettings { user, change }).await
    }

    /// Changes one person's receipts; answers what their sessions are to be told, if anything changed.
    pub async fn change_receipts(
        &self,
        user: UserId,
        change: ReceiptChange,
    ) -> Result<Option<ReceiptHint>, StoreError> {
        let hint = self.write(ChangeReceipts { user, change }).await?;
        if let Some(hint) = &hint {
            self.others.tell_of_receipts(hint);
        }
        Ok(hint)
    }

    /// Notes how far the clients of these people have been on the feed.
    pub async fn mark_delivered(&self, delivered: Vec<(UserId, Seq)>) -> Result<(), StoreError> {
        self.write(MarkDelivered(delivered)).await
    }

    /// Sweeps away some of what is past its time; answers whether there may be more.
    pub async fn upkeep(&self) -> Result<bool, StoreError> {
        self.write(Upkeep).await
    }

    /// Moves what is archived and what is deleted on, if nobody has since they were `from`; answers where they stand then.
    pub(crate) async fn move_age(&self, from: Progress, to: Progress) -> Result<Option<Age>, StoreError> {
        self.write(MoveAge { from, to }).await
    }

    /// Deletes at most so many rows of what is too old to be kept.
    pub async fn delete_aged(&self, rows: i64) -> Result<Deleted, StoreError> {
        self.write(DeleteAged { rows }).await
    }

    /// Puts some of the texts that its index lacks into it; answers whether there are more.
    pub async fn index_text(&self, store: &Store) -> Result<bool, StoreError> {
        let Some(batch) = store.unindexed().await? else { return Ok(false) };
        let more = batch.more;
        self.write(batch).await?;
        Ok(more)
    }

    async fn write<W: Write>(&self, write: W) -> Result<W::Output, StoreError> {
        let (job, answer) = Pending::job(write);
        self.queue.put(job).await?;
        self.queue.answer(answer).await
    }
}

/// A publish that waits for its commit.
struct Begun {
    answer: Answer<Appended>,
    staged: Option<StagedList>,
}

impl Begun {
    fn job(publish: Publish) -> (Box<dyn Job>, Self) {
        let staged = publish.staged;
        let (job, answer) = Pending::job(publish);
        (job, Self { answer, staged })
    }
}

impl Publication {
    /// Whether its recipients are too many to be written while the log is locked.
    fn has_long_list(&self) -> bool {
        matches!(&self.audience, Audience::Users(users) if users.len() > RECIPIENTS_AT_ONCE)
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the writer has stopped".into())
}

#[cfg(test)]
pub(crate) mod tests;
