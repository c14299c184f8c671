//! The thread that writes to every socket.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use bytes::{Bytes, BytesMut};

use super::Planted;
use super::session::Session;

/// What shares a write at most.
const SHARE: usize = 64;
/// Bytes of it at most.
const SHARED_BYTES: usize = 64 * 1024;

/// What the thread is told.
pub(super) enum Inbox {
    Join(Arc<Session>),
    Publish(Vec<Bytes>),
}

#[derive(Default)]
struct FanOut {
    sessions: Vec<Arc<Session>>,
    waiting: VecDeque<Bytes>,
    /// The number of the first of those.
    number: u64,
    planted: Planted,
}

/// Runs until nobody can tell it anything any more.
pub(super) fn run(inbox: &Receiver<Inbox>, planted: Planted) {
    let mut fan_out = FanOut { planted, ..FanOut::default() };
    while let Ok(message) = inbox.recv() {
        fan_out.take(message);
        while !fan_out.waiting.is_empty() {
            // What came meanwhile shares the next write.
            for message in inbox.try_iter() {
                fan_out.take(message);
            }
            fan_out.send();
        }
    }
}

impl FanOut {
    fn take(&mut self, message: Inbox) {
        match message {
            Inbox::Join(session) => self.sessions.push(session),
            Inbox::Publish(frames) => self.waiting.extend(frames),
        }
    }

    fn send(&mut self) {
        let mut room = SHARED_BYTES;
        let fits = self.waiting.iter().take(SHARE).take_while(|frame| {
            let fits = frame.len() <= room;
            room = room.saturating_sub(frame.len());
            fits
        });
        // One that is too long for any company goes alone.
        let count = fits.count().max(1);
        let frames: Vec<Bytes> = self.waiting.drain(..count).collect();
        let first = self.number;
        self.number += frames.len() as u64;
        let everyones = joined(&frames);
        let mut sessions = self.sessions.iter();
        if self.planted.is_in(first..self.number)
            && let Some(session) = sessions.next()
        {
            session.send(&joined(&self.planted.spoil(first, &frames)));
        }
        let mut any_gone = false;
        for session in sessions {
            session.send(&everyones);
            any_gone |= session.is_gone();
        }
        if any_gone {
            self.sessions.retain(|session| !session.is_gone());
        }
    }
}

impl Planted {
    fn is_in(&self, numbers: std::ops::Range<u64>) -> bool {
        [self.lose, self.double].into_iter().flatten().any(|number| numbers.contains(&number))
    }

    fn spoil(&self, first: u64, frames: &[Bytes]) -> Vec<Bytes> {
        let numbered = (first..).zip(frames);
        let times = |number| match Some(number) {
            lost if lost == self.lose => 0,
            double if double == self.double => 2,
            _ => 1,
        };
        numbered.flat_map(|(number, frame)| std::iter::repeat_n(frame.clone(), times(number))).collect()
    }
}

fn joined(frames: &[Bytes]) -> Bytes {
    if let [only] = frames {
        return only.clone();
    }
    let mut bytes = BytesMut::with_capacity(frames.iter().map(Bytes::len).sum());
    for frame in frames {
        bytes.extend_from_slice(frame);
    }
    bytes.freeze()
}
