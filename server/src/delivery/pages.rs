//! The log as those read it who have fallen behind: what is recent from memory, what is older in pages that everybody
//! who asks for the same range shares.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::domain::entry::{Audience, Change, Entry, Notification};
use crate::domain::id::Seq;
use crate::domain::preferences::Preferences;
use crate::store::{Store, StoreError};

/// Entries of a page. Pages begin at multiples of it, so that cursors near each other share them.
const PAGE: i64 = 256;
/// Entries that are given at once, at most.
const AT_ONCE: usize = 64;
/// Bytes of recent entries, about: what those read who have just fallen behind.
const RECENT_BYTES: usize = 8 * 1024 * 1024;
/// Recent entries.
const RECENT: usize = 4_096;
/// Bytes of pages, about: those who come back together are as far from each other as their sockets' buffers let them be.
const PAGES_BYTES: u64 = 32 * 1024 * 1024;

/// A page, and up to where the log went when it was read: the last one grows.
type Key = (i64, Seq);
type Entries = Arc<[Arc<Entry>]>;

/// What of the log is in memory, and a way to the rest.
pub(super) struct Pages {
    store: Arc<Store>,
    recent: RwLock<Recent>,
    read: Cache<Key, Entries, Weight>,
    /// Everything up to here has been deleted, as far as is known: no less than what any page was read without.
    deleted_through: AtomicI64,
}

/// The last entries, without holes.
#[derive(Default)]
struct Recent {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    /// The last position.
    head: Seq,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Entries> for Weight {
    fn weight(&self, _: &Key, entries: &Entries) -> u64 {
        entries.iter().map(|entry| size(entry) as u64).sum::<u64>() + 64
    }
}

impl Pages {
    pub(super) fn new(store: Arc<Store>, head: Seq) -> Self {
        let recent = RwLock::new(Recent { head, ..Recent::default() });
        let read = Cache::with_weighter(64, PAGES_BYTES, Weight);
        Self { store, recent, read, deleted_through: AtomicI64::new(0) }
    }

    /// The last position that has been handed out.
    pub(super) fn head(&self) -> Seq {
        self.recent.read().unwrap_or_else(PoisonError::into_inner).head
    }

    /// Takes what the tail gave next.
    pub(super) fn push(&self, entries: &[Arc<Entry>]) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        for entry in entries {
            if let Change::Recalled(notification) = &entry.change {
                recent.recall(notification);
                let page = page_of(notification.seq);
                self.read.remove(&(page, end_of(page)));
            }
            recent.bytes += size(entry);
            recent.head = entry.seq;
            recent.entries.push_back(Arc::clone(entry));
        }
        while recent.entries.len() > RECENT || recent.bytes > RECENT_BYTES {
            let Some(oldest) = recent.entries.pop_front() else { return };
            recent.bytes -= size(&oldest);
        }
    }

    /// Forgets everything: the log has begun another life, and ends at `head`.
    pub(super) fn renew(&self, head: Seq) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        *recent = Recent { head, ..Recent::default() };
        self.read.clear();
        self.deleted_through.store(0, Ordering::SeqCst);
    }

    /// Up to here nothing is given out any more.
    pub(super) fn deleted_through(&self) -> Seq {
        Seq(self.deleted_through.load(Ordering::SeqCst))
    }

    /// Gives out nothing any more up to and including this position.
    pub(super) fn forget_through(&self, position: Seq) {
        self.deleted_through.fetch_max(position.0, Ordering::SeqCst);
    }

    /// Some of the entries after `position`, in order, up to and including `through`, which must be committed; and the
    /// position up to which that is all there is. `None` where some of it has been deleted for its age.
    pub(super) async fn after(
        &self,
        position: Seq,
        through: Seq,
    ) -> Result<Option<(Vec<Arc<Entry>>, Seq)>, StoreError> {
        let (mut entries, covered) = self.some_after(position, through).await?;
        // Only now: what was read may lack what was deleted meanwhile.
        if position < self.deleted_through() {
            return Ok(None);
        }
        entries.retain(|entry| entry.seq <= through);
        Ok(Some((entries, covered.min(through))))
    }

    async fn some_after(&self, position: Seq, through: Seq) -> Result<(Vec<Arc<Entry>>, Seq), StoreError> {
        let head = {
            let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(entries) = recent.after(position) {
                let covered = entries.last().map_or(position, |entry| entry.seq);
                return Ok((entries, covered));
            }
            recent.head.max(through)
        };
        let page = page_of(position.next());
        let (before, end) = (Seq(page * PAGE), end_of(page).min(head));
        let reading = self.read_page(before, end);
        let entries = self.read.get_or_insert_async(&(page, end), reading).await?;
        let wanted = entries.iter().filter(|entry| entry.seq > position).take(AT_ONCE);
        let wanted: Vec<Arc<Entry>> = wanted.cloned().collect();
        // Positions have no holes: what is not there was deleted for its age, and nobody is given a page across that.
        let whole = wanted.len() < AT_ONCE;
        let last = wanted.last().map_or(end, |entry| entry.seq);
        Ok((wanted, if whole { end } else { last }))
    }

    async fn read_page(&self, before: Seq, end: Seq) -> Result<Entries, StoreError> {
        let entries = self.store.entries(before, end, PAGE).await?;
        // In this order: the position moves before what lies below it is deleted.
        self.forget_through(self.store.age().await?.deleted_through);
        Ok(entries.into())
    }
}

/// The page that this position stands on: 1 to 256 on the first.
fn page_of(position: Seq) -> i64 {
    (position.0 - 1).div_euclid(PAGE)
}

/// The last position of a page.
fn end_of(page: i64) -> Seq {
    Seq((page + 1) * PAGE)
}

impl Recent {
    /// `None` where that is too long ago.
    fn after(&self, position: Seq) -> Option<Vec<Arc<Entry>>> {
        let skip = self.index(position.next())?;
        let entries: Vec<_> =
            self.entries.range(skip.min(self.entries.len())..).take(AT_ONCE).cloned().collect();
        (!entries.is_empty()).then_some(entries)
    }

    fn index(&self, position: Seq) -> Option<usize> {
        usize::try_from(position.0 - self.entries.front()?.seq.0).ok()
    }

    /// What was taken back is not caught up with.
    fn recall(&mut self, notification: &Notification) {
        let Some(entry) = self.index(notification.seq).and_then(|at| self.entries.get_mut(at)) else {
            return;
        };
        if let Change::Added(added) = &entry.change {
            let change = Change::Added(Arc::new(Notification { recalled: true, ..added.as_ref().clone() }));
            *entry = Arc::new(Entry { change, ..entry.as_ref().clone() });
        }
    }
}

/// Bytes that an entry takes, about.
pub(super) fn size(entry: &Entry) -> usize {
    let notification = match &entry.change {
        Change::Added(notification) | Change::Recalled(notification) => notification,
        Change::Preferences { preferences, .. } => {
            return size_of::<Entry>() + size_of::<Preferences>() + preferences.heap_bytes();
        }
        Change::Membership { .. } | Change::Standing { .. } | Change::Unknown => return size_of::<Entry>(),
    };
    let recipients = match &notification.audience {
        Audience::Users(users) => users.len() * size_of::<i64>(),
        Audience::System | Audience::Campus(_) => 0,
    };
    size_of::<Entry>() + size_of::<Notification>() + notification.content.heap_bytes() + recipients
}

#[cfg(test)]
mod tests;
