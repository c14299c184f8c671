//! What goes out of a connection, and in which order: frames are never mixed, and one that is begun is finished before
//! anything else. The channel holds a lock around this; nothing here waits.

use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::task::{Context, Waker};

use super::frame::{self, Opcode};
use crate::delivery::{Gone, Offer};

/// What a thread gathers frames in keeps at most this many bytes from one time to the next.
const SCRATCH: usize = 256 * 1024;

thread_local! {
    static GATHERED: Cell<Gathered> = Cell::default();
}

/// Takes bytes without waiting.
pub(super) trait Wire {
    /// Takes as many of `bytes` as there is room for; `WouldBlock` where there is none.
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize>;

    /// Passes on what it keeps of bytes that it took; `WouldBlock` where some of that is left.
    fn try_flush(&self) -> io::Result<()>;
}

/// Whether a connection takes more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Everything is out.
    Clear,
    /// Some went out, and it would block now.
    Moving,
    /// Nothing went out.
    Stuck,
}

/// How far a connection is from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Messages may be written.
    Open,
    /// A close frame is on its way, or out; nothing follows it.
    Closing { code: u16 },
    /// It is over.
    Gone { code: u16 },
}

/// The state of a connection's outward half.
pub(super) struct Outbox {
    /// Whole frames, but for the first: of that, the beginning has gone out. In use only where the network is slow.
    rest: Vec<u8>,
    /// How many of those bytes have gone out since.
    written: usize,
    /// Something would not go out.
    blocked: bool,
    phase: Phase,
    /// The task that finishes what is begun: the receiver's.
    driver: Option<Waker>,
}

impl Outbox {
    pub(super) fn new() -> Self {
        Self { rest: Vec::new(), written: 0, blocked: false, phase: Phase::Open, driver: None }
    }

    pub(super) fn phase(&self) -> Phase {
        self.phase
    }

    pub(super) fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// Writes as many texts as there is room for, each in its parts, with one write.
    pub(super) fn offer<'a>(
        &mut self,
        wire: &impl Wire,
        texts: impl Iterator<Item = [&'a [u8]; 3]>,
    ) -> (Offer, Stand) {
        if self.blocked {
            return (Offer::Full(0), Stand::Stuck);
        }
        let mut gathered = GATHERED.take();
        for text in texts {
            frame::push(&mut gathered.frames, Opcode::Text, &text);
            gathered.ends.push(gathered.frames.len());
        }
        let outcome = match gathered.ends.is_empty() {
            true => (Offer::Taken, Stand::Clear),
            false => self.write_gathered(wire, &gathered),
        };
        GATHERED.set(gathered.emptied());
        outcome
    }

    fn write_gathered(&mut self, wire: &impl Wire, gathered: &Gathered) -> (Offer, Stand) {
        let Gathered { frames, ends } = gathered;
        let written = match try_write(wire, frames) {
            Ok(written) => written,
            Err(Gone) => return (self.lose(), Stand::Clear),
        };
        let begun = ends.partition_point(|end| *end <= written);
        if begun == ends.len() {
            return match self.finish(wire) {
                Ok(Stand::Clear) => (Offer::Taken, Stand::Clear),
                Ok(stand) => (Offer::Full(begun), stand),
                Err(Gone) => (Offer::Gone, Stand::Clear),
            };
        }
        // The frames before this one are out, and those behind it are not taken.
        let border = if begun == 0 { 0 } else { ends[begun - 1] };
        let taken = if written > border {
            self.rest = frames[written..ends[begun]].to_vec();
            begun + 1
        } else {
            begun
        };
        self.block();
        (Offer::Full(taken), if written > 0 { Stand::Moving } else { Stand::Stuck })
    }

    /// Takes a frame, behind what is begun; as much of it as there is room for goes out at once.
    pub(super) fn push(&mut self, wire: &impl Wire, frame: Vec<u8>) -> Result<Stand, Gone> {
        if self.rest.is_empty() {
            self.rest = frame;
        } else {
            self.rest.extend_from_slice(&frame);
        }
        self.flush(wire)
    }

    /// Goes on with what is begun.
    pub(super) fn flush(&mut self, wire: &impl Wire) -> Result<Stand, Gone> {
        let mut stand = Stand::Stuck;
        while self.written < self.rest.len() {
            match try_write(wire, &self.rest[self.written..]) {
                Ok(0) => {
                    self.block();
                    return Ok(stand);
                }
                Ok(written) => {
                    self.written += written;
                    stand = Stand::Moving;
                }
                Err(Gone) => {
                    self.lose();
                    return Err(Gone);
                }
            }
        }
        (self.rest, self.written) = (Vec::new(), 0);
        self.finish(wire).map(|finished| if finished == Stand::Clear { finished } else { stand })
    }

    /// Nothing of ours is left; the wire may have something.
    fn finish(&mut self, wire: &impl Wire) -> Result<Stand, Gone> {
        match wire.try_flush() {
            Ok(()) => {
                self.blocked = false;
                Ok(Stand::Clear)
            }
            Err(error) if is_for_now(&error) => {
                self.block();
                Ok(Stand::Moving)
            }
            Err(_) => {
                self.lose();
                Err(Gone)
            }
        }
    }

    /// Ends it with a close frame, behind what is begun, unless it has ended.
    pub(super) fn close(&mut self, wire: &impl Wire, code: u16, frame: Vec<u8>) -> Result<Stand, Gone> {
        if !self.is_open() {
            return Err(Gone);
        }
        self.phase = Phase::Closing { code };
        self.wake();
        self.push(wire, frame)
    }

    /// Ends it at once. What is half-written stays so.
    pub(super) fn end(&mut self, code: u16) {
        self.phase = match self.phase {
            // The first close frame says how it ended.
            Phase::Closing { code } | Phase::Gone { code } => Phase::Gone { code },
            Phase::Open => Phase::Gone { code },
        };
        (self.rest, self.written, self.blocked) = (Vec::new(), 0, false);
        self.wake();
    }

    /// Has the task of `context` woken when there is something to finish.
    pub(super) fn drive_by(&mut self, context: &Context<'_>) {
        match &mut self.driver {
            Some(driver) => driver.clone_from(context.waker()),
            None => self.driver = Some(context.waker().clone()),
        }
    }

    pub(super) fn is_blocked(&self) -> bool {
        self.blocked
    }

    fn lose(&mut self) -> Offer {
        self.end(super::code::ABNORMAL);
        Offer::Gone
    }

    fn block(&mut self) {
        if !self.blocked {
            self.blocked = true;
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some(driver) = &self.driver {
            driver.wake_by_ref();
        }
    }
}

/// Frames that share a write, and where each ends.
#[derive(Default)]
struct Gathered {
    frames: Vec<u8>,
    ends: Vec<usize>,
}

impl Gathered {
    fn emptied(mut self) -> Self {
        self.frames.clear();
        self.frames.shrink_to(SCRATCH);
        self.ends.clear();
        self
    }
}

/// How many bytes were taken; none where there is no room.
fn try_write(wire: &impl Wire, bytes: &[u8]) -> Result<usize, Gone> {
    loop {
        return match wire.try_write(bytes) {
            Ok(0) if !bytes.is_empty() => Err(Gone),
            Ok(written) => Ok(written),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if is_for_now(&error) => Ok(0),
            Err(_) => Err(Gone),
        };
    }
}

fn is_for_now(error: &io::Error) -> bool {
    error.kind() == ErrorKind::WouldBlock
}
