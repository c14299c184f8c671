//! Marking: several notifications, for what is done next.

use std::{collections::HashSet, ops::RangeInclusive};

use super::{Triage, inbox::Inbox};
use crate::{action::Action, model::notification::NotificationId, model::shared::Shared};

/// What is marked: one by one, and from one to the selected.
#[derive(Debug, Default)]
pub struct Marks {
    ids: HashSet<NotificationId>,
    /// Where the stretch begins that ends at the selected one.
    anchor: Option<NotificationId>,
}

impl Marks {
    /// Nothing is marked.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.anchor.is_none()
    }

    /// A stretch is being marked.
    pub fn is_stretching(&self) -> bool {
        self.anchor.is_some()
    }

    /// The rows from where the stretch begins to the selected one.
    pub fn stretch(&self, inbox: &Inbox) -> Option<RangeInclusive<usize>> {
        let begin = inbox.shown().position(self.anchor.as_ref()?)?;
        let end = inbox.selection.index;
        Some(begin.min(end)..=begin.max(end))
    }

    /// Whether one is marked by itself.
    pub fn has(&self, id: &NotificationId) -> bool {
        self.ids.contains(id)
    }

    /// Those marked that are shown, in the order of the list.
    pub fn shown(&self, inbox: &Inbox) -> Vec<NotificationId> {
        if self.is_empty() {
            return Vec::new();
        }
        let stretch = self.stretch(inbox);
        let marked = |row: usize, id: &NotificationId| {
            self.has(id) || stretch.as_ref().is_some_and(|stretch| stretch.contains(&row))
        };
        let rows = inbox.shown().iter().enumerate();
        rows.filter(|(row, id)| marked(*row, id)).map(|(_, id)| id.clone()).collect()
    }

    /// How many are marked and shown.
    pub fn count(&self, inbox: &Inbox) -> usize {
        let alone = self.ids.iter().filter(|id| inbox.shown().contains(id)).count();
        let stretched = self.stretch(inbox).into_iter().flatten();
        let new = stretched.filter_map(|row| inbox.shown().get(row)).filter(|id| !self.has(id)).count();
        alone + new
    }

    /// Nothing is marked any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Triage {
    /// Marks the selected one, or not; and on to the next.
    pub(super) fn toggle_mark(&mut self, shared: &Shared) {
        let Some(id) = self.inbox.selected().map(|notification| notification.id.clone()) else {
            return;
        };
        if !self.marks.ids.remove(&id) {
            self.marks.ids.insert(id);
        }
        self.select(shared, Action::Down);
    }

    /// Begins a stretch at the selected one; ends it there, so that another one can begin.
    pub(super) fn mark_range(&mut self) {
        if self.marks.is_stretching() {
            self.end_range();
        } else {
            self.marks.anchor = self.inbox.selected().map(|notification| notification.id.clone());
            // What arrives meanwhile is not to join it.
            self.inbox.selection.following = false;
        }
    }

    /// Marks what the stretch covers as it is now, before the rows are others.
    pub(super) fn end_range(&mut self) {
        if self.marks.is_stretching() {
            self.marks.ids = self.marks.shown(&self.inbox).into_iter().collect();
            self.marks.anchor = None;
        }
    }

    /// Marks all that are shown; none, where all are.
    pub(super) fn mark_shown(&mut self) {
        let all: HashSet<_> = self.inbox.shown().iter().cloned().collect();
        self.marks.anchor = None;
        self.marks.ids = if self.marks.ids.is_superset(&all) { HashSet::new() } else { all };
    }
}
