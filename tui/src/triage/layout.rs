//! Which part of a list with its detail is where. Shared by the view, which draws there, and by `update`, which needs to know how
//! many rows a page has.

use ratatui::layout::Rect;

use super::Focus;

/// From this width on, list and detail stand side by side.
const WIDE: u16 = 100;
/// From this many rows on, a narrow screen shows the detail below the list.
const TALL: u16 = 14;

/// The parts of the screen; what has no room is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Layout {
    /// The rows of the feed.
    pub list: Rect,
    /// The line between list and detail.
    pub divider: Rect,
    /// The selected notification.
    pub detail: Rect,
}

impl Layout {
    /// For a screen in this area. Where only one of list and detail has room, it is the one in focus.
    pub fn of(body: Rect, focus: Focus) -> Self {
        let [list, divider, detail] = split(body, focus);
        Self { list, divider, detail }
    }
}

fn split(body: Rect, focus: Focus) -> [Rect; 3] {
    let none = Rect::default();
    if body.width >= WIDE {
        let list = Rect { width: body.width * 11 / 20, ..body };
        let divider = Rect { x: list.right(), width: 1, ..body };
        let detail = Rect { x: divider.right(), width: body.right() - divider.right(), ..body };
        return [list, divider, detail];
    }
    if body.height >= TALL {
        let list = Rect { height: body.height * 11 / 20, ..body };
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
        fn parts_lie_within_the_screen_and_apart(width in 0_u16..400, height in 0_u16..200, detail: bool) {
            let focus = if detail { Focus::Detail } else { Focus::List };
            let body = Rect { x: 0, y: 1, width, height };
            let Layout { list, divider, detail } = Layout::of(body, focus);
            let parts = [list, divider, detail];
            for (n, part) in parts.iter().enumerate() {
                prop_assert!(body.intersection(*part) == *part || part.is_empty());
                prop_assert!(parts[n + 1..].iter().all(|other| !part.intersects(*other)));
            }
            let area: u32 = parts.iter().map(|part| part.area()).sum();
            prop_assert_eq!(area, u32::from(width) * u32::from(height));
        }
    }
}
