//! Which part of the screen shows what. Shared by the view, which draws there, and by `update`, which needs to know how
//! many campuses have room, and which column was clicked.

use ratatui::layout::Rect;

use super::{Dashboard, model::Sort};

/// From this size on, numbers, rates and latencies stand side by side.
const WIDE: u16 = 90;
const TALL: u16 = 18;
/// Below this many columns the campuses' names get less room.
const NARROW: u16 = 50;

/// The parts of the screen; what has no room is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// One row: how old the numbers are, and how often they come.
    pub state: Rect,
    /// Where there is room, the numbers of the moment, a line each; else a few lines with everything in them.
    pub numbers: Rect,
    /// The rates over time, where there is room.
    pub rates: Rect,
    /// How long deliveries took, where there is room.
    pub latency: Rect,
    /// The line between these and the campuses.
    pub rule: Rect,
    /// One row: the names of the campuses' columns.
    pub head: Rect,
    /// The campuses.
    pub campuses: Rect,
}

impl Layout {
    /// For a screen in this area.
    pub(super) fn of(screen: &Dashboard, area: Rect) -> Self {
        let filter = u16::from(screen.filter.is_shown()).min(area.height);
        let area = Rect { y: area.y + filter, height: area.height - filter, ..area };
        let (state, rest) = cut(area, 1);
        let wide = area.width >= WIDE && area.height >= TALL;
        // On a low screen the campuses keep a few rows.
        let top = if wide { 6 } else { 4.min(rest.height.saturating_sub(4)) };
        let (top, rest) = cut(rest, top);
        let (rule, rest) = cut(rest, u16::from(area.height >= TALL));
        let (head, campuses) = cut(rest, 1);
        let (numbers, rates, latency) = if wide {
            let (numbers, beside) = across(top, 28);
            let (rates, latency) = across(beside, beside.width - 34);
            (numbers, Rect { width: rates.width - 2, ..rates }, latency)
        } else {
            (top, Rect::default(), Rect::default())
        };
        Self { state, numbers, rates, latency, rule, head, campuses }
    }

    /// A campus's name and its numbers, in a row.
    pub(super) fn columns(row: Rect) -> [(Sort, Rect); 3] {
        let numbers = if row.width < NARROW { 8 } else { 16 };
        let name = row.width.saturating_sub(2 * numbers).min(48);
        let (name, rest) = across(row, name);
        let (connections, rest) = across(rest, numbers);
        let (published, _) = across(rest, numbers);
        [(Sort::Name, name), (Sort::Connections, connections), (Sort::Published, published)]
    }
}

/// The first rows, and the others.
fn cut(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    (Rect { height: rows, ..area }, Rect { y: area.y + rows, height: area.height - rows, ..area })
}

/// The first columns, and the others.
fn across(area: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(area.width);
    (Rect { width: columns, ..area }, Rect { x: area.x + columns, width: area.width - columns, ..area })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_lie_within_the_screen_and_apart(width in 0_u16..400, height in 0_u16..200) {
            let body = Rect { x: 0, y: 1, width, height };
            let Layout { state, numbers, rates, latency, rule, head, campuses } = Layout::of(&Dashboard::default(), body);
            let parts = [state, numbers, rates, latency, rule, head, campuses];
            for (n, part) in parts.iter().enumerate() {
                prop_assert!(body.intersection(*part) == *part || part.is_empty());
                prop_assert!(parts[n + 1..].iter().all(|other| !part.intersects(*other)));
            }
            for (_, column) in Layout::columns(campuses) {
                prop_assert!(campuses.intersection(column) == column || column.is_empty());
            }
        }
    }
}
