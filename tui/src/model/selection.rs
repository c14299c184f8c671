//! Which row is selected, and which rows are on the screen.
//!
//! Places count from the top of the shown listing. Every change of the listing is told, so that the selection stays on
//! what it was on, and the rows that someone reads do not move under their eyes.

use crate::action::Action;

/// A selected row, and the first row that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selection {
    /// The selected row.
    pub index: usize,
    /// The first row on the screen.
    pub offset: usize,
    /// Stays on the newest as it changes, until someone moves away from it.
    pub following: bool,
}

impl Default for Selection {
    fn default() -> Self {
        Self { index: 0, offset: 0, following: true }
    }
}

impl Selection {
    /// Goes to a row, of `len`, of which `rows` are shown.
    pub fn go(&mut self, index: usize, len: usize, rows: usize) {
        self.index = index.min(len.saturating_sub(1));
        self.following = false;
        self.fit(len, rows);
    }

    /// Goes where a move leads, in a list of `len`, of which `rows` are shown. What is no move leads nowhere.
    pub fn moved(&mut self, action: Action, len: usize, rows: usize) {
        let index = match action {
            Action::Up => self.index.saturating_sub(1),
            Action::Down => self.index + 1,
            Action::PageUp => self.index.saturating_sub(rows),
            Action::PageDown => self.index + rows,
            Action::Top => 0,
            Action::Bottom => len,
            _ => return,
        };
        self.go(index, len, rows);
    }

    /// Goes to the newest, and stays with it.
    pub fn follow(&mut self) {
        *self = Self::default();
    }

    /// A row was put in at `index`.
    pub fn inserted(&mut self, index: usize) {
        if self.following {
            return;
        }
        if index <= self.index {
            self.index += 1;
        }
        if index <= self.offset {
            self.offset += 1;
        }
    }

    /// The row at `index` was taken out; what followed it is selected instead.
    pub fn removed(&mut self, index: usize) {
        if index < self.index {
            self.index -= 1;
        }
        if index < self.offset {
            self.offset -= 1;
        }
    }

    /// Brings both back to where rows are, and the selected one onto the screen.
    pub fn fit(&mut self, len: usize, rows: usize) {
        let rows = rows.max(1);
        self.index = self.index.min(len.saturating_sub(1));
        let lowest = self.index.saturating_sub(rows - 1);
        self.offset = self.offset.clamp(lowest, self.index).min(len.saturating_sub(rows));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stays_on_what_it_was_on() {
        let mut selection = Selection::default();
        selection.go(5, 10, 4);
        assert_eq!((selection.index, selection.offset), (5, 2));
        selection.inserted(0);
        assert_eq!((selection.index, selection.offset), (6, 3));
        selection.removed(9);
        selection.removed(1);
        assert_eq!((selection.index, selection.offset), (5, 2));
    }

    #[test]
    fn follows_the_newest_until_moved() {
        let mut selection = Selection::default();
        selection.inserted(0);
        assert_eq!(selection.index, 0);
        selection.go(0, 3, 4);
        selection.inserted(0);
        assert_eq!(selection.index, 1);
    }

    proptest! {
        #[test]
        fn the_selected_row_is_on_the_screen(index: usize, offset: usize, len in 0_usize..50, rows in 0_usize..20) {
            let mut selection = Selection { index, offset, following: false };
            selection.fit(len, rows);
            prop_assert!(selection.index < len.max(1));
            prop_assert!(selection.offset <= selection.index && selection.index - selection.offset < rows.max(1));
        }
    }
}
