//! Which part of a list with its detail is where. Shared by the view, which draws there, and by `update`, which needs to know how
//! many rows a page has.

use ratatui::layout::{Position, Rect};

use super::Focus;

/// How much of the room the list has, in thousandths, unless the line is dragged.
pub const SHARE: u16 = 550;
/// Neither part can be dragged below so many thousandths.
const LEAST: u16 = 150;

/// How much room it takes to show a list and its detail at once.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// From this width on, list and detail stand side by side.
    pub wide: u16,
    /// From this many rows on, a narrow screen shows the detail below the list.
    pub tall: u16,
}

const ROOM: Room = Room { wide: 100, tall: 14 };

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
    pub fn of(body: Rect, focus: Focus, share: u16) -> Self {
        let share = share.clamp(LEAST, 1000 - LEAST);
        let [list, divider, detail] = split(body, focus, ROOM, [share, share]);
        Self { list, divider, detail }
    }

    /// The list's share, in thousandths, once the line between list and detail has been dragged there.
    pub fn share(self, body: Rect, at: Position) -> u16 {
        let (to, room) = if self.divider.width > self.divider.height {
            (at.y.saturating_sub(body.y), body.height)
        } else {
            (at.x.saturating_sub(body.x), body.width)
        };
        let share = (u32::from(to) * 1000).div_ceil(u32::from(room.max(1)));
        u16::try_from(share).unwrap_or(u16::MAX).clamp(LEAST, 1000 - LEAST)
    }
}

/// So many thousandths of a length.
fn part(length: u16, share: u16) -> u16 {
    u16::try_from(u32::from(length) * u32::from(share) / 1000).unwrap_or(length)
}

/// The list, the line and the detail. The list's share, in thousandths, is one where it is beside the detail and another above it.
/// Where only one of both has room, it is the one in focus, and the others are empty.
pub fn split(body: Rect, focus: Focus, room: Room, [beside, above]: [u16; 2]) -> [Rect; 3] {
    let none = Rect::default();
    if body.width >= room.wide {
        let list = Rect { width: part(body.width, beside), ..body };
        let divider = Rect { x: list.right(), width: 1, ..body };
        let detail = Rect { x: divider.right(), width: body.right() - divider.right(), ..body };
        return [list, divider, detail];
    }
    if body.height >= room.tall {
        let list = Rect { height: part(body.height, above), ..body };
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

    #[test]
    fn the_line_goes_where_it_is_dragged() {
        for (width, height) in [(120, 30), (80, 30)] {
            let body = Rect { x: 0, y: 2, width, height };
            let layout = Layout::of(body, Focus::List, SHARE);
            let share = layout.share(body, Position { x: 37, y: 11 });
            let Rect { x, y, .. } = Layout::of(body, Focus::List, share).divider;
            assert_eq!(if width >= ROOM.wide { x } else { y }, if width >= ROOM.wide { 37 } else { 11 });
            let all = layout.share(body, Position { x: u16::MAX, y: u16::MAX });
            assert!(!Layout::of(body, Focus::List, all).detail.is_empty());
        }
    }

    proptest! {
        #[test]
        fn parts_lie_within_the_screen_and_apart(width in 0_u16..400, height in 0_u16..200, detail: bool, share: u16) {
            let focus = if detail { Focus::Detail } else { Focus::List };
            let body = Rect { x: 0, y: 1, width, height };
            let Layout { list, divider, detail } = Layout::of(body, focus, share);
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
