//! What the viewer has been told: the notifications, in the order of the feed, and which one is selected.
//!
//! A notification is held once; the listings hold names. [`Filter::Unread`] has a listing of its own, because the
//! server pages through it by itself.
//!
//! It holds no more than [`CAPACITY`], so that a client that is open all day stays within its memory: what is older is the
//! server's to search.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::{change::Before, narrow::Narrow, sort::Sort};
use crate::model::{
    listing::Listing,
    notification::{Notification, NotificationId},
    selection::Selection,
    word::Words,
};

/// A listing gets no longer: what arrives pushes the oldest out.
pub const CAPACITY: usize = 100_000;

/// Which notifications are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Filter {
    /// All of them.
    #[default]
    All,
    /// Those that have not been read.
    Unread,
}

/// The notifications that are known here.
#[derive(Debug, Default)]
pub struct Inbox {
    // Boxed: a map has room for more than it holds, and a notification is large.
    items: HashMap<NotificationId, Box<Notification>>,
    words: Words,
    all: Listing,
    unread: Listing,
    /// Taken back: a page that was read before the recall must not bring them back.
    recalled: HashSet<NotificationId>,
    /// On a refreshing page already, though the feed has yet to tell of them.
    announced: HashSet<NotificationId>,
    /// What is shown of the listing, and in which order.
    narrow: Narrow,
    /// Those that are shown; none where all of the listing are, in its own order.
    narrowed: Option<Listing>,
    /// What is archived stays.
    pub keeps_archived: bool,
    /// Which are shown.
    pub filter: Filter,
    /// Which row of the shown ones is selected.
    pub selection: Selection,
}

impl Inbox {
    /// Knows nothing any more.
    pub fn forget(&mut self) {
        let narrow = std::mem::take(&mut self.narrow);
        let narrowed = self.narrowed.take().map(|_| Listing::default());
        let Self { keeps_archived, filter, .. } = *self;
        *self = Self { narrow, narrowed, keeps_archived, filter, ..Self::default() };
    }

    /// What is shown of the listing, and in which order.
    pub fn narrow(&self) -> &Narrow {
        &self.narrow
    }

    /// Shows more or less, or in another order, and stays on what was selected.
    pub fn narrow_to(&mut self, change: impl FnOnce(&mut Narrow)) {
        let selected = self.selected().map(|notification| notification.id.clone());
        change(&mut self.narrow);
        self.arrange();
        self.reselect(selected.as_ref());
    }

    /// The listing behind a filter.
    pub fn listing(&self, filter: Filter) -> &Listing {
        match filter {
            Filter::All => &self.all,
            Filter::Unread => &self.unread,
        }
    }

    /// The same, to note that a page is on its way.
    pub fn listing_mut(&mut self, filter: Filter) -> &mut Listing {
        match filter {
            Filter::All => &mut self.all,
            Filter::Unread => &mut self.unread,
        }
    }

    /// Whatever page was on its way will not come.
    pub fn nothing_comes(&mut self) {
        self.all.nothing_comes();
        self.unread.nothing_comes();
    }

    /// The listing on the screen.
    pub fn shown(&self) -> &Listing {
        self.narrowed.as_ref().unwrap_or_else(|| self.listing(self.filter))
    }

    /// A page of the listing on the screen is on its way.
    pub fn is_fetching(&self) -> bool {
        self.listing(self.filter).is_fetching()
    }

    /// A notification by name.
    pub fn get(&self, id: &NotificationId) -> Option<&Notification> {
        self.items.get(id).map(AsRef::as_ref)
    }

    /// A notification by its row on the screen's listing.
    pub fn row(&self, index: usize) -> Option<&Notification> {
        self.get(self.shown().get(index)?)
    }

    /// The selected one.
    pub fn selected(&self) -> Option<&Notification> {
        self.row(self.selection.index)
    }

    /// A live one, and whether it was new.
    pub fn arrive(&mut self, notification: impl Into<Box<Notification>>) -> bool {
        let notification = notification.into();
        let id = notification.id.clone();
        if self.recalled.contains(&id) {
            return false;
        }
        let unread = notification.is_unread();
        self.keep(notification);
        let new = self.all.arrive(&id);
        let new_unread = unread && self.unread.arrive(&id);
        if match self.filter {
            Filter::All => new,
            Filter::Unread => new_unread,
        } {
            self.join(&id, 0);
        }
        self.bound(CAPACITY);
        new
    }

