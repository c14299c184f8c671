//! Performs the interactive client's effects, over one session after the other, and reports what comes of them.
//!
//! It decides nothing: whether to connect again, and where the feed goes on, comes back as an effect.

use std::{sync::Arc, time::Duration};

use cynic::{MutationBuilder, QueryBuilder};
use futures_util::{StreamExt, pin_mut};
use tokio::{
    sync::mpsc,
    task::{AbortHandle, JoinSet},
    time::sleep,
};

use super::{
    convert,
    endpoint::{Endpoint, Token},
    session::Session,
};
use crate::{
    api::{
        mutations::{
            IdsVariables, MarkAllRead, MarkAllReadInput, MarkAllReadVariables, MarkRead, MarkSeen,
            MarkSeenInput, MarkSeenVariables, MarkUnread, NotificationIdsInput,
        },
        queries::{NotificationFilter, PageQuery, PageVariables, StartQuery, StartVariables},
    },
    effect::{Effect, PAGE},
    message::{Message, Page, Signal, Start},
    model::{count::Count, event::Cursor, fault::Fault, feed::Filter, notification::NotificationId},
};

/// The network, as the loop sees it: effects go in, signals come out on the loop's queue.
pub struct Link {
    endpoint: Arc<Endpoint>,
    token: Token,
    queue: mpsc::Sender<Message>,
    session: Option<Session>,
    tasks: JoinSet<()>,
    /// Counts the attempts, so that one that was given up is not taken for the last.
    attempt: u64,
    /// The attempt to connect, or the wait before it.
    connecting: Option<AbortHandle>,
    /// The subscription.
    following: Option<AbortHandle>,
}

impl Link {
    /// Not connected yet.
    pub fn new(endpoint: Endpoint, token: Token, queue: mpsc::Sender<Message>) -> Self {
        Self {
            endpoint: Arc::new(endpoint),
            token,
            queue,
            session: None,
            tasks: JoinSet::new(),
            attempt: 0,
            connecting: None,
            following: None,
        }
    }

    /// Performs what comes, until nothing more can come.
    pub async fn run(mut self, mut effects: mpsc::UnboundedReceiver<Effect>) {
        let (opened, mut opening) = mpsc::channel(1);
        loop {
            tokio::select! {
                effect = effects.recv() => match effect {
                    Some(effect) => self.perform(effect, &opened),
                    None => return,
                },
                Some((attempt, session)) = opening.recv() => if attempt == self.attempt { self.connected(session) },
                Some(finished) = self.tasks.join_next() => if let Err(error) = finished
                    && error.is_panic()
                {
                    // The loop sees its queue's other end go.
                    std::panic::resume_unwind(error.into_panic());
                },
            }
        }
    }

    fn perform(&mut self, effect: Effect, opened: &mpsc::Sender<(u64, Session)>) {
        match effect {
            Effect::Connect { after } => self.connect(after, opened.clone()),
            Effect::Follow { generation, after } => self.follow(generation, after),
            Effect::Start { replace } => self.answer(move |session| async move {
                Signal::Started { replace, result: start(session).await.map(Box::new) }
            }),
            Effect::Page { filter, after } => self.answer(move |session| async move {
                let older = after.is_some();
                Signal::Page { filter, older, result: page(session, filter, after).await }
            }),
            Effect::Mark { ticket, ids, read } => self.answer(move |session| async move {
                Signal::Marked { ticket, result: mark(session, ids, read).await }
            }),
            Effect::MarkAllRead { ticket, through } => self.answer(move |session| async move {
                Signal::Marked { ticket, result: mark_all(session, through).await }
            }),
            Effect::MarkSeen { through } => {
                self.answer(move |session| async move { Signal::Seen(mark_seen(session, through).await) });
            }
        }
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
                Err(fault) => tell(&queue, Signal::Lost(fault)).await,
            }
        });
        for superseded in [self.connecting.replace(attempt), self.following.take()].into_iter().flatten() {
            superseded.abort();
        }
    }

    fn connected(&mut self, session: Session) {
        self.session = Some(session.clone());
        let queue = self.queue.clone();
        // The same task tells of the beginning and of the end, so that they arrive in this order; and a new attempt
        // silences it, so that the end of an old session is not taken for that of the new one.
        let watch = self.tasks.spawn(async move {
            tell(&queue, Signal::Connected).await;
            let ended = session.ended();
            tell(&queue, Signal::Lost(ended.await)).await;
        });
        self.connecting = Some(watch);
    }

    fn follow(&mut self, generation: u64, after: Cursor) {
        // Without a session there is nothing to follow; that it is gone has been said.
        let Some(session) = self.session.clone() else {
            return;
        };
        let queue = self.queue.clone();
        let task = self.tasks.spawn(async move {
            let fault = relay(&session, generation, after, &queue).await;
            if !session.is_over() {
                tell(&queue, Signal::FeedEnded { generation, fault }).await;
            }
        });
        if let Some(superseded) = self.following.replace(task) {
            superseded.abort();
        }
    }

    /// Asks in a task of its own, and tells the answer.
    fn answer<F>(&mut self, ask: impl FnOnce(Asker) -> F)
    where
        F: Future<Output = Signal> + Send + 'static,
    {
        let answer = ask(Asker(self.session.clone()));
        let queue = self.queue.clone();
        self.tasks.spawn(async move { tell(&queue, answer.await).await });
    }
}

