//! What can be taken back, the last first. How is the screen's to know that did it: here is what it called it, and by
//! which ticket it will remember it.

use std::collections::VecDeque;

use crate::{message::Ticket, screens::Tab};

/// So many actions can be taken back; screens may forget what is older.
const DEPTH: usize = 50;

/// What can be taken back.
#[derive(Debug, Default)]
pub struct Undo {
    done: VecDeque<Done>,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Which screen did it.
    pub tab: Tab,
    /// Which of its actions it was.
    pub ticket: Ticket,
    /// What it was, as in "took back: marked 3 as read".
    pub what: String,
}

impl Undo {
    /// Something was done that can be taken back.
    pub fn push(&mut self, tab: Tab, ticket: Ticket, what: impl Into<String>) {
        self.done.push_back(Done { tab, ticket, what: what.into() });
        if self.done.len() > DEPTH {
            self.done.pop_front();
        }
    }

    /// It was refused after all, or cannot be taken back any more.
    pub fn forget(&mut self, ticket: Ticket) {
        self.done.retain(|done| done.ticket != ticket);
    }

    /// The last, to be taken back now.
    pub fn pop(&mut self) -> Option<Done> {
        self.done.pop_back()
    }

    /// There is nothing.
    pub fn is_empty(&self) -> bool {
        self.done.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_is_the_first_to_be_taken_back_and_the_oldest_is_forgotten() {
        let mut undo = Undo::default();
        for ticket in 0..60 {
            undo.push(Tab::Feed, ticket, "marked one as read");
        }
        undo.forget(58);
        let tickets: Vec<_> = std::iter::from_fn(|| undo.pop().map(|done| done.ticket)).collect();
        assert_eq!((tickets.len(), tickets[0], tickets[1], tickets[48]), (49, 59, 57, 10));
        assert!(undo.is_empty());
    }
}
