//! Moving about: the selection, the scrolling, the focus.

use ratatui::layout::Position;

use super::{Focus, Triage};
use crate::{
    action::Action,
    document,
    message::{Gesture, Pointer},
    model::shared::Shared,
    update::{beyond, scrolled},
};

/// So many rows before the end of what is known, the next page is asked for.
const AHEAD: usize = 10;

impl Triage {
    /// Moves whatever the keys act on.
    pub(super) fn go(&mut self, shared: &Shared, action: Action) {
        match self.focus {
            Focus::Detail => {
                self.detail_scroll =
                    scrolled(self.detail_scroll, action, self.layout(shared.body()).detail.height);
            }
            Focus::List => self.select(shared, action),
        }
    }

    /// Moves the selection, whatever the keys act on.
    pub(super) fn select(&mut self, shared: &Shared, action: Action) {
        let (len, rows) = (self.inbox.shown().len(), self.rows(shared));
        let selection = &mut self.inbox.selection;
        let index = match action {
            Action::Top => return selection.follow(),
            Action::Up => selection.index.saturating_sub(1),
            Action::Down => selection.index + 1,
            Action::PageUp => selection.index.saturating_sub(rows),
            Action::PageDown => selection.index + rows,
            Action::Bottom => len,
            _ => return,
        };
        selection.go(index, len, rows);
        self.detail_scroll = 0;
    }

    /// Selects a row.
    pub(super) fn go_to(&mut self, shared: &Shared, row: usize) {
        let (len, rows) = (self.inbox.shown().len(), self.rows(shared));
        self.inbox.selection.go(row, len, rows);
        self.detail_scroll = 0;
    }

    /// The mouse did something.
    pub fn point(&mut self, shared: &Shared, pointer: Pointer) {
        match pointer.gesture {
            Gesture::Press => self.press(shared, pointer.at),
            Gesture::Drag if self.is_dragged => {
                let body = self.area(shared.body());
                self.share = self.layout(shared.body()).share(body, pointer.at);
            }
            Gesture::Release => self.is_dragged = false,
            Gesture::Drag | Gesture::WheelUp | Gesture::WheelDown => {}
        }
    }

    /// A row is selected by pointing at it; whoever points at the detail wants to scroll it.
    fn press(&mut self, shared: &Shared, at: Position) {
        let layout = self.layout(shared.body());
        self.is_dragged = layout.divider.contains(at);
        if layout.list.contains(at) {
            let (len, rows) = (self.inbox.shown().len(), self.rows(shared));
            let index = self.inbox.selection.offset + usize::from(at.y - layout.list.y);
            self.focus = Focus::List;
            if index < len {
                self.inbox.selection.go(index, len, rows);
                self.detail_scroll = 0;
            }
        }
        if layout.detail.contains(at) && self.focus == Focus::List {
            self.switch_focus();
        }
    }

    /// Whether the end of what is known is so near that more is to be asked for.
    pub fn is_near_the_end(&self, shared: &Shared) -> bool {
        self.inbox.selection.index + self.rows(shared).max(AHEAD) >= self.inbox.shown().len()
    }

    /// Between the list and the selected notification.
    pub(super) fn switch_focus(&mut self) {
        self.focus = match self.focus {
            Focus::List if self.inbox.selected().is_some() => Focus::Detail,
            _ => Focus::List,
        };
        // Whoever reads one does not want another in its place.
        if self.focus == Focus::Detail {
            self.inbox.selection.following = false;
        }
    }

    /// Back by one step: out of the detail, out of what is marked, out of what the list is narrowed to.
    pub(super) fn back(&mut self) {
        if self.focus == Focus::Detail {
            self.focus = Focus::List;
        } else if self.marks.is_empty() {
            self.widen();
        } else {
            self.marks.clear();
        }
    }

    /// No text narrows the list any more.
    pub(super) fn widen(&mut self) {
        self.inbox.narrow_to(|narrow| {
            narrow.text.act(Action::Back);
        });
        self.look();
    }

    /// After whatever changed: brings selection and scrolling back to where there is something.
    pub fn settle(&mut self, shared: &Shared) {
        let (len, rows) = (self.inbox.shown().len(), self.rows(shared));
        self.inbox.selection.fit(len, rows);
        if len == 0 {
            self.focus = Focus::List;
        }
        if self.detail_scroll > 0 {
            let detail = self.layout(shared.body()).detail;
            let lines = self.inbox.selected().map_or(0, |notification| {
                document::notification(notification, shared.now, detail.width.into()).len()
            });
            self.detail_scroll = self.detail_scroll.min(beyond(lines, detail.height));
        }
    }

    fn rows(&self, shared: &Shared) -> usize {
        self.layout(shared.body()).list.height.into()
    }
}