    /// One that was here before: back to where it belongs. Says whether it is here now and was not.
    pub fn put_in(&mut self, notification: Notification) -> bool {
        let id = notification.id.clone();
        if self.recalled.contains(&id) || self.items.contains_key(&id) {
            return false;
        }
        let unread = notification.is_unread();
        let mut notification = Box::new(notification);
        notification.share(&mut self.words);
        self.items.insert(id.clone(), notification);
        self.put_back(Filter::All, &id);
        if unread {
            self.put_back(Filter::Unread, &id);
        }
        true
    }

    /// Archived, or taken out of the archive again. Returns what it was before, if that was different.
    pub fn set_archived(&mut self, id: &NotificationId, at: Option<DateTime<Utc>>) -> Option<Before> {
        let notification = self.items.get_mut(id)?;
        if notification.archived_at.is_some() == at.is_some() {
            return None;
        }
        if at.is_some() && !self.keeps_archived {
            return self.remove(id, false).map(|gone| Before::Here(Box::new(gone)));
        }
        let before = std::mem::replace(&mut notification.archived_at, at);
        Some(Before::Archived(id.clone(), before))
    }

    /// The older page of a listing that was asked for from `after`, below what it has.
    pub fn append(&mut self, filter: Filter, after: &str, page: Vec<Notification>, end: Option<String>) {
        if !self.listing_mut(filter).takes(after) {
            return;
        }
        let selected = self.selected().map(|notification| notification.id.clone());
        let ids = self.keep_all(page);
        self.listing_mut(filter).append(ids, end);
        if filter == self.filter && self.narrowed.is_some() {
            self.arrange();
            self.reselect(selected.as_ref());
        }
        self.bound(CAPACITY);
    }

    /// A fresh first page of a listing, instead of what it had. Says whether another was wanted meanwhile.
    pub fn replace(&mut self, filter: Filter, page: Vec<Notification>, end: Option<String>) -> bool {
        let selected = self.selected().map(|notification| notification.id.clone());
        let ids = self.keep_all(page);
        let again = self.listing_mut(filter).replace(&ids, end);
        // What was listed before, and is not any more.
        let Self { items, all, unread, .. } = self;
        items.retain(|id, _| all.contains(id) || unread.contains(id));
        self.arrange();
        self.reselect(selected.as_ref());
        again
    }

    /// A fresh first page of everything, instead of all that was known: nothing else is kept.
    pub fn renew(&mut self, page: Vec<Notification>, end: Option<String>) {
        let selected = self.selected().map(|notification| notification.id.clone());
        self.items.clear();
        self.unread = Listing::default();
        let ids = self.keep_all(page);
        self.all.replace(&ids, end);
        self.arrange();
        self.reselect(selected.as_ref());
    }

    /// Takes over what a page says about what is known here, and leaves the rest to the feed.
    pub fn refresh(&mut self, page: Vec<Notification>) {
        self.announced.clear();
        for notification in page {
            if self.items.contains_key(&notification.id) {
                self.keep(notification.into());
            } else {
                self.announced.insert(notification.id);
            }
        }
    }

    /// Whether the numbers that came with the last refreshing page cover this one.
    pub fn was_announced(&self, id: &NotificationId) -> bool {
        self.announced.contains(id)
    }

    /// Shows others. Until the server's page is there, those unread are the ones known here.
    pub fn show(&mut self, filter: Filter) {
        let selected = self.selected().map(|notification| notification.id.clone());
        if filter == Filter::Unread {
            let unread = self
                .all
                .iter()
                .filter(|id| self.get(id).is_some_and(Notification::is_unread))
                .cloned()
                .collect();
            self.unread.hold(unread);
        }
        self.filter = filter;
        self.arrange();
        self.reselect(selected.as_ref());
    }

    /// Read, or unread again; none is unread. Returns what it was before, if that was different.
    pub fn set_read(
        &mut self,
        id: &NotificationId,
        read_at: Option<DateTime<Utc>>,
    ) -> Option<Option<DateTime<Utc>>> {
        let notification = self.items.get_mut(id)?;
        let before = std::mem::replace(&mut notification.read_at, read_at);
        if before.is_some() == read_at.is_some() {
            return None;
        }
        if read_at.is_some() {
            self.take_out(Filter::Unread, id);
        } else {
            self.put_back(Filter::Unread, id);
        }
        Some(before)
    }

