//! What the history knows: what is looked for, and what has been found.

use chrono::{DateTime, Utc};

use super::views::Counts;
use crate::{config::view::View, filter::Filter, screens::Tab, triage::Triage};

/// So many notifications are held at most: whoever looks for what is older still has to say more about it.
pub(super) const MOST: usize = 5_000;

/// The screen's model.
#[derive(Debug)]
pub struct History {
    /// What has been found, and what is done with it.
    pub triage: Triage,
    /// What is looked for, but for the chosen campus.
    pub query: View,
    /// The line in which words are looked for.
    pub line: Filter,
    /// From when on what was typed is looked for.
    pub due: Option<DateTime<Utc>>,
    /// Which question answers are taken to.
    pub generation: u64,
    /// It is on the screen.
    pub shown: bool,
    /// What is shown is not what was asked for last, or not up to date.
    pub stale: bool,
    /// Which question the list is the answer to; before the first answer, nobody knows anything.
    pub answered: Option<u64>,
    /// Why there is no answer.
    pub fault: Option<String>,
    /// So many have arrived since it was asked.
    pub newer: usize,
    /// The types that the server has: names, and what people call them.
    pub types: Vec<(String, String)>,
    /// The unread of the saved parts.
    pub counts: Counts,
}

impl Default for History {
    fn default() -> Self {
        Self {
            triage: Triage::of_a_part(Tab::History),
            query: View::default(),
            line: Filter::default(),
            due: None,
            generation: 0,
            shown: false,
            stale: true,
            answered: None,
            fault: None,
            newer: 0,
            types: Vec::new(),
            counts: Counts::default(),
        }
    }
}

impl History {
    /// Less than everything is looked for.
    pub fn is_narrowed(&self) -> bool {
        self.query != View::default()
    }

    /// What is shown is what was asked for last, though perhaps not up to date.
    pub fn is_answered(&self) -> bool {
        self.answered == Some(self.generation)
    }
}
