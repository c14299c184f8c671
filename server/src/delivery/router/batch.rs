//! The entries that share their writes, as each selection has them.

mod mask;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use slab::Slab;

use crate::delivery::sink::MOST_BYTES;
use crate::delivery::{Encoded, FeedEvent, Shape};
use crate::domain::entry::{Change, Entry};
use crate::domain::visibility::Told;

use self::mask::Mask;

pub(super) use self::mask::MOST;

/// The selections that a thread's subscribers ask for.
#[derive(Default)]
pub(super) struct Shapes {
    asked: Slab<Asked>,
    by_id: HashMap<u64, usize>,
    /// Those that somebody wants something of this batch in.
    active: Vec<usize>,
}

struct Asked {
    shape: Arc<dyn Shape>,
    subscribers: usize,
    /// What of the batch somebody is to be told: aloud, and silently.
    wanted: [Mask; 2],
    /// Each entry, aloud and silently, where it is wanted so.
    encoded: Vec<[Option<Encoded>; 2]>,
}

impl Shapes {
    /// One more asks for this.
    pub(super) fn enter(&mut self, shape: &Arc<dyn Shape>) -> usize {
        let asked = &mut self.asked;
        let key = *self.by_id.entry(shape.id()).or_insert_with(|| {
            let shape = Arc::clone(shape);
            asked.insert(Asked { shape, subscribers: 0, wanted: Default::default(), encoded: Vec::new() })
        });
        self.asked[key].subscribers += 1;
        key
    }

    /// One fewer asks for this.
    pub(super) fn leave(&mut self, key: usize) {
        let asked = &mut self.asked[key];
        asked.subscribers -= 1;
        if asked.subscribers == 0 {
            let asked = self.asked.remove(key);
            self.by_id.remove(&asked.shape.id());
        }
    }

    /// Somebody is to be told these.
    pub(super) fn want(&mut self, key: usize, part: &Part) {
        let asked = &mut self.asked[key];
        if asked.wanted.iter().all(Mask::is_empty) {
            self.active.push(key);
        }
        asked.wanted[0].add(&part.entries.without(&part.silent));
        asked.wanted[1].add(&part.silent);
    }

    /// Executes each entry once for each selection that somebody wants it in, and once more where some are told silently.
    pub(super) async fn encode(&mut self, batch: &[Arc<Entry>]) {
        for key in &self.active {
            let asked = &mut self.asked[*key];
            for (place, entry) in batch.iter().enumerate() {
                let mut encoded = [None, None];
                for (silent, encoded) in [false, true].into_iter().zip(&mut encoded) {
                    let wanted = asked.wanted[usize::from(silent)].has(place);
                    let event = wanted.then(|| FeedEvent::of(told(&entry.change, silent), entry, false));
                    if let Some(event) = event.flatten() {
                        *encoded = Some(asked.shape.encode(&event).await);
                    }
                }
                asked.encoded.push(encoded);
            }
        }
    }

    /// Whether something of this batch is wanted in more than one selection.
    pub(super) fn are_several(&self) -> bool {
        self.active.len() > 1
    }

    /// What this part of the batch is in this selection, in order, in pieces that share a write.
    pub(super) fn pieces(&self, key: usize, part: &Part) -> Pieces<'_> {
        let mut pieces = Pieces::default();
        let mut bytes = 0;
        let encoded = &self.asked[key].encoded;
        for (place, encoded) in encoded.iter().enumerate() {
            if !part.entries.has(place) {
                continue;
            }
            let Some(encoded) = &encoded[usize::from(part.silent.has(place))] else { continue };
            bytes += encoded.payload.len();
            if bytes > MOST_BYTES && !pieces.events.is_empty() {
                pieces.ends.push(pieces.events.len());
                bytes = encoded.payload.len();
            }
            pieces.events.push(encoded);
            pieces.places.push(place);
        }
        pieces.ends.push(pieces.events.len());
        pieces
    }

    /// Lets go of what was encoded.
    pub(super) fn clear(&mut self) {
        for key in self.active.drain(..) {
            let asked = &mut self.asked[key];
            asked.encoded.clear();
            asked.wanted = Default::default();
        }
    }
}

/// What of a batch one subscriber is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    entries: Mask,
    /// Those of them that make no sound.
    silent: Mask,
}

impl Part {
    /// Whether some of it makes no sound.
    pub(super) fn is_silent(&self) -> bool {
        !self.silent.is_empty()
    }

    /// They are told the entry at this place.
    pub(super) fn add(&mut self, place: usize, told: Told) {
        self.entries.set(place);
        if told == (Told::Added { silent: true }) {
            self.silent.set(place);
        }
    }
}

/// Events for one selection, cut into pieces that share a write.
#[derive(Default)]
pub(super) struct Pieces<'s> {
    pub(super) events: Vec<&'s Encoded>,
    /// Which entry of the batch each is.
    pub(super) places: Vec<usize>,
    /// Where each piece ends.
    ends: Vec<usize>,
}

impl Pieces<'_> {
    /// The events of one piece; none behind the last.
    pub(super) fn piece(&self, number: usize) -> Option<Range<usize>> {
        let end = *self.ends.get(number)?;
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(begin..end)
    }
}

/// What an entry tells those whom it tells anything, as
/// [`Scope::hear`](crate::domain::visibility::Scope::hear) says.
fn told(change: &Change, silent: bool) -> Told {
    match change {
        Change::Added(_) => Told::Added { silent },
        Change::Recalled(_) => Told::Recalled,
        _ => Told::ViewerChanged,
    }
}
