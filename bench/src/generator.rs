//! The load generator: thousands of subscribed sockets on one thread with one read buffer, which look at each message just
//! long enough to see that it is the next one, and how long it took.
//!
//! [`Generator`] and [`Crowd`] are handles for tasks elsewhere; the thread is [`event_loop`], which asks each
//! [`socket`] to go on when there is something to read.

mod crowd;
mod event_loop;
mod socket;
mod tally;
mod transport;

use std::net::SocketAddr;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::{Context as _, Result};
use mio::{Poll, Waker};
use tokio::sync::oneshot;

use crate::audience::Audience;
pub use crowd::Crowd;
use event_loop::EventLoop;
pub use tally::{Faults, Tally};

/// The thread. It ends with the last handle.
#[derive(Clone)]
pub struct Generator {
    commands: Sender<Command>,
    waker: Arc<Waker>,
}

/// A crowd to be opened: sockets that are looked at together.
pub struct Opening {
    /// The server.
    pub address: SocketAddr,
    /// Over TLS, as this says.
    pub tls: Option<Arc<rustls::ClientConfig>>,
    /// How many may be about to subscribe at the same time.
    pub at_once: usize,
    /// Each socket.
    pub plans: Vec<Plan>,
}

/// A socket to be opened.
#[derive(Clone)]
pub struct Plan {
    /// Says who it is.
    pub token: String,
    /// The document that it subscribes with.
    pub document: Arc<str>,
    /// Whose notifications it expects, and no others.
    pub audience: Arc<Audience>,
    /// The number that it expects first.
    pub from: u32,
    /// Where it has left off.
    pub resume: Option<Resume>,
}

/// How a socket says where it has left off.
#[derive(Debug, Clone)]
pub enum Resume {
    /// As the operation's variable.
    After(String),
    /// In `connection_init`, as clients do that cannot change an operation.
    ResumeAfter(String),
}

impl Plan {
    /// A member of an audience from now on.
    pub fn new(token: String, document: &Arc<str>, audience: &Arc<Audience>) -> Self {
        let (document, audience) = (Arc::clone(document), Arc::clone(audience));
        Self { token, document, from: audience.published(), audience, resume: None }
    }
}

enum Command {
    /// A crowd gets the next number, from 0 on.
    Open(Opening, Arc<Mutex<Tally>>, oneshot::Sender<usize>),
    /// Whether a crowd reads what it is sent.
    Read(usize, bool),
    /// Ends all sockets of a crowd and gives the last cursors that they were told of, in the order of their plans.
    Close(usize, oneshot::Sender<Vec<Option<String>>>),
}

impl Generator {
    /// Starts the thread.
    pub fn start() -> Result<Self> {
        let poll = Poll::new().context("failed to make an epoll")?;
        let waker = Arc::new(Waker::new(poll.registry(), event_loop::WAKE)?);
        let (commands, received) = mpsc::channel();
        let event_loop = EventLoop::new(poll, received);
        thread::Builder::new().name("generator".into()).spawn(move || event_loop.run())?;
        Ok(Self { commands, waker })
    }

    /// Opens a crowd, and waits until each of its sockets has subscribed.
    ///
    /// # Errors
    ///
    /// Fails with the first trouble, and when nothing happens for a while.
    pub async fn open(&self, opening: Opening) -> Result<Crowd> {
        let crowd = self.begin(opening).await?;
        crowd.until_live().await?;
        Ok(crowd)
    }

    /// Opens a crowd without waiting.
    pub async fn begin(&self, opening: Opening) -> Result<Crowd> {
        let expected = opening.plans.iter().map(|plan| (Arc::clone(&plan.audience), plan.from)).collect();
        let (tally, (number, answer)) = (Arc::default(), oneshot::channel());
        self.command(Command::Open(opening, Arc::clone(&tally), number))?;
        let number = answer.await.context("the generator has ended")?;
        Ok(Crowd::new(self.clone(), number, tally, expected))
    }

    fn command(&self, command: Command) -> Result<()> {
        self.commands.send(command).ok().context("the generator has ended")?;
        Ok(self.waker.wake()?)
    }
}
