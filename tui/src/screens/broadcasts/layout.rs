//! Which part of the screen shows what. Shared by the view, which draws there, and by `update`, which needs to know which
//! rows are on the screen.
//!
//! The rows are long, because of their bars: list and detail stand side by side only where both have room.

use ratatui::layout::Rect;

use super::Focus;

/// From this width on, list and detail stand side by side.
const WIDE: u16 = 140;
/// From this many rows on, the detail stands below the list.
const TALL: u16 = 16;

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
        let [left, divider, detail] = split(body, focus);
        let head = Rect { height: u16::from(left.height > 1), ..left };
        let list = Rect { y: head.bottom(), height: left.height - head.height, ..left };
        Self { head, list, divider, detail }
    }
}

fn split(body: Rect, focus: Focus) -> [Rect; 3] {
    let none = Rect::default();
    if body.width >= WIDE {
        let list = Rect { width: body.width * 3 / 5, ..body };
        let divider = Rect { x: list.right(), width: 1, ..body };
        let detail = Rect { x: divider.right(), width: body.right() - divider.right(), ..body };
        return [list, divider, detail];
    }
    if body.height >= TALL {
        let list = Rect { height: body.height * 9 / 20, ..body };
        let divider = Rect { y: list.bottom(), height: 1, ..body };
        let detail = Rect { y: divider.bottom(), height: body.bottom() - divider.bottom(), ..body };
        return [list, divider, detail];
    }
    match focus {
        Focus::List => [body, none, none],
        Focus::Detail => [none, none, body],
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
