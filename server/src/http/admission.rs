//! How many may be connected: each user's sockets and streams, and sockets that have not said whose they are. How many
//! subscriptions may be about to begin at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Subscriptions that are about to begin, at most. Each takes tens of KiB and some reads of the database until it has; when
/// everybody comes back at once, those who wait for their turn take next to nothing, and leave the readers to others.
const BEGINNING: usize = 64;

/// Counts who is connected.
pub(crate) struct Admission {
    most_of_a_user: usize,
    /// By subject; nobody stands here with none.
    users: Mutex<HashMap<Arc<str>, usize>>,
    strangers: Arc<Semaphore>,
    beginning: Arc<Semaphore>,
}

/// A subscription's turn to begin, until dropped.
pub(crate) struct Turn(
    #[expect(dead_code, reason = "held, so that others wait")] Option<OwnedSemaphorePermit>,
);

/// One of a user's places, until dropped.
pub(crate) struct Place {
    admission: Arc<Admission>,
    subject: Arc<str>,
}

impl Admission {
    /// At most so many sockets and streams of each user, and so many sockets of nobody yet.
    pub(crate) fn new(most_of_a_user: usize, most_strangers: usize) -> Arc<Self> {
        let strangers = Arc::new(Semaphore::new(most_strangers.min(Semaphore::MAX_PERMITS)));
        let beginning = Arc::new(Semaphore::new(BEGINNING));
        Arc::new(Self { most_of_a_user, users: Mutex::default(), strangers, beginning })
    }

    /// Waits for a subscription's turn to begin: first come, first served.
    pub(crate) async fn turn(&self) -> Turn {
        // It is never closed.
        Turn(Arc::clone(&self.beginning).acquire_owned().await.ok())
    }

    /// A place among those who have not said who they are, until dropped; none where all are taken.
    pub(crate) fn enter_as_stranger(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.strangers).try_acquire_owned().ok()
    }

    /// One of this user's places; none where all are taken.
    pub(crate) fn enter(self: &Arc<Self>, subject: &str) -> Option<Place> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        let held = users.get_key_value(subject);
        let (subject, held) =
            held.map_or_else(|| (subject.into(), 0), |(key, held)| (Arc::clone(key), *held));
        if held >= self.most_of_a_user {
            return None;
        }
        users.insert(Arc::clone(&subject), held + 1);
        Some(Place { admission: Arc::clone(self), subject })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut users = self.admission.users.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(held) = users.get_mut(&self.subject) else { return };
        *held -= 1;
        if *held == 0 {
            users.remove(&self.subject);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn each_user_has_so_many_places_and_no_more() {
        let admission = Admission::new(2, 0);
        let first = admission.enter("ada").unwrap();
        let _second = admission.enter("ada").unwrap();
        let _another = admission.enter("bea").unwrap();
        assert!(admission.enter("ada").is_none());
        drop(first);
        assert!(admission.enter("ada").is_some(), "a place that was left can be taken");
    }

    #[test]
    fn nobody_is_remembered_who_has_left() {
        let admission = Admission::new(2, 0);
        drop(admission.enter("ada"));
        assert!(admission.users.lock().unwrap().is_empty());
    }

    #[test]
    fn so_many_begin_at_a_time_and_the_others_in_the_order_in_which_they_came() {
        let admission = Admission::new(0, 0);
        let turns: Vec<_> = (0..BEGINNING).map(|_| admission.turn().now_or_never().unwrap()).collect();
        let (mut first, mut second) = (Box::pin(admission.turn()), Box::pin(admission.turn()));
        assert!(first.as_mut().now_or_never().is_none() && second.as_mut().now_or_never().is_none());
        let mut turns = turns.into_iter();
        drop(turns.next());
        assert!(second.as_mut().now_or_never().is_none());
        assert!(first.as_mut().now_or_never().is_some());
        drop(turns.next());
        assert!(second.as_mut().now_or_never().is_some());
    }

    #[test]
    fn strangers_have_places_of_their_own() {
        let admission = Admission::new(1, 1);
        let stranger = admission.enter_as_stranger();
        assert!(stranger.is_some());
        assert!(admission.enter_as_stranger().is_none());
        drop(stranger);
        assert!(admission.enter_as_stranger().is_some());
    }
}
