//! The other servers on the same database: they are told what this one has written, and heard when they have.
//!
//! What is told and heard are hints, which save time. Behind them the head of the log is looked at twice a second; and who may
//! have missed something about receipts looks at the revisions, which only grow.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, broadcast, mpsc, watch};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::queue::WeakQueue;
use crate::domain::entry::Audience;
use crate::domain::id::Seq;
use crate::domain::receipts::ReceiptHint;
use crate::store::writes::Look;
use crate::store::{Hint, Line, LookError, NAMED, Pending, Store, StoreError};

/// How often the head of the log is looked at, whatever is heard.
const EVERY: Duration = Duration::from_millis(500);
/// How long to wait before a line that broke is begun anew: at first, and at most.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How long the others may take to answer a question.
const ANSWERS: Duration = Duration::from_secs(1);
/// What may wait to be told.
const UNTOLD: usize = 1_024;
/// What was heard and has yet to be looked at, at most.
const UNHEARD: usize = 1_024;
/// What is told together, at most.
const TOGETHER: usize = 256;

/// What is heard of the other servers.
#[derive(Debug, Clone)]
pub enum Heard {
    /// Somebody's receipts have changed.
    Receipts(ReceiptHint),
    /// Receipts may have changed of whom nothing was heard.
    SomeReceipts,
    /// The log is deleted up to here.
    Deleted(Seq),
    /// Somebody asks how many people of this audience have a feed open here.
    Count(Question, Audience),
}

/// What another server wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    from: i64,
    number: i64,
}

/// The way to the other servers.
#[derive(Clone)]
pub(super) struct Others(Arc<Shared>);

struct Shared {
    /// Whether there can be any.
    are_possible: bool,
    /// The log has grown, and nobody has been told.
    grown: Notify,
    untold: mpsc::Sender<Hint>,
    /// Some receipts could not be told.
    some_receipts: AtomicBool,
    /// Somebody said that the log has grown.
    hinted: Notify,
    heard: broadcast::Sender<Heard>,
    /// This server's number among them, drawn by chance.
    own: i64,
    /// Its figures, as the others are told them.
    figures: watch::Sender<String>,
    /// Others that were alive a moment ago.
    alive: AtomicUsize,
    /// Who waits for answers, by the question's number.
    asking: Mutex<HashMap<i64, mpsc::UnboundedSender<u64>>>,
}

impl Others {
    /// Starts to tell and to hear, from before anybody is here who could miss something, unless the database does not let it.
    /// Both end once what is returned is dropped.
    pub(super) async fn start(store: &Arc<Store>, queue: WeakQueue) -> (Self, DropGuard) {
        let (tell, untold) = mpsc::channel(UNTOLD);
        let others = Self(Arc::new(Shared {
            are_possible: store.is_shared(),
            grown: Notify::new(),
            untold: tell,
            some_receipts: AtomicBool::new(false),
            hinted: Notify::new(),
            heard: broadcast::Sender::new(UNHEARD),
            own: rand::random(),
            figures: watch::Sender::new(String::new()),
            alive: AtomicUsize::new(0),
            asking: Mutex::default(),
        }));
        let ended = CancellationToken::new();
        if let Some(line) = store.line().await {
            let looking = others.clone().look(Arc::clone(store), queue);
            tokio::spawn(ended.clone().run_until_cancelled_owned(looking));
            let talking = others.clone().keep_talking(Arc::clone(store), line, untold);
            tokio::spawn(ended.clone().run_until_cancelled_owned(talking));
        }
        (others, ended.drop_guard())
    }

    /// Follows what is heard.
    pub(super) fn hear(&self) -> broadcast::Receiver<Heard> {
        self.0.heard.subscribe()
    }

    /// This server's number.
    pub(super) fn own(&self) -> i64 {
        self.0.own
    }

    /// These are this server's figures by now. Whoever stops saying so counts as gone after a few seconds.
    pub(super) fn tell_of_figures(&self, figures: String) {
        self.0.figures.send_replace(figures);
    }

    /// The log is longer. Never waits.
    pub(super) fn tell_of_log(&self) {
        self.0.grown.notify_one();
    }

    /// Somebody's receipts have changed. Never waits.
    pub(super) fn tell_of_receipts(&self, hint: &ReceiptHint) {
        let hint = Hint::Receipts(ReceiptHint { change: None, ..hint.clone() });
        if self.0.are_possible && self.0.untold.try_send(hint).is_err() {
            self.0.some_receipts.store(true, Ordering::Relaxed);
        }
    }

    /// How many people of this audience have a feed open at other servers, each counted once for each of these. Who does not
    /// answer in time has nobody.
    pub(super) async fn count(&self, audience: &Audience) -> u64 {
        let others = self.0.alive.load(Ordering::Relaxed);
        if others == 0 {
            return 0;
        }
        let parts: Vec<Audience> = match audience {
            Audience::Users(users) => {
                users.chunks(NAMED).map(|some| Audience::users(some.iter().copied())).collect()
            }
            whole => vec![whole.clone()],
        };
        let (question, expected) = (rand::random(), others * parts.len());
        let (sender, mut answers) = mpsc::unbounded_channel();
        lock(&self.0.asking).insert(question, sender);
        let mut people = 0;
        let asking = async {
            for audience in parts {
                // Nobody hears it where the line has ended, with everything else.
                let _ = self.0.untold.send(Hint::Count { from: self.0.own, question, audience }).await;
            }
            for _ in 0..expected {
                people += answers.recv().await.unwrap_or_default();
            }
        };
        // Who was late, is asked next time.
        let _ = tokio::time::timeout(ANSWERS, asking).await;
        lock(&self.0.asking).remove(&question);
        people
    }

