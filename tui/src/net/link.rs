//! Performs the interactive client's effects, over one session after the other, and reports what comes of them.
//!
//! It decides nothing: whether to connect again, and where the feed goes on, comes back as an effect. What a screen asks
//! for is performed by the file beside this one that has the screen's name.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinError, JoinSet, spawn_blocking},
    time::sleep,
};

use super::{
    audit, broadcasts, compose, dashboard,
    endpoint::{Endpoint, Token},
    feed, history, preferences,
    session::Session,
    triage,
};
use crate::{
    drafts::{Drafts, Keeper},
    effect::Effect,
    message::{Message, Signal},
    model::fault::Fault,
};

/// The network, as the loop sees it: effects go in, signals come out on the loop's queue.
pub struct Link {
    endpoint: Arc<Endpoint>,
    token: Token,
    profiles: Profiles,
    keeper: Keeper,
    queue: mpsc::Sender<Message>,
    session: Option<Session>,
    tasks: JoinSet<()>,
    /// Counts the attempts, so that one that was given up is not taken for the last.
    attempt: u64,
    /// The attempt to connect, or the wait before it.
    connecting: Option<AbortHandle>,
    /// The subscriptions of this session.
    following: HashMap<Slot, AbortHandle>,
}

impl Link {
    /// Not connected yet.
    pub fn new(endpoint: Endpoint, token: Token, queue: mpsc::Sender<Message>) -> Self {
        Self {
            endpoint: Arc::new(endpoint),
            token,
            profiles: Arc::new(|name| Err(format!("there is no profile {name}"))),
            keeper: Keeper::new(Drafts::default()),
            queue,
            session: None,
            tasks: JoinSet::new(),
            attempt: 0,
            connecting: None,
            following: HashMap::new(),
        }
    }

    /// Can be switched to what is found by a name.
    #[must_use]
    pub fn with_profiles(mut self, profiles: Profiles) -> Self {
        self.profiles = profiles;
        self
    }

    /// Keeps drafts; without this they are kept nowhere.
    #[must_use]
    pub fn with_keeper(mut self, keeper: Keeper) -> Self {
        self.keeper = keeper;
        self
    }

    /// Performs what comes, until nothing more can come.
    pub async fn run(mut self, mut effects: mpsc::UnboundedReceiver<Effect>) {
        let (opened, mut opening) = mpsc::channel(1);
        loop {
            tokio::select! {
                effect = effects.recv() => match effect {
                    Some(Effect::Switch { profile }) => self.switch(&profile).await,
                    Some(effect) => self.perform(effect, &opened),
                    None => return,
                },
                Some((attempt, session)) = opening.recv() => if attempt == self.attempt { self.connected(session) },
                Some(finished) = self.tasks.join_next() => finish(finished),
            }
        }
    }

    fn perform(&mut self, effect: Effect, opened: &mpsc::Sender<(u64, Session)>) {
        match effect {
            Effect::Connect { after } => self.connect(after, opened.clone()),
            Effect::Identify(token) => self.token = token,
            // Those are the loop's, and this has been dealt with: it takes waiting.
            Effect::Terminal(_) | Effect::Edit(_) | Effect::Switch { .. } => {}
            Effect::Triage(effect) => triage::perform(self, effect),
            Effect::Feed(effect) => feed::perform(self, effect),
            Effect::History(effect) => history::perform(self, effect),
            Effect::Broadcasts(effect) => broadcasts::perform(self, effect),
            Effect::Compose(effect) => compose::perform(self, effect),
            Effect::Dashboard(effect) => dashboard::perform(self, effect),
            Effect::Preferences(effect) => preferences::perform(self, effect),
            Effect::Audit(effect) => audit::perform(self, effect),
        }
    }

    /// Asks another server, or as another user, from the next connection on. What is told before `Switched` is of the one
    /// before, what is told behind it is of the new one: so every task that could still tell of the old one has to end
    /// first. What is still asked of the old one meets no session: the loop connects once it knows, and behind that
    /// nothing of the old one is left.
    async fn switch(&mut self, name: &str) {
        let (profiles, wanted) = (Arc::clone(&self.profiles), name.to_owned());
        // It may take a file, a program or a keyring to say.
        let profile = match spawn_blocking(move || profiles(&wanted)).await {
            Ok(Ok(profile)) => profile,
            Ok(Err(why)) => return Teller(self.queue.clone()).tell(Signal::NotSwitched(why)).await,
            Err(error) => return finish(Err(error)),
        };
        (self.endpoint, self.token) = (profile.endpoint, profile.token);
        self.session = None;
        // One that was about to open is not to be taken for the new one's.
        self.attempt += 1;
        self.tasks.abort_all();
        while let Some(finished) = self.tasks.join_next().await {
            finish(finished);
        }
        let (server, campus) = (self.endpoint.to_string(), profile.campus);
        let profile = name.to_owned();
        Teller(self.queue.clone()).tell(Signal::Switched { profile, server, campus }).await;
    }

