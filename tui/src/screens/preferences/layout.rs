//! Which part of the screen shows what. Shared by the view, which draws there, and by `update`, which needs to know how
//! many rows a page has, and where something was clicked.

use ratatui::layout::Rect;

use super::Preferences;

/// A state and where it is set, "off mandatory", and a cell between.
const NARROWEST: u16 = 15;
/// Quiet hours and where they are set.
const WIDEST: u16 = 24;
/// The names of the types.
const SHORTEST: u16 = 12;
const LONGEST: u16 = 36;
/// From so many rows on the selected cell is explained below the table.
const ROOM_FOR_WORDS: u16 = 8;

/// Rows that the quiet hours of one column take where they have to be wrapped.
const SENTENCE: u16 = 2;

/// The parts of the screen; what has no room is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// One row: the names of the columns.
    pub head: Rect,
    /// The rows.
    pub table: Rect,
    /// The line below them.
    pub rule: Rect,
    /// What the selected cell means, and a row of quiet hours for each column, as far as there is room.
    pub words: Rect,
    /// How wide the names of the types are.
    pub label: u16,
    /// How wide each column is.
    pub column: u16,
    /// The first column that is shown.
    pub first: usize,
    /// How many are.
    pub shown: usize,
}

impl Layout {
    /// For a screen in this area.
    pub(super) fn of(screen: &Preferences, area: Rect) -> Self {
        let filter = u16::from(screen.filter.is_shown()).min(area.height);
        let area = Rect { y: area.y + filter, height: area.height - filter, ..area };
        let places = u16::try_from(screen.columns.len()).unwrap_or(u16::MAX).max(1);
        let words =
            if area.height < ROOM_FOR_WORDS { 0 } else { 1 + places.max(SENTENCE).min(area.height / 5) };
        let head = Rect { height: area.height.min(1), ..area };
        let below = u16::from(words > 0) + words;
        let table = Rect { y: head.bottom(), height: area.height - head.height - below, ..area };
        let rule = Rect { y: table.bottom(), height: u16::from(words > 0), ..area };
        let words = Rect { y: rule.bottom(), height: words, ..area };
        let label = (area.width / 3).clamp(SHORTEST, LONGEST).min(area.width);
        let room = area.width - label;
        let column = (room / places).clamp(NARROWEST, WIDEST).min(room);
        let shown = usize::from(room.checked_div(column).unwrap_or(0)).clamp(1, screen.columns.len().max(1));
        // What no column takes is the names'.
        let taken = column.saturating_mul(u16::try_from(shown).unwrap_or(u16::MAX));
        let label = area.width.saturating_sub(taken).clamp(label, LONGEST.max(label));
        let first = (screen.column + 1).saturating_sub(shown);
        Self { head, table, rule, words, label, column, first, shown }
    }

    /// Where a column is, of those that are shown.
    pub(super) fn place(&self, column: usize) -> Rect {
        let at = u16::try_from(column.saturating_sub(self.first)).unwrap_or(u16::MAX);
        let x = self.label.saturating_add(self.column.saturating_mul(at));
        let x = self.table.x.saturating_add(x).min(self.table.right());
        Rect { x, width: self.column.saturating_sub(1).min(self.table.right() - x), ..self.table }
    }

    /// The columns that are shown.
    pub(super) fn columns(&self) -> std::ops::Range<usize> {
        self.first..self.first + self.shown
    }

    /// The column at a place across.
    pub(super) fn column_at(&self, x: u16) -> Option<usize> {
        let across = x.checked_sub(self.table.x.checked_add(self.label)?)?;
        let at = self.first + usize::from(across.checked_div(self.column)?);
        self.columns().contains(&at).then_some(at)
    }
}
