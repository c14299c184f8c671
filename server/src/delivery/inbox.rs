//! What a subscriber is to be told of their receipts: held back until the notifications that it is about have been told,
//! since "read" must not overtake "added".

use std::collections::VecDeque;
use std::sync::Arc;

use crate::domain::id::Seq;
use crate::domain::receipts::{ReceiptChange, ReceiptHint};

/// Hints that are kept word by word; of more, only that there were some.
const KEPT: usize = 16;

/// Hints that one subscriber has yet to be told.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    hints: VecDeque<Arc<ReceiptHint>>,
    /// The newest of those that were not kept.
    lost: Option<i64>,
}

/// One change, or that everything has to be fetched anew (`None`).
pub(super) type Due = (i64, Option<ReceiptChange>);

impl Inbox {
    pub(super) fn put(&mut self, hint: Arc<ReceiptHint>) {
        if self.hints.len() < KEPT && self.lost.is_none() {
            self.hints.push_back(hint);
            return;
        }
        let newest = self.hints.drain(..).map(|hint| hint.revision).chain([hint.revision]).max();
        self.lost = self.lost.max(newest);
    }

    /// Whether something can be told to who has had everything up to `position`.
    pub(super) fn has_due(&self, position: Seq) -> bool {
        self.lost.is_some() || self.hints.front().is_some_and(|hint| last_position(&hint.change) <= position)
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.lost.is_none() && self.hints.is_empty()
    }

    /// Takes the next of what can be told.
    pub(super) fn take_due(&mut self, position: Seq) -> Option<Due> {
        if !self.has_due(position) {
            return None;
        }
        if let Some(newest) = self.lost.take() {
            return Some((newest, None));
        }
        self.hints.pop_front().map(|hint| (hint.revision, Some(hint.change.clone())))
    }
}

fn last_position(change: &ReceiptChange) -> Seq {
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
