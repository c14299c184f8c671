//! One person's memberships: few, and held once for each of their live feeds, so no more than a sorted list.

use super::directory::Membership;
use super::id::CampusId;

/// The campuses that a person is on, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memberships(Vec<Membership>);

impl Memberships {
    /// The one on this campus.
    pub fn get(&self, campus: CampusId) -> Option<&Membership> {
        self.position(campus).ok().and_then(|at| self.0.get(at))
    }

    /// By campus.
    pub fn iter(&self) -> impl Iterator<Item = &Membership> {
        self.0.iter()
    }

    /// The campuses, sorted.
    pub fn campuses(&self) -> impl Iterator<Item = CampusId> {
        self.0.iter().map(|membership| membership.campus)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds this one. One that is there already gets its role, and has begun when it did: another role is not a new
    /// beginning.
    pub fn set(&mut self, membership: Membership) {
        match self.position(membership.campus) {
            Ok(at) => self.0[at].role = membership.role,
            Err(at) => {
                self.0.reserve_exact(1);
                self.0.insert(at, membership);
            }
        }
    }

    /// Takes away the one on this campus.
    pub fn remove(&mut self, campus: CampusId) {
        if let Ok(at) = self.position(campus) {
            self.0.remove(at);
        }
    }

    fn position(&self, campus: CampusId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&campus, |membership| membership.campus)
    }
}

impl FromIterator<Membership> for Memberships {
    fn from_iter<I: IntoIterator<Item = Membership>>(memberships: I) -> Self {
        let mut list: Vec<Membership> = memberships.into_iter().collect();
        list.sort_by_key(|membership| membership.campus);
        list.dedup_by_key(|membership| membership.campus);
        list.shrink_to_fit();
        Self(list)
    }
}
