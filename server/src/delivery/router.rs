//! Takes each entry of the log to the live subscriptions that it is addressed to.
//!
//! A few threads fan out, each with subscribers of its own: all of one user's are with the same one. A subscriber that is
//! live belongs to its thread, which writes straight to its sink. One that has something else to do first (catch up,
//! hear of its own receipts, wait for room) is handed to a [`CatchUp`](super::catch_up::CatchUp), a task that brings it
//! back with [`Router::join`].

mod batch;
mod index;
mod shard;
mod tally;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use self::shard::Shard;
use super::hub::{Bounds, Hub};
use super::subscription::{Reading, Subscriber};
use crate::domain::entry::{Audience, Entry};
use crate::domain::id::{Seq, UserId};
use crate::domain::receipts::ReceiptHint;

/// Groups of entries that a thread may lag behind the tail before the tail waits.
const GROUPS: usize = 64;
/// How often a thread looks for what is due with time.
const TICK: Duration = Duration::from_secs(1);

/// What is handed over at once.
#[derive(Clone)]
pub(super) enum Group {
    /// The next entries of the log.
    Entries(Arc<[Arc<Entry>]>),
    /// Another life of the log has begun, behind this position.
    Renewed(Seq),
}

/// What a thread is asked to do.
enum Command {
    /// Keep this one's place, and its receipts. Answers whether there was room for its selection.
    Register(Arc<Subscriber>, oneshot::Sender<bool>),
    /// This one has dealt with everything up to here.
    Join(Arc<Subscriber>, Reading),
    /// This one is not there any more.
    Leave(u64),
    /// This user's sessions are to be told.
    Hint(Arc<ReceiptHint>),
    /// How many people of this audience are here.
    Count(Audience, oneshot::Sender<usize>),
    /// Who is here, each named once.
    Users(oneshot::Sender<Vec<UserId>>),
    /// A second has passed.
    Tick,
}

/// The threads that fan out.
pub(super) struct Router {
    shards: Vec<Handle>,
    next_id: AtomicU64,
}

struct Handle {
    groups: mpsc::Sender<Group>,
    commands: mpsc::UnboundedSender<Command>,
}

/// What one thread is handed.
pub(super) struct Incoming {
    groups: mpsc::Receiver<Group>,
    commands: mpsc::UnboundedReceiver<Command>,
}

impl Router {
    /// The ways to the threads, and their other ends: each has to be started.
    pub(super) fn new(bounds: Bounds) -> (Self, Vec<Incoming>) {
        let pair = |_| {
            let (groups, incoming) = mpsc::channel(GROUPS);
            let (commands, asked) = mpsc::unbounded_channel();
            tokio::spawn(tick(commands.downgrade()));
            (Handle { groups, commands }, Incoming { groups: incoming, commands: asked })
        };
        let (shards, incoming) = (0..bounds.threads.max(1)).map(pair).unzip();
        (Self { shards, next_id: AtomicU64::new(0) }, incoming)
    }

    /// A number that no other subscriber has.
    pub(super) fn new_id(&self) -> u64 {
        self.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Hands over what comes next.
    pub(super) async fn route(&self, group: Group) {
        for shard in &self.shards {
            // Fails only where the thread has ended, with everything else.
            let _ = shard.groups.send(group.clone()).await;
        }
    }

    /// From here on, what happens to the user's receipts is kept for this subscriber. False where its user has too many
    /// different selections already.
    pub(super) async fn register(&self, subscriber: &Arc<Subscriber>) -> bool {
        let (reply, answer) = oneshot::channel();
        self.ask(subscriber.user, Command::Register(Arc::clone(subscriber), reply));
        answer.await.unwrap_or(false)
    }

    /// Brings a subscriber who has dealt with everything up to `reading.position`. Should that not be all any more, they
    /// are sent to catch up again.
    pub(super) fn join(&self, subscriber: Arc<Subscriber>, reading: Reading) {
        self.ask(subscriber.user, Command::Join(subscriber, reading));
    }

    pub(super) fn leave(&self, subscriber: &Subscriber) {
        subscriber.let_go();
        self.ask(subscriber.user, Command::Leave(subscriber.id));
    }

    pub(super) fn hint(&self, hint: Arc<ReceiptHint>) {
        self.ask(hint.user, Command::Hint(hint));
    }

    /// How many people of this audience have a feed open, each counted once.
    pub(super) async fn count(&self, audience: &Audience) -> usize {
        let mut count = 0;
        for shard in &self.shards {
            let (reply, answer) = oneshot::channel();
            // All of a user's subscribers are with the same thread; one that has ended has nobody.
            let _ = shard.commands.send(Command::Count(audience.clone(), reply));
            count += answer.await.unwrap_or_default();
        }
        count
    }

    /// Everybody who has a feed open, each once.
    pub(super) async fn users(&self) -> Vec<UserId> {
        let mut users = Vec::new();
        for shard in &self.shards {
            let (reply, answer) = oneshot::channel();
            let _ = shard.commands.send(Command::Users(reply));
            users.extend(answer.await.unwrap_or_default());
        }
        users
    }

    fn ask(&self, user: UserId, command: Command) {
        let shards = self.shards.len();
        let number = usize::try_from(user.0.unsigned_abs()).unwrap_or_default() % shards.max(1);
        if let Some(shard) = self.shards.get(number) {
            // Fails only where the thread has ended, with everything else.
            let _ = shard.commands.send(command);
        }
    }
}

impl Incoming {
    /// Starts a thread that routes what comes after `routed`. It ends with the hub.
    pub(super) fn start(self, hub: &Arc<Hub>, routed: Seq) -> std::io::Result<()> {
        let shard = Shard::new(hub, routed);
        let runtime = tokio::runtime::Handle::current();
        let alive = Arc::downgrade(hub);
        let run = move || {
            let running = AssertUnwindSafe(|| runtime.block_on(shard.run(self.groups, self.commands)));
            if catch_unwind(running).is_err() && alive.strong_count() > 0 {
                // Nobody would be told anything any more, of a server that looks healthy: better to begin anew.
                tracing::error!("a thread that fans out has panicked; the server ends");
                std::process::abort();
            }
        };
        std::thread::Builder::new().name("fan-out".to_owned()).spawn(run)?;
        Ok(())
    }
}

async fn tick(commands: mpsc::WeakUnboundedSender<Command>) {
    let mut every = tokio::time::interval(TICK);
    loop {
        every.tick().await;
        let Some(commands) = commands.upgrade() else { return };
        if commands.send(Command::Tick).is_err() {
            return;
        }
    }
}
