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
    /// The page that is on its way.
    coming: Coming,
}

/// The page that is on its way. There is never more than one that will be taken: answers come in any order, and what
/// arrived since one was asked for is not on another that was read before.
#[derive(Debug, Default, PartialEq, Eq)]
enum Coming {
    #[default]
    Nothing,
    /// The one below what is known, from its end as it was.
    Older(String),
    /// A fresh first one; once it is here it may be out of date already.
    Fresh { again: bool },
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

    /// A page is on its way.
    pub fn is_fetching(&self) -> bool {
        self.coming != Coming::Nothing
    }

    /// A fresh first page is on its way.
    pub fn awaits_fresh(&self) -> bool {
        matches!(self.coming, Coming::Fresh { .. })
    }

    /// Whether a fresh first page is to be asked for now; where one is on its way, another follows it. An older one
    /// that is on its way is of no use then.
    pub fn ask_fresh(&mut self) -> bool {
        let now = !self.awaits_fresh();
        self.coming = Coming::Fresh { again: !now };
        if now {
            self.arrived.clear();
        }
        now
    }

    /// Where an older page is to be asked for from, if there is one and none is on its way.
    pub fn ask_older(&mut self) -> Option<String> {
        let end = self.end.as_ref().filter(|_| self.coming == Coming::Nothing)?.clone();
        self.coming = Coming::Older(end.clone());
        Some(end)
    }

    /// A page was not to be had: the first, without `after`.
    pub fn failed(&mut self, after: Option<&str>) {
        let is_it = match (&self.coming, after) {
            (Coming::Older(from), Some(after)) => from == after,
            (Coming::Fresh { .. }, None) => true,
            _ => false,
        };
        if is_it {
            self.nothing_comes();
        }
    }

    /// Whatever page was on its way will not come.
    pub fn nothing_comes(&mut self) {
        self.coming = Coming::Nothing;
    }

    /// A live one: on top, unless it is here already. Says whether it was new.
    pub fn arrive(&mut self, id: &NotificationId) -> bool {
        if self.awaits_fresh() {
            self.arrived.push(id.clone());
        }
        let new = self.known.insert(id.clone());
        if new {
            self.ids.push_front(id.clone());
        }
        new
    }

    /// Whether the older page that was asked for from `after` and is here now belongs below. One that does not would
    /// leave a gap.
    pub fn takes(&mut self, after: &str) -> bool {
        let is_it = matches!(&self.coming, Coming::Older(from) if from == after);
        if is_it {
            self.nothing_comes();
        }
        is_it && self.end.as_deref() == Some(after)
    }

    /// An older page, below.
    pub fn append(&mut self, ids: Vec<NotificationId>, end: Option<String>) {
        for id in ids {
            if self.known.insert(id.clone()) {
                self.ids.push_back(id);
            }
        }
        self.end = end;
    }

    /// Others instead of everything, until the page that is on its way is here.
    pub fn hold(&mut self, ids: Vec<NotificationId>) {
        self.known = ids.iter().cloned().collect();
        (self.ids, self.end) = (ids.into(), None);
    }

    /// A fresh first page instead of everything; only what arrived since it was asked for stays above it. Says whether
    /// another was wanted meanwhile.
    pub fn replace(&mut self, page: &[NotificationId], end: Option<String>) -> bool {
        let on_page: HashSet<_> = page.iter().collect();
        let arrived =
            self.arrived.iter().rev().filter(|id| !on_page.contains(id) && self.known.contains(*id));
        let mut known = HashSet::new();
        let ids = arrived.chain(page).filter(|id| known.insert((*id).clone())).cloned().collect();
        (self.ids, self.known, self.end) = (ids, known, end);
        self.arrived.clear();
        std::mem::take(&mut self.coming) == Coming::Fresh { again: true }
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
        assert_eq!(listing.ask_older().as_deref(), Some("end"));
        assert!(listing.takes("end"));
        listing.append(ids("n2 n1"), None);
        assert_eq!(shown(&listing), "n4 n3 n2 n1");
        assert_eq!(listing.position(&"n1".into()), Some(3));
    }

    #[test]
    fn a_fresh_page_keeps_only_what_arrived_meanwhile() {
        let mut listing = listing("n3 n2");
        assert!(listing.ask_fresh());
        for id in ["n4", "n5", "n6"] {
            listing.arrive(&id.into());
        }
        listing.replace(&ids("n5 n4 n3"), None);
        assert_eq!(shown(&listing), "n6 n5 n4 n3");
    }

    #[test]
    fn of_two_fresh_pages_the_second_is_asked_for_after_the_first() {
        let mut listing = listing("n3");
        assert!(listing.ask_fresh());
        assert!(!listing.ask_fresh(), "one that is read before what arrives now would take it away");
        listing.arrive(&"n4".into());
        assert!(listing.replace(&ids("n3"), None), "the second is wanted");
        assert!(listing.ask_fresh());
        listing.arrive(&"n5".into());
        assert!(!listing.replace(&ids("n4 n3"), None));
        assert_eq!(shown(&listing), "n5 n4 n3");
    }

    #[test]
    fn an_older_page_does_not_stand_below_another_list() {
        let mut listing = listing("n9");
        assert_eq!(listing.ask_older().as_deref(), Some("end"));
        assert!(listing.ask_fresh());
        listing.arrive(&"n12".into());
        // The answer to the older one comes before that to the fresh one, or behind it.
        assert!(!listing.takes("end"));
        listing.failed(Some("end"));
        listing.replace(&ids("n11 n10"), Some("n10".into()));
        assert_eq!(listing.ask_older().as_deref(), Some("n10"));
        assert!(!listing.takes("end"));
        assert_eq!(shown(&listing), "n12 n11 n10");
        assert_eq!(listing.ask_older(), None, "it is on its way");
        assert!(listing.takes("n10"));
    }

    #[test]
    fn what_was_removed_meanwhile_does_not_come_back() {
        let mut listing = listing("n3");
        assert!(listing.ask_fresh());
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
