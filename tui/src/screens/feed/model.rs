//! What the feed knows: the inbox, what of it is looked at, and where the feed goes on.

use chrono::{DateTime, Utc};

use crate::{model::event::Cursor, screens::Tab, triage::Triage};

/// The screen's model.
#[derive(Debug)]
pub struct Feed {
    /// What the viewer has been told, and what is done with it.
    pub triage: Triage,
    /// Where the feed goes on.
    pub cursor: Option<Cursor>,
    /// What is known is not the feed as a whole any more; a fresh page was asked for, and has yet to come.
    pub stale: bool,
    /// Which subscription the events are taken from; those of an earlier one are old news.
    pub generation: u64,
    /// The newest revision of the read state that was applied.
    pub revision: i32,
    /// So many pages are still to be looked through for what the list is narrowed to.
    pub pages_ahead: u8,
    /// When to say that the newest has been seen.
    pub seen_due: Option<DateTime<Utc>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            triage: Triage::of(Tab::Feed),
            cursor: None,
            stale: true,
            generation: 0,
            revision: 0,
            pages_ahead: 0,
            seen_due: None,
        }
    }
}
