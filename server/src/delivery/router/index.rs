//! Who is to be looked at for an entry: live subscribers by user, by campus, and all.

use std::collections::HashMap;

use indexmap::IndexSet;

use crate::domain::entry::Audience;
use crate::domain::id::{CampusId, UserId};
use crate::domain::memberships::Memberships;

/// The place of a subscriber among those of its thread.
pub(super) type Key = usize;

#[derive(Default)]
pub(super) struct Index {
    all: IndexSet<Key>,
    by_user: HashMap<UserId, Vec<Key>>,
    by_campus: HashMap<CampusId, IndexSet<Key>>,
}

impl Index {
    pub(super) fn insert(&mut self, key: Key, user: UserId) {
        self.all.insert(key);
        self.by_user.entry(user).or_default().push(key);
    }

    pub(super) fn remove(&mut self, key: Key, user: UserId, memberships: &Memberships) {
        self.all.swap_remove(&key);
        if let Some(keys) = self.by_user.get_mut(&user) {
            keys.retain(|other| *other != key);
            if keys.is_empty() {
                self.by_user.remove(&user);
            }
        }
        memberships.campuses().for_each(|campus| self.leave(key, campus));
    }

    /// Puts somebody where they belong now.
    pub(super) fn move_to(&mut self, key: Key, before: &Memberships, now: &Memberships) {
        if before == now {
            return;
        }
        before.campuses().for_each(|campus| self.leave(key, campus));
        for campus in now.campuses() {
            self.by_campus.entry(campus).or_default().insert(key);
        }
    }

    fn leave(&mut self, key: Key, campus: CampusId) {
        if let Some(keys) = self.by_campus.get_mut(&campus) {
            keys.swap_remove(&key);
            if keys.is_empty() {
                self.by_campus.remove(&campus);
            }
        }
    }

    /// Everybody who is here, each once.
    pub(super) fn users(&self) -> impl Iterator<Item = UserId> {
        self.by_user.keys().copied()
    }

    /// The subscribers of one user.
    pub(super) fn of_user(&self, user: UserId) -> &[Key] {
        self.by_user.get(&user).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many are here of each campus that has any.
    pub(super) fn campus_sizes(&self) -> impl Iterator<Item = (CampusId, usize)> {
        self.by_campus.iter().map(|(campus, keys)| (*campus, keys.len()))
    }

    /// Everybody whom `audience` may concern: the cost of an entry is its audience that is here.
    pub(super) fn audience(&self, audience: &Audience, mut each: impl FnMut(Key)) {
        match audience {
            Audience::System => self.all.iter().copied().for_each(each),
            Audience::Campus(campus) => {
                self.by_campus.get(campus).into_iter().flatten().copied().for_each(each);
            }
            // Whichever are fewer: those who are named, or those who are here.
            Audience::Users(users) if users.len() <= self.by_user.len() => {
                users.iter().flat_map(|user| self.of_user(*user)).copied().for_each(each);
            }
            Audience::Users(users) => {
                for (user, keys) in &self.by_user {
                    if users.binary_search(user).is_ok() {
                        keys.iter().copied().for_each(&mut each);
                    }
                }
            }
        }
    }
}
