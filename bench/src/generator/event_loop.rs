//! The thread: waits for sockets that can be read, and for commands.

use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mio::{Events, Poll, Token};
use rustls::ClientConfig;

use super::socket::{Socket, Turn};
use super::tally::{Tally, lock};
use super::{Command, Opening, Plan};

/// The token of the waker; those of sockets are their places.
pub(super) const WAKE: Token = Token(usize::MAX);

/// One read takes no more than this, from whichever socket: it is the only buffer.
const BUFFER: usize = 256 * 1024;
const EVENTS: usize = 1024;

pub(super) struct EventLoop {
    poll: Poll,
    commands: Receiver<Command>,
    /// By their places, which nobody gets a second time.
    sockets: Vec<Option<Box<Socket>>>,
    crowds: Vec<Gathering>,
    buffer: Vec<u8>,
    /// Sockets that may have more than was read; epoll does not tell again.
    again: Vec<usize>,
}

/// A crowd, from within.
struct Gathering {
    address: SocketAddr,
    tls: Option<Arc<ClientConfig>>,
    at_once: usize,
    tally: Arc<Mutex<Tally>>,
    /// Those who have not come yet, the next one last.
    to_come: Vec<Plan>,
    opening: usize,
    /// The places of those who have.
    places: Vec<usize>,
    reads: bool,
}

impl EventLoop {
    pub(super) fn new(poll: Poll, commands: Receiver<Command>) -> Self {
        Self {
            poll,
            commands,
            sockets: Vec::new(),
            crowds: Vec::new(),
            buffer: vec![0; BUFFER],
            again: Vec::new(),
        }
    }

    pub(super) fn run(mut self) {
        let mut events = Events::with_capacity(EVENTS);
        loop {
            // The last handle may end without a word.
            let at_most = if self.again.is_empty() { Duration::from_secs(1) } else { Duration::ZERO };
            if self.poll.poll(&mut events, Some(at_most)).is_err() {
                // Interrupted by a signal.
                continue;
            }
            let again = std::mem::take(&mut self.again);
            for event in &events {
                if event.token() != WAKE {
                    self.serve(event.token().0);
                }
            }
            for place in again {
                self.serve(place);
            }
            if !self.obey() {
                return;
            }
            for crowd in 0..self.crowds.len() {
                self.gather(crowd);
            }
        }
    }

    /// Does what was commanded; false when nobody is there any more to command.
    fn obey(&mut self) -> bool {
        loop {
            match self.commands.try_recv() {
                Ok(Command::Open(opening, tally, number)) => {
                    // Whoever asked may have gone.
                    let _ = number.send(self.crowds.len());
                    self.crowds.push(Gathering::new(opening, tally));
                }
                Ok(Command::Read(crowd, reads)) => {
                    let crowd = &mut self.crowds[crowd];
                    crowd.reads = reads;
                    self.again.extend(&crowd.places);
                }
                Ok(Command::Close(crowd, cursors)) => {
                    let _ = cursors.send(self.close(crowd));
                }
                Err(TryRecvError::Empty) => return true,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
    }

    /// Lets more of a crowd come, as many as may at once.
    fn gather(&mut self, number: usize) {
        while let crowd = &mut self.crowds[number]
            && crowd.opening < crowd.at_once
            && let Some(plan) = crowd.to_come.pop()
        {
            let place = self.sockets.len();
            let connected = Socket::connect(crowd.address, crowd.tls.as_ref(), plan, number);
            let registered = connected.and_then(|mut socket| {
                socket.transport.register(self.poll.registry(), Token(place))?;
                Ok(Box::new(socket))
            });
            crowd.places.push(place);
            crowd.opening += usize::from(registered.is_ok());
            self.sockets.push(registered.inspect_err(|error| cut(&crowd.tally, error)).ok());
        }
    }

    /// Goes on with a socket that can be read or written.
    fn serve(&mut self, place: usize) {
        // It may have ended since.
        let Some(socket) = self.sockets[place].as_mut() else { return };
        let crowd = &mut self.crowds[socket.crowd];
        if !crowd.reads {
            return;
        }
        let was_opening = socket.is_opening();
        let turn = socket.write().and_then(|()| socket.read(&mut self.buffer, &crowd.tally));
        if was_opening && !(turn.is_ok() && socket.is_opening()) {
            crowd.opening -= 1;
        }
        match turn {
            Ok(Turn::Drained) => {}
            Ok(Turn::More) => self.again.push(place),
            Err(error) => {
                cut(&crowd.tally, &error);
                self.sockets[place] = None;
            }
        }
    }

    fn close(&mut self, crowd: usize) -> Vec<Option<String>> {
        let crowd = &mut self.crowds[crowd];
        crowd.to_come.clear();
        crowd.opening = 0;
        let places = std::mem::take(&mut crowd.places).into_iter();
        places.map(|place| self.sockets[place].take()?.take_cursor()).collect()
    }
}

impl Gathering {
    fn new(opening: Opening, tally: Arc<Mutex<Tally>>) -> Self {
        let Opening { address, tls, at_once, mut plans } = opening;
        plans.reverse();
        Self { address, tls, at_once, tally, to_come: plans, opening: 0, places: Vec::new(), reads: true }
    }
}

fn cut(tally: &Mutex<Tally>, error: &anyhow::Error) {
    let mut tally = lock(tally);
    tally.cut += 1;
    tally.trouble(format!("{error:#}"));
}