    /// Opens a session, in a while, instead of the one there is.
    fn connect(&mut self, after: Duration, opened: mpsc::Sender<(u64, Session)>) {
        self.session = None;
        self.attempt += 1;
        let number = self.attempt;
        let (endpoint, token, queue) = (Arc::clone(&self.endpoint), self.token.clone(), self.queue.clone());
        let attempt = self.tasks.spawn(async move {
            sleep(after).await;
            match Session::open(&endpoint, &token).await {
                Ok(session) => drop(opened.send((number, session)).await),
                Err(fault) => Teller(queue).tell(Signal::Lost(fault)).await,
            }
        });
        for superseded in
            self.connecting.replace(attempt).into_iter().chain(self.following.drain().map(|(_, task)| task))
        {
            superseded.abort();
        }
    }

    fn connected(&mut self, session: Session) {
        self.session = Some(session.clone());
        let teller = Teller(self.queue.clone());
        // The same task tells of the beginning and of the end, so that they arrive in this order; and a new attempt
        // silences it, so that the end of an old session is not taken for that of the new one.
        let watch = self.tasks.spawn(async move {
            teller.tell(Signal::Connected).await;
            let ended = session.ended();
            teller.tell(Signal::Lost(ended.await)).await;
        });
        self.connecting = Some(watch);
    }

    /// Who keeps drafts.
    pub(super) fn keeper(&self) -> &Keeper {
        &self.keeper
    }

    /// Follows something in a task of its own, instead of what the same slot followed before.
    pub(super) fn follow<F>(&mut self, slot: Slot, follow: impl FnOnce(Session, Teller) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        // Without a session there is nothing to follow; that it is gone has been said.
        let Some(session) = self.session.clone() else {
            return;
        };
        let task = self.tasks.spawn(follow(session, Teller(self.queue.clone())));
        if let Some(superseded) = self.following.insert(slot, task) {
            superseded.abort();
        }
    }

    /// Gives up what a slot follows.
    pub(super) fn leave(&mut self, slot: &Slot) {
        if let Some(task) = self.following.remove(slot) {
            task.abort();
        }
    }

    /// Asks in a task of its own, and tells the answer.
    pub(super) fn answer<F, S>(&mut self, ask: impl FnOnce(Asker) -> F)
    where
        F: Future<Output = S> + Send + 'static,
        S: Into<Signal> + Send,
    {
        let answer = ask(Asker(self.session.clone()));
        let teller = Teller(self.queue.clone());
        self.tasks.spawn(async move { teller.tell(answer.await).await });
    }
}

/// A task has ended.
fn finish(finished: Result<(), JoinError>) {
    if let Err(error) = finished
        && error.is_panic()
    {
        // The loop sees its queue's other end go.
        std::panic::resume_unwind(error.into_panic());
    }
}

/// A server, and who asks there.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The server.
    pub endpoint: Arc<Endpoint>,
    /// Who asks.
    pub token: Token,
    /// The key of the campus that it begins with.
    pub campus: Option<String>,
}

/// Finds the profile of a name, or says why there is none. May block.
pub type Profiles = Arc<dyn Fn(&str) -> Result<Profile, String> + Send + Sync>;

/// The session, if there is one.
pub(super) struct Asker(Option<Session>);

impl Asker {
    /// To ask on.
    pub(super) fn session(&self) -> Result<&Session, Fault> {
        self.0.as_ref().ok_or_else(|| Fault::Unreachable("not connected".to_owned()))
    }
}

/// The way back to the loop.
#[derive(Clone)]
pub(super) struct Teller(mpsc::Sender<Message>);

impl Teller {
    /// Waits until the loop has room. When the loop is gone, nobody has to be told.
    pub(super) async fn tell(&self, signal: impl Into<Signal>) {
        let _ = self.0.send(Message::Net(signal.into())).await;
    }
}

/// Which subscription: a screen's name, and which of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Slot(pub(super) &'static str, pub(super) String);
