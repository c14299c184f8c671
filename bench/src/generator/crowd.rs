//! A handle to sockets that are looked at together.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use hdrhistogram::Histogram;
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::tally::{Faults, Tally, lock, no_latencies};
use super::{Command, Generator};
use crate::audience::Audience;

/// How often is looked whether something has happened.
const LOOK: Duration = Duration::from_millis(1);
/// How long nothing may happen before what is awaited is given up.
const PATIENCE: Duration = Duration::from_secs(20);

/// Sockets that were opened together.
pub struct Crowd {
    generator: Generator,
    number: usize,
    tally: Arc<Mutex<Tally>>,
    /// For each socket, the audience that it is in, and the first number that it expects.
    expected: Vec<(Arc<Audience>, u32)>,
}

impl Crowd {
    pub(super) fn new(
        generator: Generator,
        number: usize,
        tally: Arc<Mutex<Tally>>,
        expected: Vec<(Arc<Audience>, u32)>,
    ) -> Self {
        Self { generator, number, tally, expected }
    }

    /// Sockets.
    pub fn size(&self) -> usize {
        self.expected.len()
    }

    /// Looks at what has been received.
    pub fn look<T>(&self, look: impl FnOnce(&Tally) -> T) -> T {
        look(&lock(&self.tally))
    }

    /// Takes the latencies since the last time.
    pub fn take_latencies(&self) -> Histogram<u64> {
        std::mem::replace(&mut lock(&self.tally).latencies, no_latencies())
    }

    /// What all sockets together should have received when everything has come that was published.
    pub fn due(&self) -> u64 {
        let due = self.expected.iter().map(|(audience, from)| u64::from(audience.published() - from));
        due.sum()
    }

    /// Waits until all are live.
    pub async fn until_live(&self) -> Result<()> {
        let all_live = |tally: &Tally| tally.live == self.size() || tally.cut > 0;
        let live = self.wait(|tally| (tally.live, tally.received), all_live).await;
        self.look(|tally| {
            if live && tally.cut == 0 {
                return Ok(());
            }
            bail!("{} of {} sockets are live: {:?}", tally.live, self.size(), tally.troubles)
        })
    }

    /// Waits until everything has come, or nothing comes any more, or everyone has gone, and gives what is wrong then.
    pub async fn settle(&self) -> Faults {
        let settled = |tally: &Tally| tally.passed >= self.due() || tally.cut >= self.size() as u64;
        self.wait(|tally| tally.passed, settled).await;
        self.look(|tally| Faults {
            lost: self.due().saturating_sub(tally.received),
            doubled: tally.doubled,
            stray: tally.stray,
            cut: tally.cut,
            troubles: tally.troubles.clone(),
        })
    }

    /// Waits until `done`, as long as `progress` changes now and then; whether it is done.
    async fn wait<T: PartialEq>(
        &self,
        progress: impl Fn(&Tally) -> T,
        done: impl Fn(&Tally) -> bool,
    ) -> bool {
        let (mut last, mut changed) = (None, Instant::now());
        while changed.elapsed() < PATIENCE {
            let (now, done) = self.look(|tally| (Some(progress(tally)), done(tally)));
            if done {
                return true;
            }
            if now != last {
                (last, changed) = (now, Instant::now());
            }
            sleep(LOOK).await;
        }
        false
    }

    /// Stops to read what is sent, or goes on.
    pub fn read(&self, reads: bool) -> Result<()> {
        self.generator.command(Command::Read(self.number, reads))
    }

    /// Ends all sockets; gives the last cursor that each was told of.
    pub async fn close(self) -> Result<Vec<Option<String>>> {
        let (cursors, answer) = oneshot::channel();
        self.generator.command(Command::Close(self.number, cursors))?;
        answer.await.context("the generator has ended")
    }
}
