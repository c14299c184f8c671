//! What arrived elsewhere, said over whatever screen is shown: the first few, for a while; of the rest how many there were.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::Status;

/// No more lie over a screen at once.
const SHOWN: usize = 3;

/// What is said, and what there was no room for.
#[derive(Debug, Default)]
pub struct Toasts {
    shown: VecDeque<Status>,
    more: u32,
}

impl Toasts {
    /// Says it, if there is room: while thousands arrive, what is said stays long enough to be read. What should not be
    /// missed takes the place of the oldest that may be.
    pub fn push(&mut self, toast: Status) {
        if self.shown.len() >= SHOWN {
            self.more = self.more.saturating_add(1);
            let Some(place) = self.shown.iter().position(|shown| toast.bad && !shown.bad) else {
                return;
            };
            self.shown.remove(place);
        }
        self.shown.push_back(toast);
    }

    /// What is not worth saying any more goes; and with the last the number of the rest.
    pub fn tick(&mut self, now: DateTime<Utc>) {
        self.shown.retain(|toast| toast.until > now);
        if self.shown.is_empty() {
            self.more = 0;
        }
    }

    /// Nothing is said any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is said; the newest is the last.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Status> {
        self.shown.iter()
    }

    /// How many there were besides.
    pub fn more(&self) -> u32 {
        self.more
    }

    /// Nothing is said.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::fixture::moment;

    fn toast(text: &str, bad: bool, seconds: i64) -> Status {
        Status { text: text.into(), bad, until: moment() + TimeDelta::seconds(seconds) }
    }

    fn shown(toasts: &Toasts) -> String {
        toasts.iter().map(|toast| toast.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_first_are_said_and_the_rest_counted() {
        let mut toasts = Toasts::default();
        for (text, bad) in
            [("a", false), ("b", true), ("c", false), ("d", false), ("e", true), ("f", true), ("g", true)]
        {
            toasts.push(toast(text, bad, 6));
        }
        assert_eq!((shown(&toasts).as_str(), toasts.more()), ("b e f", 4));
    }

    #[test]
    fn when_nothing_is_said_any_more_the_count_begins_anew() {
        let mut toasts = Toasts::default();
        for n in 0..5 {
            toasts.push(toast("a", false, n));
        }
        toasts.tick(moment() + TimeDelta::seconds(1));
        assert_eq!((toasts.iter().len(), toasts.more()), (1, 2));
        toasts.tick(moment() + TimeDelta::seconds(2));
        assert_eq!((toasts.is_empty(), toasts.more()), (true, 0));
    }
}
