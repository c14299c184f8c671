//! Which rows of the terminal are the screen's, and which are around it. Shared by the view, which draws there, and by
//! `update`, which needs to know how many rows a page has.

use ratatui::layout::{Rect, Size};

/// The parts of the terminal; what has no room is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Frame {
    /// One row: who, where, how the connection is, how many unread.
    pub header: Rect,
    /// The screen.
    pub body: Rect,
    /// One row: the keys that work now, or how something went.
    pub footer: Rect,
}

impl Frame {
    /// For a terminal of this size.
    pub fn of(size: Size) -> Self {
        let Size { width, height } = size;
        let header = Rect::new(0, 0, width, u16::from(height >= 2));
        let footer_rows = u16::from(height >= 3);
        let body = Rect::new(0, header.height, width, height - header.height - footer_rows);
        let footer = Rect::new(0, body.bottom(), width, footer_rows);
        Self { header, body, footer }
    }
}
