//! What the screen Broadcasts knows: the rows, in the server's order, and which of them are watched.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use ratatui::layout::Rect;

use super::{exchange::Page, layout::Layout};
use crate::{
    filter::Filter,
    message::Ticket,
    model::{
        broadcast::{Broadcast, BroadcastId},
        notification::NotificationId,
        selection::Selection,
    },
    triage::Focus,
};

/// The screen's model.
#[derive(Debug, Default)]
pub struct Broadcasts {
    /// A stretch without gaps, newest first, down to where it has been fetched.
    pub rows: Vec<Broadcast>,
    /// Where the next page begins; none before the first, and after the last.
    pub end: Option<String>,
    /// The page that is on its way.
    pub fetching: Option<Ticket>,
    /// There has been a page.
    pub known: bool,
    /// Why there is none.
    pub fault: Option<String>,
    /// When the newest are asked for again; while others may have sent something, at the next tick.
    pub refresh_at: Option<DateTime<Utc>>,
    /// What the rows are narrowed to.
    pub filter: Filter,
    /// Which row of the shown ones is selected.
    pub selection: Selection,
    /// What the keys act on.
    pub focus: Focus,
    /// Rows that the detail is scrolled down by.
    pub scroll: u16,
    /// It is on the screen.
    pub shown: bool,
    /// Which subscriptions readings are taken from; those of an earlier one are old news.
    pub generation: u64,
    /// Whose numbers are followed.
    pub watched: BTreeSet<BroadcastId>,
    /// Whose numbers are not to be had on this connection.
    pub unheard: BTreeSet<BroadcastId>,
    /// What was asked whether to do.
    pub asked: Option<Change>,
    /// What is being done.
    pub under_way: BTreeMap<Ticket, Change>,
}

/// Something that becomes of a broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub id: BroadcastId,
    /// The notification to take back; without one, it is called off.
    pub recall: Option<NotificationId>,
}

impl Broadcasts {
    /// Which part of the screen shows what.
    pub(super) fn layout(&self, body: Rect) -> Layout {
        Layout::of(body, self.focus, self.filter.is_shown())
    }

    /// The rows that the filter leaves.
    pub fn shown_rows(&self) -> impl Iterator<Item = &Broadcast> {
        self.rows.iter().filter(|row| self.filter.matches(&searched(row)))
    }

    /// The selected one.
    pub fn selected(&self) -> Option<&Broadcast> {
        self.shown_rows().nth(self.selection.index)
    }

    /// It is being called off, or taken back.
    pub fn is_changing(&self, id: &BroadcastId) -> bool {
        self.under_way.values().any(|change| change.id == *id)
    }

    /// Knows nothing any more, and will not take what was asked for.
    pub fn forget(&mut self) {
        (self.rows, self.end, self.fetching, self.known) = (Vec::new(), None, None, false);
        self.selection = Selection::default();
    }

    /// The newest page: below it stays what is known, if it follows without a gap.
    pub fn refresh(&mut self, page: Page) {
        let below =
            page.broadcasts.last().and_then(|last| self.rows.iter().position(|row| row.id == last.id));
        self.rearrange(|rows, end| {
            if let Some(last) = below {
                let older = rows.split_off(last + 1);
                *rows = page.broadcasts;
                rows.extend(older);
            } else {
                (*rows, *end) = (page.broadcasts, page.end);
            }
        });
    }

    /// An older page, below.
    pub fn append(&mut self, page: Page) {
        let known: BTreeSet<_> = self.rows.iter().map(|row| row.id.clone()).collect();
        self.rows.extend(page.broadcasts.into_iter().filter(|row| !known.contains(&row.id)));
        self.end = page.end;
    }

    /// One of them is another now.
    pub fn replace(&mut self, broadcast: Broadcast) {
        self.rearrange(|rows, _| {
            if let Some(row) = rows.iter_mut().find(|row| row.id == broadcast.id) {
                *row = broadcast;
            }
        });
    }

    /// After the shown rows have become others: stays on what was selected, if it is there.
    pub fn rearrange(&mut self, change: impl FnOnce(&mut Vec<Broadcast>, &mut Option<String>)) {
        let selected = self.selected().map(|row| row.id.clone());
        change(&mut self.rows, &mut self.end);
        self.reselect(selected.as_ref());
    }

    /// The same, after the filter has become another.
    pub fn reselect(&mut self, id: Option<&BroadcastId>) {
        if self.selection.following {
            return;
        }
        let index = id.and_then(|id| self.shown_rows().position(|row| row.id == *id));
        if let Some(index) = index {
            let before = self.selection.index;
            self.selection.index = index;
            // What someone reads does not move under their eyes.
            self.selection.offset = (self.selection.offset + index).saturating_sub(before);
        }
    }
}

/// What the filter looks at.
fn searched(row: &Broadcast) -> String {
    let place = row.place();
    let label = row.label();
    [row.state.as_str(), &place, &label, &row.sender, &row.title, &row.message].join("\n")
}
