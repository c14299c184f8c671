//! Which rows of the terminal are the screen's, and which are around it. Shared by the view, which draws there, and by
//! `update`, which needs to know how many rows a page has, and where something was clicked.

use ratatui::layout::{Rect, Size};

/// What every screen is made for.
pub const MADE_FOR: Size = Size { width: 60, height: 15 };
/// In less than this there is nothing to be seen.
const VISIBLE: Size = Size { width: 20, height: 5 };

/// Whether a terminal is smaller than what screens are made for. They do what they can.
pub fn is_small(size: Size) -> bool {
    size.width < MADE_FOR.width || size.height < MADE_FOR.height
}

/// Whether a terminal is so small that only that can be said.
pub fn is_tiny(size: Size) -> bool {
    size.width < VISIBLE.width || size.height < VISIBLE.height
}

/// What is said of a small terminal; what matters most comes first.
pub const TOO_SMALL: &str = "too small: 60×15 at least";

/// From this many rows on there is one for the tabs.
const ROOM_FOR_TABS: u16 = 8;

/// The parts of the terminal; what has no room is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Frame {
    /// One row: who, where, how the connection is, how many unread.
    pub header: Rect,
    /// One row: the tabs, where there is more than one.
    pub tabs: Rect,
    /// The screen.
    pub body: Rect,
    /// One row: the keys that work now, or how something went.
    pub footer: Rect,
}

impl Frame {
    /// For a terminal of this size, and so many tabs.
    pub fn of(size: Size, tabs: usize) -> Self {
        let Size { width, height } = size;
        let row = |y, there| Rect::new(0, y, width, u16::from(there));
        let header = row(0, height >= 2);
        let tabs = row(header.bottom(), tabs > 1 && height >= ROOM_FOR_TABS);
        let footer_rows = u16::from(height >= 3);
        let body = Rect::new(0, tabs.bottom(), width, height - header.height - tabs.height - footer_rows);
        let footer = Rect::new(0, body.bottom(), width, footer_rows);
        Self { header, tabs, body, footer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_said_is_so() {
        let Size { width, height } = MADE_FOR;
        assert!(TOO_SMALL.contains(&format!("{width}×{height}")));
    }

    proptest! {
        #[test]
        fn parts_fill_the_terminal(width in 0_u16..400, height in 0_u16..200, tabs in 0_usize..8) {
            let Frame { header, tabs, body, footer } = Frame::of(Size { width, height }, tabs);
            let parts = [header, tabs, body, footer];
            let mut y = 0;
            for part in parts {
                prop_assert_eq!((part.x, part.y, part.width), (0, y, width));
                y = part.bottom();
            }
            prop_assert_eq!(y, height);
        }
    }
}
