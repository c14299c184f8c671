//! What the feed knows: the inbox, what of it is looked at, and where the feed goes on.

use chrono::{DateTime, Utc};
use ratatui::layout::Rect;

use super::{inbox::Inbox, layout::Layout, update::receipts::Receipt};
use crate::model::event::Cursor;

/// The screen's model.
#[derive(Debug)]
pub struct Feed {
    /// What the viewer has been told.
    pub inbox: Inbox,
    /// Where the feed goes on.
    pub cursor: Option<Cursor>,
    /// What is known is not the feed as a whole any more; a fresh page was asked for, and has yet to come.
    pub stale: bool,
    /// Which subscription the events are taken from; those of an earlier one are old news.
    pub generation: u64,
    /// The newest revision of the read state that was applied.
    pub revision: i32,
    /// What the keys act on.
    pub focus: Focus,
    /// Rows that the detail is scrolled down by.
    pub detail_scroll: u16,
    /// Receipts under way, to be undone if they are refused.
    pub receipts: Vec<Receipt>,
    /// When to say that the newest has been seen.
    pub seen_due: Option<DateTime<Utc>>,
}

/// What the keys act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Focus {
    /// The list of notifications.
    List,
    /// The selected notification.
    Detail,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            inbox: Inbox::default(),
            cursor: None,
            stale: true,
            generation: 0,
            revision: 0,
            focus: Focus::List,
            detail_scroll: 0,
            receipts: Vec::new(),
            seen_due: None,
        }
    }
}

impl Feed {
    /// Which part of the screen shows what.
    pub fn layout(&self, body: Rect) -> Layout {
        Layout::of(body, self.focus)
    }
}
