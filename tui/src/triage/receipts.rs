//! Changes: at once on the screen, undone there if the server says no, and taken back if the user wants.

use std::collections::VecDeque;

use super::{
    Triage,
    change::{Before, Change},
    exchange::{self, MOST},
    inbox::{Filter, Inbox},
};
use crate::{
    action::Action,
    effect::Effect,
    message::Ticket,
    model::{
        count::Count,
        fault::Fault,
        notification::{Notification, NotificationId},
        shared::Shared,
    },
};

/// So many changes are remembered: more than can be taken back, because those under way are among them.
const REMEMBERED: usize = 100;

/// The changes that were made here, the last one last.
#[derive(Debug, Default)]
pub struct Receipts {
    made: VecDeque<Receipt>,
}

/// A change that was made here.
#[derive(Debug)]
struct Receipt {
    change: Change,
    /// It takes another one back: that is not to be taken back in turn.
    is_undo: bool,
    /// What one call each has changed.
    parts: Vec<Part>,
}

/// What one call changes.
#[derive(Debug)]
struct Part {
    ticket: Ticket,
    changed: Vec<(NotificationId, Option<Before>)>,
    unread_before: Option<Count>,
    under_way: bool,
}

impl Receipts {
    /// The server has yet to answer: the screen is ahead of it.
    pub fn are_under_way(&self) -> bool {
        self.made.iter().flat_map(|receipt| &receipt.parts).any(|part| part.under_way)
    }

    /// The list is of something else now: what it showed is not to come back to it.
    pub fn detach(&mut self) {
        for part in self.made.iter_mut().flat_map(|receipt| &mut receipt.parts) {
            for (_, before) in &mut part.changed {
                *before = None;
            }
        }
    }

    fn keep(&mut self, receipt: Receipt) {
        self.made.push_back(receipt);
        if self.made.len() > REMEMBERED {
            self.made.pop_front();
        }
    }
}

impl Triage {
    /// Changes what is marked, or else the selected one; then the selection moves on to the next.
    pub(super) fn change(&mut self, shared: &mut Shared, change: Change) -> Vec<Effect> {
        let marked = !self.marks.is_empty();
        let selected = self.inbox.selected().map(|notification| notification.id.clone());
        let ids = if marked { self.marks.shown(&self.inbox) } else { selected.iter().cloned().collect() };
        let effects = self.change_these(shared, change, &ids);
        self.marks.clear();
        if marked && !effects.is_empty() {
            shared.say(change.said(ids.len()));
        }
        if selected.is_some()
            && self.inbox.selected().map(|notification| &notification.id) == selected.as_ref()
        {
            if !marked {
                self.select(shared, Action::Down);
            }
        } else {
            // The next one has come up by itself.
            self.inbox.selection.following = false;
            self.detail_scroll = 0;
        }
        effects
    }

    fn change_these(&mut self, shared: &mut Shared, change: Change, ids: &[NotificationId]) -> Vec<Effect> {
        let unread_before = shared.unread;
        let mut changed = Vec::new();
        for id in ids {
            if let Some((before, unread)) = change.apply(&mut self.inbox, id, shared.now) {
                shared.unread = shared.unread.map(|count| count.plus(unread));
                changed.push((id.clone(), Some(before)));
            }
        }
        self.send(shared, change, changed, unread_before, false)
    }

    /// Marks everything as read, up to the newest that is shown; where a text or a search says what is shown, only that.
    pub(super) fn mark_all(&mut self, shared: &mut Shared) -> Vec<Effect> {
        if self.is_a_part || self.inbox.narrow().text.is_shown() {
            let ids: Vec<_> = self.inbox.shown().iter().cloned().collect();
            return self.change_these(shared, Change::Read, &ids);
        }
        let Some(through) = self.inbox.listing(self.inbox.filter).get(0).cloned() else {
            return Vec::new();
        };
        let campus = self.inbox.narrow().campus.clone();
        let newest = self.inbox.listing(Filter::All).get(0) == Some(&through) && campus.is_none();
        let unread_before = shared.unread;
        let mut changed = Vec::new();
        let below = self.inbox.from(&through).unwrap_or_default();
        let listed: Vec<_> = self.inbox.listing(self.inbox.filter).iter().cloned().collect();
        for id in below.into_iter().chain(listed) {
            let meant = self.inbox.get(&id).is_some_and(|notification| {
                campus
                    .as_deref()
                    .is_none_or(|key| notification.campus.as_ref().is_some_and(|campus| campus.key == key))
            });
            if !meant {
                continue;
            }
            if let Some((before, unread)) = Change::Read.apply(&mut self.inbox, &id, shared.now) {
                shared.unread = shared.unread.map(|count| count.plus(unread));
                changed.push((id, Some(before)));
            }
        }
        if newest {
            shared.unread = Some(Count { count: 0, at_least: false });
        }
        let ticket = shared.ticket();
        if !changed.is_empty() {
            // Which others the server has marked is not known here.
            let is_all = unread_before.is_some_and(|before| {
                !before.at_least && usize::try_from(before.count).is_ok_and(|count| count <= changed.len())
            });
            let rest = if is_all { "" } else { ", of those loaded" };
            shared.undo.push(self.tab, ticket, format!("{}{rest}", Change::Read.said(changed.len())));
        }
        let part = Part { ticket, changed, unread_before, under_way: true };
        self.receipts.keep(Receipt { change: Change::Read, is_undo: false, parts: vec![part] });
        vec![exchange::Effect::MarkAllRead { tab: self.tab, ticket, through, campus }.into()]
    }

