//! Which part of the screen shows what. Shared by the view, which draws there, and by `update`, which needs to know which
//! rows are on the screen.
//!
//! The rows are long, because of their bars: list and detail stand side by side only where both have room.

use ratatui::layout::Rect;

use crate::triage::{
    Focus,
    layout::{Room, split},
};

/// What it takes to show both at once.
const ROOM: Room = Room { wide: 140, tall: 16 };
/// The list's share beside the detail, and above it, in thousandths.
const SHARES: [u16; 2] = [600, 450];

/// The parts of the screen; what has no room is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// The names of the columns.
    pub head: Rect,
    /// The rows.
    pub list: Rect,
    /// The line between list and detail.
    pub divider: Rect,
    /// The selected one.
    pub detail: Rect,
}

impl Layout {
    /// For a screen in this area, of which the line that narrows the list takes the first row.
    pub(super) fn of(body: Rect, focus: Focus, filter: bool) -> Self {
        let taken = u16::from(filter).min(body.height);
        let body = Rect { y: body.y + taken, height: body.height - taken, ..body };
        let [left, divider, detail] = split(body, focus, ROOM, SHARES);
        let head = Rect { height: u16::from(left.height > 1), ..left };
        let list = Rect { y: head.bottom(), height: left.height - head.height, ..left };
        Self { head, list, divider, detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_lie_within_the_screen_and_apart(width in 0_u16..400, height in 0_u16..200, detail: bool, filter: bool) {
            let focus = if detail { Focus::Detail } else { Focus::List };
            let body = Rect { x: 0, y: 1, width, height };
            let Layout { head, list, divider, detail } = Layout::of(body, focus, filter);
            let parts = [head, list, divider, detail];
            for (n, part) in parts.iter().enumerate() {
                prop_assert!(body.intersection(*part) == *part || part.is_empty());
                prop_assert!(parts[n + 1..].iter().all(|other| !part.intersects(*other)));
            }
            let area: u32 = parts.iter().map(|part| part.area()).sum();
            let rows = height.saturating_sub(u16::from(filter));
            prop_assert_eq!(area, u32::from(width) * u32::from(rows));
        }
    }
}
