//! Which life of the log this is, and how far it has been seen to go. Whoever reads the head, or moves it, says so here;
//! whoever follows the log waits here. Nothing here may be relied upon but what only grows: within one life, the position.

use std::sync::Arc;

use tokio::sync::watch;

use super::Head;
use crate::domain::id::Seq;

/// Which life of the log this is, and how far it has been seen to go.
pub(crate) struct Life(watch::Sender<Head>);

/// What somebody saw of the head, and which life they took for the present one before they looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(super) before: Arc<str>,
    pub(super) head: Head,
}

impl Sight {
    /// Which life of the log was seen.
    pub(crate) fn epoch(&self) -> Arc<str> {
        Arc::clone(&self.head.epoch)
    }
}

impl Life {
    pub(super) fn new(head: Head) -> Self {
        Self(watch::Sender::new(head))
    }

    /// What is known by now.
    pub(crate) fn now(&self) -> Head {
        self.0.borrow().clone()
    }

    /// Follows it.
    pub(crate) fn follow(&self) -> watch::Receiver<Head> {
        self.0.subscribe()
    }

    /// Takes note of where the log ends. Never back, within one life; and never back to an earlier life: what was seen long
    /// ago may be told late.
    pub(crate) fn note(&self, sight: Sight) {
        let Sight { before, head } = sight;
        self.0.send_if_modified(|now| {
            let is_news = if now.epoch == head.epoch { head.seq > now.seq } else { now.epoch == before };
            if is_news {
                *now = head;
            }
            is_news
        });
    }
}

/// Whether a log of which `seen` is known cannot end at `found`: somebody has put an older state of it in its place.
pub(super) fn went_backwards(seen: &Head, epoch: &str, found: Seq) -> bool {
    *seen.epoch == *epoch && found < seen.seq
}

/// The name of a life that begins.
pub(super) fn new_epoch() -> String {
    format!("{:032x}", rand::random::<u128>())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn head(epoch: &str, seq: i64) -> Head {
        Head { epoch: epoch.into(), seq: Seq(seq) }
    }

    #[rstest]
    #[case::further("a", ("a", 6), ("a", 6))]
    #[case::nothing_new("a", ("a", 5), ("a", 5))]
    #[case::told_late("a", ("a", 4), ("a", 5))]
    #[case::another_life("a", ("b", 3), ("b", 3))]
    #[case::an_earlier_life("z", ("z", 9), ("a", 5))]
    fn only_news_is_noted(#[case] before: &str, #[case] seen: (&str, i64), #[case] expected: (&str, i64)) {
        let life = Life::new(head("a", 5));
        life.note(Sight { before: before.into(), head: head(seen.0, seen.1) });
        assert_eq!(life.now(), head(expected.0, expected.1));
    }

    #[rstest]
    #[case::as_it_was("a", 5, false)]
    #[case::further("a", 6, false)]
    #[case::back("a", 4, true)]
    #[case::in_another_life("b", 4, false)]
    fn a_log_does_not_shrink(#[case] epoch: &str, #[case] found: i64, #[case] expected: bool) {
        assert_eq!(went_backwards(&head("a", 5), epoch, Seq(found)), expected);
    }
}
