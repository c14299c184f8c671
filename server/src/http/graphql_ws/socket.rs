//! One connection: who it is, and what is under way on it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::Request;
use serde_json::{Map, Value};

use super::introduction::{forbidden, introduce};
use super::operation::Operation;
use super::protocol::{self, Close, Message, Stage, code};
use super::pulse::{Health, Pulse};
use super::{Channel, Stranger};
use crate::graphql::{Code, OperationKind, Session, has_more_tokens_than};
use crate::http::admission::{Place, Turn};
use crate::http::operation::{self, Running};
use crate::http::sweeper::{Moment, Registered, Swept};
use crate::http::{Doors, outcome};

/// One connection.
pub(super) struct Socket {
    pub(super) channel: Arc<Channel>,
    doors: Arc<Doors>,
    state: Mutex<State>,
}

struct State {
    stage: Stage,
    whose: Whose,
    /// Few, so that looking through them is cheaper than any index.
    operations: Vec<UnderWay>,
    pulse: Pulse,
    /// The server is about to stop.
    closing: bool,
}

/// Whose it is.
enum Whose {
    Nobodys(Box<Stranger>),
    Users { session: Arc<Session>, _place: Place },
}

struct UnderWay {
    operation: Arc<Operation>,
    /// What came of beginning it is known.
    has_begun: bool,
    /// What keeps it going, for a subscription that has begun.
    running: Option<Running>,
}

/// What comes of what a client has said.
enum Next {
    /// Nothing at once.
    Listen,
    /// This is to be said.
    Say(Vec<u8>),
    /// An operation, when it is its turn.
    Begin { id: String, request: Box<Request> },
}

/// Why an operation is not begun.
enum Refused {
    /// The server is about to stop.
    Closing,
    /// There are so many already.
    Full(usize),
}

/// Ends what is under way on a socket, when it is dropped.
pub(super) struct Leaving(pub(super) Arc<Socket>);

impl Socket {
    pub(super) fn new(channel: Arc<Channel>, doors: Arc<Doors>, stranger: Stranger) -> Arc<Self> {
        let state = State {
            stage: Stage::Opened,
            whose: Whose::Nobodys(Box::new(stranger)),
            operations: Vec::new(),
            pulse: Pulse::new(rand::random()),
            closing: false,
        };
        Arc::new(Self { channel, doors, state: Mutex::new(state) })
    }

    /// Has it looked after, until the result is dropped.
    pub(super) fn register(self: &Arc<Self>) -> Registered {
        self.doors.sweeper.register(Arc::clone(self) as _)
    }

    /// Whether all that can be expected of it is that it begins something.
    pub(super) fn is_about_to_subscribe(&self) -> bool {
        let state = self.state();
        state.stage == Stage::Acknowledged && state.operations.is_empty()
    }

    /// Waits for its turn to begin something.
    pub(super) async fn turn(&self) -> Turn {
        self.doors.admission.turn().await
    }

    /// Deals with what the client says; what begins with it takes a turn: this one, if it has been waited for. Gives what is
    /// to be said to that at once, if anything.
    pub(super) async fn hear(self: &Arc<Self>, text: String, turn: Option<Turn>) -> Option<Vec<u8>> {
        let next = Message::parse(&text).and_then(|message| self.obey(message));
        // It may be long until the turn comes.
        drop(text);
        match next {
            Ok(Next::Listen) => None,
            Ok(Next::Say(answer)) => Some(answer),
            Ok(Next::Begin { id, request }) => {
                let turn = match turn {
                    Some(turn) => turn,
                    None => self.turn().await,
                };
                self.begin(id, *request, turn)
            }
            Err(close) => {
                self.close(&close);
                None
            }
        }
    }

    pub(super) fn close(&self, close: &Close) {
        self.channel.close(close.code, &close.reason);
    }

    /// Closes it if its token has run out.
    pub(super) fn close_if_expired(&self) -> bool {
        let now = self.doors.api.clock.now();
        let expired = self.session().is_some_and(|session| session.has_ended(now));
        if expired {
            self.close(&forbidden("the token has expired"));
        }
        expired
    }