    /// Takes a change back.
    pub fn undo(&mut self, shared: &mut Shared, ticket: Ticket) -> Vec<Effect> {
        let is_it = |receipt: &Receipt| receipt.parts.first().is_some_and(|part| part.ticket == ticket);
        let Some(receipt) =
            self.receipts.made.iter().position(is_it).and_then(|at| self.receipts.made.remove(at))
        else {
            shared.complain("that is too long ago to be taken back");
            return Vec::new();
        };
        let unread_before = shared.unread;
        let change = receipt.change.opposite();
        // The last first, so that each comes back to where it was among the others.
        let mut changed: Vec<_> = receipt.parts.into_iter().flat_map(|part| part.changed).rev().collect();
        for (id, before) in &mut changed {
            let unread = |inbox: &Inbox| i64::from(inbox.get(id).is_some_and(Notification::is_unread));
            let was = unread(&self.inbox);
            *before = before.take().and_then(|before| before.restore(&mut self.inbox));
            let by = match change {
                Change::Read => -1,
                Change::Unread => 1,
                Change::Archive => -was,
                Change::Unarchive => unread(&self.inbox),
            };
            shared.unread = shared.unread.map(|count| count.plus(by));
        }
        let uppermost = changed.last().and_then(|(id, _)| self.inbox.shown().position(id));
        if let Some(row) = uppermost {
            self.go_to(shared, row);
        }
        self.send(shared, change, changed, unread_before, true)
    }

    /// Asks the server for what has been changed here, in calls that it takes.
    fn send(
        &mut self,
        shared: &mut Shared,
        change: Change,
        changed: Vec<(NotificationId, Option<Before>)>,
        unread_before: Option<Count>,
        is_undo: bool,
    ) -> Vec<Effect> {
        if changed.is_empty() {
            return Vec::new();
        }
        let count = changed.len();
        let mut parts = Vec::new();
        let mut effects = Vec::new();
        let mut rest = changed.into_iter().peekable();
        while rest.peek().is_some() {
            let changed: Vec<_> = rest.by_ref().take(MOST).collect();
            let ids = changed.iter().map(|(id, _)| id.clone()).collect();
            let ticket = shared.ticket();
            effects.push(exchange::Effect::Change { tab: self.tab, ticket, ids, change }.into());
            parts.push(Part { ticket, changed, unread_before, under_way: true });
        }
        if let (Some(part), false) = (parts.first(), is_undo) {
            shared.undo.push(self.tab, part.ticket, change.said(count));
        }
        self.receipts.keep(Receipt { change, is_undo, parts });
        effects
    }

    /// A change was answered. Says whether it was refused: then it is undone here.
    pub(super) fn changed(
        &mut self,
        shared: &mut Shared,
        ticket: Ticket,
        result: Result<Count, Fault>,
    ) -> bool {
        let made = &mut self.receipts.made;
        let Some((at, nth)) = made.iter().enumerate().find_map(|(at, receipt)| {
            Some((at, receipt.parts.iter().position(|part| part.ticket == ticket && part.under_way)?))
        }) else {
            return false;
        };
        let receipt = &mut made[at];
        receipt.parts[nth].under_way = false;
        let change = receipt.change;
        let refused = match result {
            Ok(unread) => {
                if receipt.is_undo && !receipt.parts.iter().any(|part| part.under_way) {
                    made.remove(at);
                }
                // While others are under way, the screen is ahead of the server.
                if !self.receipts.are_under_way() {
                    shared.unread = Some(unread);
                }
                return false;
            }
            Err(fault) => fault,
        };
        // The undo goes by the first part's ticket: that one stays, empty, as long as others have been done.
        let part = &mut receipt.parts[nth];
        let undone = std::mem::take(&mut part.changed);
        shared.unread = part.unread_before;
        if receipt.parts.iter().all(|part| part.changed.is_empty()) {
            let first = receipt.parts.first().map(|part| part.ticket);
            made.remove(at);
            if let Some(ticket) = first {
                shared.undo.forget(ticket);
            }
        }
        for before in undone.into_iter().rev().filter_map(|(_, before)| before) {
            before.restore(&mut self.inbox);
        }
        shared.complain(format!("failed to {}: {refused}", change.verb()));
        true
    }
}
