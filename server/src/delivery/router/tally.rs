//! What a thread delivers of one batch, counted in plain numbers of its own.

use std::sync::Arc;

use super::batch::MOST;
use crate::delivery::Figures;
use crate::domain::entry::Entry;

/// Subscribers between two looks at the clock, which costs more than all else here.
const SUBSCRIBERS: u32 = 32;

/// What a thread delivers of one batch. Tells the figures now and then, and when it is dropped.
pub(super) struct Tally<'b> {
    figures: &'b Figures,
    batch: &'b [Arc<Entry>],
    /// How many have taken each entry since the figures were told.
    taken: [u32; MOST],
    subscribers: u32,
}

impl<'b> Tally<'b> {
    /// Of a batch of at most [`MOST`] entries.
    pub(super) fn new(figures: &'b Figures, batch: &'b [Arc<Entry>]) -> Self {
        Self { figures, batch, taken: [0; MOST], subscribers: 0 }
    }

    /// A subscriber has taken these entries of the batch.
    pub(super) fn add(&mut self, entries: &[usize]) {
        for entry in entries {
            self.taken[*entry] += 1;
        }
        self.subscribers += 1;
        if self.subscribers == SUBSCRIBERS {
            self.tell();
        }
    }

    fn tell(&mut self) {
        let taken = self.batch.iter().zip(self.taken).filter(|(_, times)| *times > 0);
        self.figures.deliver(taken);
        (self.taken, self.subscribers) = ([0; MOST], 0);
    }
}

impl Drop for Tally<'_> {
    fn drop(&mut self) {
        if self.subscribers > 0 {
            self.tell();
        }
    }
}