/// The session, if there is one.
struct Asker(Option<Session>);

impl Asker {
    fn session(&self) -> Result<&Session, Fault> {
        self.0.as_ref().ok_or_else(|| Fault::Unreachable("not connected".to_owned()))
    }
}

/// When the loop is gone, nobody has to be told.
async fn tell(queue: &mpsc::Sender<Message>, signal: Signal) {
    let _ = queue.send(Message::Net(signal)).await;
}

/// Passes the feed on, and returns why it ended.
async fn relay(
    session: &Session,
    generation: u64,
    after: Cursor,
    queue: &mpsc::Sender<Message>,
) -> Option<Fault> {
    let events = match session.follow(Some(after), None).await {
        Ok(events) => events,
        Err(fault) => return Some(fault),
    };
    pin_mut!(events);
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => {
                let event = Box::new(event);
                tell(queue, Signal::Event { generation, event }).await;
            }
            Err(fault) => return Some(fault),
        }
    }
    None
}

async fn start(asker: Asker) -> Result<Start, Fault> {
    let query = StartQuery::build(StartVariables { first: PAGE.into() });
    asker.session()?.ask(query).await.map(convert::start)
}

async fn page(asker: Asker, filter: Filter, after: Option<String>) -> Result<Page, Fault> {
    let unread = (filter == Filter::Unread).then_some(true);
    let filter = unread.map(|_| NotificationFilter { unread, ..NotificationFilter::default() });
    let query = PageQuery::build(PageVariables { first: PAGE.into(), after, filter });
    asker.session()?.ask(query).await.map(|answer| convert::page(answer.notifications))
}

async fn mark(asker: Asker, ids: Vec<NotificationId>, read: bool) -> Result<Count, Fault> {
    let ids = ids.iter().map(|id| id.as_str().into()).collect();
    let variables = IdsVariables { input: NotificationIdsInput { ids } };
    let session = asker.session()?;
    let payload = if read {
        session.ask(MarkRead::build(variables)).await?.mark_read
    } else {
        session.ask(MarkUnread::build(variables)).await?.mark_unread
    };
    Ok(convert::count(&payload.viewer.unread_count))
}

async fn mark_all(asker: Asker, through: NotificationId) -> Result<Count, Fault> {
    let input = MarkAllReadInput { through: through.as_str().into(), campus_key: None };
    let answer = asker.session()?.ask(MarkAllRead::build(MarkAllReadVariables { input })).await?;
    Ok(convert::count(&answer.mark_all_read.viewer.unread_count))
}

async fn mark_seen(asker: Asker, through: NotificationId) -> Result<Count, Fault> {
    let input = MarkSeenInput { through: through.as_str().into() };
    let answer = asker.session()?.ask(MarkSeen::build(MarkSeenVariables { input })).await?;
    Ok(convert::count(&answer.mark_seen.viewer.unread_count))
}
