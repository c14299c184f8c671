//! Reading: at once on the screen, and undone there if the server says no.

use chrono::{DateTime, Utc};

use super::{Triage, exchange, inbox::Filter};
use crate::{
    action::Action,
    effect::Effect,
    message::Ticket,
    model::{count::Count, fault::Fault, notification::NotificationId, shared::Shared},
};

/// A change under way, and what it takes to undo it.
#[derive(Debug)]
pub struct Receipt {
    ticket: Ticket,
    /// What each was before.
    before: Vec<(NotificationId, Option<DateTime<Utc>>)>,
    unread_before: Option<Count>,
}

impl Triage {
    /// Marks the selected one; after reading, the selection moves on to the next.
    pub(super) fn mark(&mut self, shared: &mut Shared, read: bool) -> Vec<Effect> {
        let Some(id) = self.inbox.selected().map(|notification| notification.id.clone()) else {
            return Vec::new();
        };
        let unread_before = shared.unread;
        let Some(before) = self.inbox.set_read(&id, read.then_some(shared.now)) else {
            if read {
                self.advance(shared);
            }
            return Vec::new();
        };
        shared.unread = shared.unread.map(|unread| unread.plus(if read { -1 } else { 1 }));
        let ticket = self.remember(shared, vec![(id.clone(), before)], unread_before);
        if read {
            self.advance(shared);
        }
        vec![exchange::Effect::Mark { tab: self.tab, ticket, ids: vec![id], read }.into()]
    }

    /// On to the next: among the unread it has come up by itself.
    fn advance(&mut self, shared: &Shared) {
        if self.inbox.filter == Filter::All {
            return self.select(shared, Action::Down);
        }
        self.inbox.selection.following = false;
        self.detail_scroll = 0;
    }

    /// Marks everything as read, up to the newest that is shown.
    pub(super) fn mark_all(&mut self, shared: &mut Shared) -> Vec<Effect> {
        let Some(through) = self.inbox.shown().get(0).cloned() else {
            return Vec::new();
        };
        let newest = self.inbox.listing(Filter::All).get(0) == Some(&through);
        let unread_before = shared.unread;
        let mut before = Vec::new();
        let unread: Vec<_> = self.inbox.from(&through).unwrap_or_default();
        let shown: Vec<_> = self.inbox.shown().iter().cloned().collect();
        for id in unread.into_iter().chain(shown) {
            if let Some(was) = self.inbox.set_read(&id, Some(shared.now)) {
                before.push((id, was));
            }
        }
        shared.unread = if newest {
            Some(Count { count: 0, at_least: false })
        } else {
            let gone = i64::try_from(before.len()).unwrap_or(i64::MAX);
            shared.unread.map(|unread| unread.plus(-gone))
        };
        let ticket = self.remember(shared, before, unread_before);
        vec![exchange::Effect::MarkAllRead { tab: self.tab, ticket, through }.into()]
    }

    /// The network answers. Says whether a change was refused: it is undone here, and what happened meanwhile is to be
    /// asked for.
    pub fn receive(&mut self, shared: &mut Shared, signal: exchange::Signal) -> bool {
        let exchange::Signal::Changed { ticket, result, .. } = signal;
        self.changed(shared, ticket, result)
    }

    fn changed(&mut self, shared: &mut Shared, ticket: Ticket, result: Result<Count, Fault>) -> bool {
        let Some(index) = self.receipts.iter().position(|receipt| receipt.ticket == ticket) else {
            return false;
        };
        let receipt = self.receipts.remove(index);
        match result {
            // While others are under way, the screen is ahead of the server.
            Ok(unread) if self.receipts.is_empty() => shared.unread = Some(unread),
            Ok(_) => {}
            Err(fault) => {
                for (id, read_at) in receipt.before {
                    self.inbox.set_read(&id, read_at);
                }
                shared.unread = receipt.unread_before;
                shared.complain(format!("failed to mark: {fault}"));
                return true;
            }
        }
        false
    }

    fn remember(
        &mut self,
        shared: &mut Shared,
        before: Vec<(NotificationId, Option<DateTime<Utc>>)>,
        unread_before: Option<Count>,
    ) -> Ticket {
        let ticket = shared.ticket();
        self.receipts.push(Receipt { ticket, before, unread_before });
        ticket
    }
}