    /// Answers a question. Never waits.
    pub(super) fn answer(&self, question: Question, people: u64) {
        let Question { from: to, number: question } = question;
        // Whoever asks does not wait for long.
        let _ = self.0.untold.try_send(Hint::Counted { to, question, people });
    }

    /// Looks where the log ends, now and again, and whenever somebody says that it has grown.
    async fn look(self, store: Arc<Store>, queue: WeakQueue) {
        let mut every = interval(EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut deleted, mut is_failing) = (Seq::ZERO, false);
        loop {
            tokio::select! {
                _ = every.tick() => {}
                () = self.0.hinted.notified() => {}
            }
            let looked = store.look().await;
            let failed = looked.is_err();
            match looked {
                Ok(through) if through > deleted => {
                    deleted = through;
                    // Nobody may listen.
                    let _ = self.0.heard.send(Heard::Deleted(through));
                }
                Err(LookError::WentBackwards) => {
                    let Some(queue) = queue.upgrade() else { return };
                    let (look, looked) = Pending::job(Look);
                    // Whoever holds the head sees it too, and has another life begin; or the next look does.
                    if queue.put(look).await.is_ok() {
                        let _ = queue.answer(looked).await;
                    }
                }
                Err(error) if !is_failing => {
                    tracing::warn!(%error, "failed to look where the log ends; trying again");
                }
                Ok(_) | Err(_) => {}
            }
            is_failing = failed;
        }
    }

    /// Keeps up a line to the others.
    async fn keep_talking(
        self,
        store: Arc<Store>,
        first: Result<Line, StoreError>,
        mut untold: mpsc::Receiver<Hint>,
    ) {
        let (mut pause, mut line) = (RETRY.0, Some(first));
        while let Some(begun) = line {
            let broken = match begun {
                Ok(line) => {
                    pause = RETRY.0;
                    self.talk(line, &mut untold).await
                }
                Err(error) => error,
            };
            tracing::warn!(error = %broken, "no line to the other servers; trying again");
            // All at once would be a burden to a database that has just come back.
            sleep(pause.mul_f64(rand::random_range(0.5..1.5))).await;
            pause = (pause * 2).min(RETRY.1);
            line = store.line().await;
            if let Some(Ok(_)) = line {
                // What was told before it began was not heard here.
                let _ = self.0.heard.send(Heard::SomeReceipts);
                self.0.hinted.notify_one();
            }
        }
    }

    /// Tells and hears, until the line breaks: gives why.
    async fn talk(&self, mut line: Line, untold: &mut mpsc::Receiver<Hint>) -> StoreError {
        let mut figures = self.0.figures.subscribe();
        figures.mark_changed();
        let mut alive = HashSet::new();
        // What could not be told before.
        if let Err(error) = self.tell_changes(&line, Vec::new()).await {
            return error;
        }
        loop {
            let mut changes = Vec::new();
            let told = tokio::select! {
                heard = line.hear() => match heard {
                    Some(hints) => {
                        for hint in hints {
                            self.take(hint);
                        }
                        continue;
                    }
                    None => return StoreError::Unavailable("the connection broke".to_owned()),
                },
                Ok(()) = figures.changed() => {
                    let now = figures.borrow_and_update().clone();
                    self.beat(&line, &now, &mut alive).await
                }
                () = self.0.grown.notified() => line.tell(&[Hint::Log]).await,
                _ = untold.recv_many(&mut changes, TOGETHER) => self.tell_changes(&line, changes).await,
            };
            if let Err(error) = told {
                self.0.grown.notify_one();
                return error;
            }
        }
    }

    /// Says that this server is alive, and looks who else is.
    async fn beat(&self, line: &Line, figures: &str, alive: &mut HashSet<i64>) -> Result<(), StoreError> {
        if figures.is_empty() {
            return Ok(());
        }
        let now: HashSet<i64> = line.beat(self.0.own, figures).await?.into_iter().collect();
        if alive.difference(&now).next().is_some() {
            // Whoever is not there any more may have changed receipts, and told nobody.
            let _ = self.0.heard.send(Heard::SomeReceipts);
        }
        self.0.alive.store(now.len(), Ordering::Relaxed);
        *alive = now;
        Ok(())
    }

    async fn tell_changes(&self, line: &Line, mut hints: Vec<Hint>) -> Result<(), StoreError> {
        if self.0.some_receipts.swap(false, Ordering::Relaxed) {
            hints.push(Hint::SomeReceipts);
        }
        let told = line.tell(&hints).await;
        if told.is_err() {
            // What of it was told is not known: whoever hears of both, looks twice.
            self.0.some_receipts.store(true, Ordering::Relaxed);
        }
        told
    }

    fn take(&self, hint: Hint) {
        match hint {
            Hint::Log => self.0.hinted.notify_one(),
            // Nobody may listen.
            Hint::Receipts(hint) => drop(self.0.heard.send(Heard::Receipts(hint))),
            Hint::SomeReceipts => drop(self.0.heard.send(Heard::SomeReceipts)),
            Hint::Count { from, question: number, audience } => {
                drop(self.0.heard.send(Heard::Count(Question { from, number }, audience)));
            }
            Hint::Counted { to, question, people } if to == self.0.own => {
                if let Some(asking) = lock(&self.0.asking).get(&question) {
                    // They may have given up.
                    let _ = asking.send(people);
                }
            }
            Hint::Counted { .. } => {}
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