    /// Does something for it that a server which stops waits for. From any thread.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.doors.sockets.spawn_on(task, &self.doors.runtime);
    }

    fn obey(&self, message: Message<'_>) -> Result<Next, Close> {
        {
            let mut state = self.state();
            let State { stage, operations, .. } = &mut *state;
            let is_live = |id: &str| {
                operations.iter().any(|other| other.operation.is_live() && other.operation.id() == id)
            };
            *stage = stage.after(&message, is_live)?;
        }
        match message {
            Message::Init(payload) => self.acknowledge(&payload).map(Next::Say),
            Message::Ping(payload) => Ok(Next::Say(protocol::pong(payload))),
            Message::Pong => Ok(Next::Listen),
            Message::Subscribe { id, request } => Ok(Next::Begin { id, request }),
            Message::Complete { id } => {
                self.complete(&id);
                Ok(Next::Listen)
            }
        }
    }

    fn acknowledge(&self, payload: &Map<String, Value>) -> Result<Vec<u8>, Close> {
        let mut state = self.state();
        if let Whose::Nobodys(stranger) = &state.whose {
            let (session, place) = introduce(&self.doors, stranger, payload)?;
            state.whose = Whose::Users { session: Arc::new(session), _place: place };
            state.stage = Stage::Acknowledged;
        }
        Ok(protocol::ACK.to_vec())
    }

    /// Begins an operation in a task of its own; or gives the message that says why not. The turn is a subscription's,
    /// until it has begun.
    fn begin(self: &Arc<Self>, id: String, mut request: Request, turn: Turn) -> Option<Vec<u8>> {
        let most_tokens = self.doors.settings.document_tokens;
        if has_more_tokens_than(&request.query, most_tokens) {
            let why = format!("the document has more than {most_tokens} tokens");
            return Some(protocol::error(&id, &outcome::one_error(Code::TooComplex.name(), &why)));
        }
        let listens = OperationKind::of(&mut request) == Some(OperationKind::Subscription);
        let operation = Operation::new(Arc::clone(self), id, listens);
        let session = match self.add(&operation) {
            Ok(session) => session,
            // The client will hear so as soon as everything else is answered.
            Err(Refused::Closing) => return None,
            Err(Refused::Full(most)) => {
                let why = format!("at most {most} operations of one socket at a time");
                return Some(protocol::error(operation.id(), &outcome::rate_limited(&why)));
            }
        };
        let (socket, turn) = (Arc::clone(self), listens.then_some(turn));
        self.spawn(async move {
            let sink = Arc::clone(&operation) as _;
            let running = operation::begin(&socket.doors.schema, request, session, sink).await;
            drop(turn);
            socket.settle(&operation, running);
        });
        None
    }

    /// Notes an operation. One that is completed counts until it has been begun, for it goes on until then.
    fn add(&self, operation: &Arc<Operation>) -> Result<Option<Arc<Session>>, Refused> {
        let most = self.doors.settings.socket_operations;
        let mut state = self.state();
        if state.closing {
            return Err(Refused::Closing);
        }
        let ended = state.take_ended();
        let added = if state.operations.len() < most {
            // Most sockets have one.
            state.operations.reserve_exact(1);
            let operation = Arc::clone(operation);
            state.operations.push(UnderWay { operation, has_begun: false, running: None });
            Ok(state.session().cloned())
        } else {
            Err(Refused::Full(most))
        };
        drop(state);
        drop(ended);
        added
    }

    /// What comes of an operation that has begun: it goes on, unless it was completed meanwhile, or it has been answered.
    fn settle(&self, operation: &Arc<Operation>, running: Option<Running>) {
        let mut state = self.state();
        let found = state.operations.iter_mut().find(|other| Arc::ptr_eq(&other.operation, operation));
        let mut unwanted = running;
        if let Some(found) = found {
            found.has_begun = true;
            found.running = unwanted.take();
        }
        let ended = state.take_ended();
        let is_last = state.closing && !state.has_to_wait();
        drop(state);
        // Not under our lock: to let go of a feed takes locks of delivery's, which may be held by who waits for ours.
        drop((unwanted, ended));
        if is_last {
            self.close(&restart());
        }
    }

    fn complete(&self, id: &str) {
        let mut state = self.state();
        let is_meant = |other: &&UnderWay| other.operation.is_live() && other.operation.id() == id;
        if let Some(completed) = state.operations.iter().find(is_meant) {
            completed.operation.complete();
        }
        let ended = state.take_ended();
        drop(state);
        drop(ended);
    }

    fn session(&self) -> Option<Arc<Session>> {
        self.state().session().cloned()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn session(&self) -> Option<&Arc<Session>> {
        match &self.whose {
            Whose::Nobodys(_) => None,
            Whose::Users { session, .. } => Some(session),
        }
    }

    /// Whether something has to be answered before the socket may be closed.
    fn has_to_wait(&self) -> bool {
        self.operations.iter().any(|other| other.operation.has_to_be_answered())
    }

    /// Takes out what has ended. To be dropped without the lock.
    fn take_ended(&mut self) -> Vec<UnderWay> {
        let has_ended = |other: &mut UnderWay| other.has_begun && !other.operation.is_live();
        self.operations.extract_if(.., has_ended).collect()
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        let operations = std::mem::take(&mut self.0.state().operations);
        for under_way in &operations {
            under_way.operation.complete();
        }
    }
}

impl Swept for Socket {
    fn sweep(&self, at: Moment) {
        let settings = &self.doors.settings;
        let blocked_for = self.channel.blocked_for();
        if blocked_for.is_some_and(|time| time >= settings.drain_timeout) {
            return self.channel.abort();
        }
        let mut state = self.state();
        let ended = state.take_ended();
        let close = match &state.whose {
            Whose::Nobodys(stranger) => {
                let waited = at.instant.duration_since(stranger.since);
                (waited >= settings.init_timeout)
                    .then(|| Close::new(code::INIT_TIMEOUT, "Connection initialisation timeout"))
            }
            Whose::Users { session, .. } => {
                session.has_ended(at.now).then(|| forbidden("the token has expired"))
            }
        };
        let health = match blocked_for {
            Some(_) => state.pulse.wait(),
            None => state.pulse.check(at.instant, self.channel.silent_for(), settings.ping_interval),
        };
        drop(state);
        drop(ended);
        match (close, health) {
            (Some(close), _) => self.close(&close),
            (None, Health::Dead) => self.channel.abort(),
            (None, Health::Unknown) => self.channel.ping(),
            (None, Health::Well) => {}
        }
    }

    fn shut_down(&self) {
        let mut state = self.state();
        state.closing = true;
        let has_to_wait = state.has_to_wait();
        drop(state);
        if !has_to_wait {
            self.close(&restart());
        }
    }
}

fn restart() -> Close {
    Close::new(code::SERVICE_RESTART, "the server restarts")
}
