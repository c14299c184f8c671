//! What a subscriber is to be told of their receipts: held back until the notifications that it is about have been told,
//! since "read" must not overtake "added".

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::id::Seq;
use crate::domain::receipts::{ReceiptChange, ReceiptHint};

/// Hints that are kept word by word.
const KEPT: usize = 16;

/// Hints that one subscriber has yet to be told.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    hints: VecDeque<Arc<ReceiptHint>>,
    /// Those that were not kept.
    lost: Option<Lost>,
}

/// Hints that are not told word by word: once who missed them has had everything that they are about, they are asked to
/// fetch anew. Any sooner, and what they fetched would be overwritten by older news.
#[derive(Debug, Clone, Copy)]
struct Lost {
    /// The newest of them.
    revision: i64,
    as_of: Seq,
}

/// One change, or that everything has to be fetched anew (`None`).
pub(super) type Due = (i64, Option<ReceiptChange>);

impl Inbox {
    pub(super) fn put(&mut self, hint: Arc<ReceiptHint>) {
        let is_unknown = hint.change.is_none();
        self.hints.push_back(hint);
        if is_unknown || self.hints.len() > KEPT || self.lost.is_some() {
            self.lose();
        }
    }

    /// Whether something can be told to who has had everything up to `position`.
    pub(super) fn has_due(&self, position: Seq) -> bool {
        match self.lost {
            Some(lost) => lost.as_of <= position,
            None => self.hints.front().is_some_and(|hint| last_position(hint) <= position),
        }
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.lost.is_none() && self.hints.is_empty()
    }

    /// Takes the next of what can be told to who has had everything up to `position`, and knows of their receipts up to
    /// `revision`.
    pub(super) fn take_due(&mut self, position: Seq, revision: i64) -> Option<Due> {
        // What they fetched includes these.
        self.lost = self.lost.filter(|lost| lost.revision > revision);
        while self.hints.pop_front_if(|hint| hint.revision <= revision).is_some() {}
        // Two changes at once may be told in the wrong order: what lies between is asked for.
        if self.hints.front().is_some_and(|hint| hint.revision > revision + 1) {
            self.lose();
        }
        if !self.has_due(position) {
            return None;
        }
        if let Some(lost) = self.lost.take() {
            return Some((lost.revision, None));
        }
        self.hints.pop_front().map(|hint| (hint.revision, hint.change.clone()))
    }

    /// Keeps of every hint only that it was there.
    fn lose(&mut self) {
        let before = self.lost.map(|lost| (lost.revision, lost.as_of));
        let all = self.hints.drain(..).map(|hint| (hint.revision, hint.as_of)).chain(before);
        self.lost = all.max().map(|(revision, as_of)| Lost { revision, as_of });
    }
}

fn last_position(hint: &ReceiptHint) -> Seq {
    let Some(change) = &hint.change else { return hint.as_of };
    match change {
        ReceiptChange::Read { notifications, .. } => {
            notifications.iter().map(|(seq, _)| *seq).max().unwrap_or_default()
        }
        ReceiptChange::Archived { notifications, .. } => {
            notifications.iter().copied().max().unwrap_or_default()
        }
        ReceiptChange::ReadThrough { through, .. } | ReceiptChange::Seen { through } => *through,
    }
}
