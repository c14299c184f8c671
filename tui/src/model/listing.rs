//! An order of notifications, newest first: live ones join on top, older pages below.
//!
//! It holds names only, and always in the server's own order: it sorts by nothing.

use std::collections::{HashSet, VecDeque};

use super::notification::NotificationId;

/// A stretch of the history without gaps, from the newest down to where it has been fetched.
#[derive(Debug, Default)]
pub struct Listing {
    ids: VecDeque<NotificationId>,
    known: HashSet<NotificationId>,
    /// Those that arrived since a fresh first page was asked for: they may be newer than it.
    arrived: Vec<NotificationId>,
    /// Where the next page begins; none before the first, and after the last.
    pub end: Option<String>,
    /// A page is on its way.
    pub fetching: bool,
}

impl Listing {
    /// How many.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// None at all.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The one at a place, from the top.
    pub fn get(&self, index: usize) -> Option<&NotificationId> {
        self.ids.get(index)
    }

    /// Where one is, from the top.
    pub fn position(&self, id: &NotificationId) -> Option<usize> {
        if !self.known.contains(id) {
            return None;
        }
        // What is pushed out of a full list is the last: nothing is looked through for it.
        if self.ids.back() == Some(id) {
            return Some(self.ids.len() - 1);
        }
        self.ids.iter().position(|other| other == id)
    }

    /// Whether one is among them.
    pub fn contains(&self, id: &NotificationId) -> bool {
        self.known.contains(id)
    }

    /// Takes out the oldest, if there are more than so many. What is below it is then not read either: it would be a gap.
    pub fn pop_beyond(&mut self, capacity: usize) -> Option<NotificationId> {
        if self.ids.len() <= capacity {
            return None;
        }
        self.end = None;
        let id = self.ids.pop_back()?;
        self.known.remove(&id);
        Some(id)
    }

    /// Puts one in behind all those that belong before it, in a list that is so ordered. Says where it went; nowhere, if
    /// it is here already.
    pub fn place(
        &mut self,
        id: &NotificationId,
        belongs_before: impl Fn(&NotificationId) -> bool,
    ) -> Option<usize> {
        if !self.known.insert(id.clone()) {
            return None;
        }
        let index = self.ids.partition_point(belongs_before);
        self.ids.insert(index, id.clone());
        Some(index)
    }

    /// All of them, newest first.
    pub fn iter(&self) -> impl Iterator<Item = &NotificationId> {
        self.ids.iter()
    }

    /// A live one: on top, unless it is here already. Says whether it was new.
    pub fn arrive(&mut self, id: &NotificationId) -> bool {
        if self.fetching {
            self.arrived.push(id.clone());
        }
        let new = self.known.insert(id.clone());
        if new {
            self.ids.push_front(id.clone());
        }
        new
    }

    /// An older page, below.
    pub fn append(&mut self, ids: Vec<NotificationId>, end: Option<String>) {
        for id in ids {
            if self.known.insert(id.clone()) {
                self.ids.push_back(id);
            }
        }
        self.settle(end);
    }

    /// A fresh first page instead of everything; only what arrived since it was asked for stays above it.
    pub fn replace(&mut self, page: &[NotificationId], end: Option<String>) {
        let on_page: HashSet<_> = page.iter().collect();
        let arrived =
            self.arrived.iter().rev().filter(|id| !on_page.contains(id) && self.known.contains(*id));
        let mut known = HashSet::new();
        let ids = arrived.chain(page).filter(|id| known.insert((*id).clone())).cloned().collect();
        (self.ids, self.known) = (ids, known);
        self.settle(end);
    }

    /// Puts one back where it belongs: above the first for which `is_older` holds. Beyond the last it belongs only if
    /// there is no older page to come. Says where it went.
    pub fn restore(
        &mut self,
        id: &NotificationId,
        is_older: impl Fn(&NotificationId) -> bool,
    ) -> Option<usize> {
        if self.known.contains(id) {
            return None;
        }
        let index = match self.ids.iter().position(is_older) {
            Some(index) => index,
            None if self.end.is_none() => self.ids.len(),
            None => return None,
        };
        self.known.insert(id.clone());
        self.ids.insert(index, id.clone());
        Some(index)
    }

    /// Takes one out, and says where it was.
    pub fn remove(&mut self, id: &NotificationId) -> Option<usize> {
        let index = self.position(id)?;
        self.known.remove(id);
        self.ids.remove(index);
        Some(index)
    }

    fn settle(&mut self, end: Option<String>) {
        self.end = end;
        self.fetching = false;
        self.arrived.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &str) -> Vec<NotificationId> {
        names.split_whitespace().map(NotificationId::from).collect()
    }

    fn shown(listing: &Listing) -> String {
        listing.iter().map(NotificationId::as_str).collect::<Vec<_>>().join(" ")
    }

    fn listing(names: &str) -> Listing {
        let mut listing = Listing::default();
        listing.replace(&ids(names), Some("end".into()));
        listing
    }

    #[test]
    fn arrivals_go_on_top_once_and_pages_below_once() {
        let mut listing = listing("n3 n2");
        assert!(listing.arrive(&"n4".into()));
        assert!(!listing.arrive(&"n3".into()));
        listing.append(ids("n2 n1"), None);
        assert_eq!(shown(&listing), "n4 n3 n2 n1");
        assert_eq!(listing.position(&"n1".into()), Some(3));
    }

    #[test]
    fn a_fresh_page_keeps_only_what_arrived_meanwhile() {
        let mut listing = listing("n3 n2");
        listing.fetching = true;
        for id in ["n4", "n5", "n6"] {
            listing.arrive(&id.into());
        }
        listing.replace(&ids("n5 n4 n3"), None);
        assert_eq!(shown(&listing), "n6 n5 n4 n3");
    }

    #[test]
    fn what_was_removed_meanwhile_does_not_come_back() {
        let mut listing = listing("n3");
        listing.fetching = true;
        listing.arrive(&"n4".into());
        listing.remove(&"n4".into());
        listing.replace(&ids("n3"), None);
        assert_eq!(shown(&listing), "n3");
    }

    #[test]
    fn restores_to_its_place_but_not_below_an_unknown_rest() {
        let mut listing = listing("n4 n2");
        assert_eq!(listing.restore(&"n3".into(), |other| other.as_str() < "n3"), Some(1));
        assert_eq!(listing.restore(&"n1".into(), |other| other.as_str() < "n1"), None);
        listing.end = None;
        assert_eq!(listing.restore(&"n1".into(), |other| other.as_str() < "n1"), Some(3));
        assert_eq!(shown(&listing), "n4 n3 n2 n1");
    }
}