    /// Taken back, or archived: it is shown no more. Returns what it was.
    pub fn remove(&mut self, id: &NotificationId, recalled: bool) -> Option<Notification> {
        if recalled {
            self.recalled.insert(id.clone());
        }
        self.take_out(Filter::All, id);
        self.take_out(Filter::Unread, id);
        self.items.remove(id).map(|gone| *gone)
    }

    /// From a notification on, down to the oldest known; none if it is not known here.
    pub fn from(&self, id: &NotificationId) -> Option<Vec<NotificationId>> {
        let first = self.all.position(id)?;
        Some(self.all.iter().skip(first).cloned().collect())
    }

    fn keep_all(&mut self, page: Vec<Notification>) -> Vec<NotificationId> {
        let mut ids = Vec::with_capacity(page.len());
        for notification in page {
            if !self.recalled.contains(&notification.id) {
                ids.push(notification.id.clone());
                self.keep(notification.into());
            }
        }
        ids
    }

    fn keep(&mut self, mut notification: Box<Notification>) {
        self.set_read(&notification.id, notification.read_at);
        notification.share(&mut self.words);
        self.items.insert(notification.id.clone(), notification);
    }

    /// Gives up the oldest of what is more than so many. What is shown is newer, or `settle` brings it back.
    fn bound(&mut self, capacity: usize) {
        for (filter, other) in [(Filter::All, Filter::Unread), (Filter::Unread, Filter::All)] {
            while let Some(id) = self.listing_mut(filter).pop_beyond(capacity) {
                if self.filter == filter
                    && let Some(index) = self.narrowed.as_mut().and_then(|narrowed| narrowed.remove(&id))
                {
                    self.selection.removed(index);
                }
                if !self.listing(other).contains(&id) {
                    self.items.remove(&id);
                }
            }
        }
    }

    fn take_out(&mut self, filter: Filter, id: &NotificationId) {
        let index = self.listing_mut(filter).remove(id);
        if self.filter != filter {
            return;
        }
        let index = match &mut self.narrowed {
            Some(narrowed) => narrowed.remove(id),
            None => index,
        };
        if let Some(index) = index {
            self.selection.removed(index);
        }
    }

    /// Back into a listing. Time follows position, so that it tells the place.
    fn put_back(&mut self, filter: Filter, id: &NotificationId) {
        let Some(created_at) = self.items.get(id).map(|notification| notification.created_at) else {
            return;
        };
        let items = &self.items;
        let is_older =
            |other: &NotificationId| items.get(other).is_some_and(|other| other.created_at < created_at);
        let listing = match filter {
            Filter::All => &mut self.all,
            Filter::Unread => &mut self.unread,
        };
        if let Some(index) = listing.restore(id, is_older)
            && self.filter == filter
        {
            self.join(id, index);
        }
    }

    /// One has joined the listing at a place: it is shown there, or, where less is shown, where it belongs, if it does.
    fn join(&mut self, id: &NotificationId, index: usize) {
        let (items, narrow) = (&self.items, &self.narrow);
        let index = match (&mut self.narrowed, items.get(id)) {
            (None, _) => Some(index),
            (Some(narrowed), Some(notification)) if narrow.has(notification) => narrowed.place(id, |other| {
                items.get(other).is_some_and(|other| narrow.sort.compare(other, notification).is_lt())
            }),
            (Some(_), _) => None,
        };
        if let Some(index) = index {
            self.selection.inserted(index);
        }
    }

    /// Finds anew what of the listing is shown.
    fn arrange(&mut self) {
        if self.narrow.is_none() {
            self.narrowed = None;
            return;
        }
        let listed = self.listing(self.filter).iter().filter_map(|id| self.items.get(id));
        let mut shown: Vec<_> = listed.filter(|notification| self.narrow.has(notification)).collect();
        let sort = self.narrow.sort;
        if sort != Sort::default() {
            shown.sort_by(|one, other| sort.compare(one, other));
        }
        let ids: Vec<_> = shown.into_iter().map(|notification| notification.id.clone()).collect();
        let mut narrowed = Listing::default();
        narrowed.replace(&ids, None);
        self.narrowed = Some(narrowed);
    }

    /// After the shown listing has become another: stays on what was selected, if it is there.
    fn reselect(&mut self, id: Option<&NotificationId>) {
        if !self.selection.following
            && let Some(index) = id.and_then(|id| self.shown().position(id))
        {
            self.selection.index = index;
        }
    }
}

#[cfg(test)]
mod tests;
