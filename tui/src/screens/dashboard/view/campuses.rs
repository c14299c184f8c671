//! The campuses: a row for each, sorted by any column.

use ratatui::{buffer::Buffer, layout::Rect};

use super::words;
use crate::{
    model::shared::Shared,
    screens::dashboard::{Dashboard, layout::Layout, model::Sort},
    text,
    theme::Tone,
    view::paint::put,
};

/// From this many columns on, a column's name is said whole.
const WHOLE: u16 = 16;

/// Draws them below the names of their columns.
pub(super) fn draw(buffer: &mut Buffer, head: Rect, area: Rect, screen: &Dashboard, shared: &Shared) {
    let theme = &shared.theme;
    for (sort, column) in Layout::columns(head) {
        let name = match sort {
            Sort::Name => "Campus",
            Sort::Connections if column.width < WHOLE => "Open",
            Sort::Connections => "Connections",
            Sort::Published if column.width < WHOLE => "1 h",
            Sort::Published => "Sent in 1 h",
        };
        let sorted = sort == screen.sort;
        // Names go up from A, numbers down from the most, unless it is the other way round.
        let up = (sort == Sort::Name) != screen.reversed;
        let arrow = match (sorted, up) {
            (false, _) => "",
            (true, true) => " ▲",
            (true, false) => " ▼",
        };
        let name = format!("{name}{arrow}");
        let tone = if sorted { Tone::Title } else { Tone::Muted };
        put(buffer, column, 0, &aligned(sort, &name, column.width), theme.of(tone));
    }
    let campuses = screen.campuses(shared);
    if campuses.is_empty() {
        put(buffer, area, 0, "none that match", theme.of(Tone::Muted));
    }
    let tone = if screen.is_stale(shared) { Tone::Muted } else { Tone::Text };
    for (row, campus) in (0..area.height).zip(campuses.into_iter().skip(screen.scroll.into())) {
        for (sort, column) in Layout::columns(area) {
            let value = match sort {
                Sort::Name => campus.name.clone(),
                Sort::Connections => words::whole(Some(campus.connections)),
                Sort::Published => words::whole(Some(campus.published_last_hour)),
            };
            put(buffer, column, row, &aligned(sort, &value, column.width), theme.of(tone));
        }
    }
}

/// Names to the left, numbers to the right.
fn aligned(sort: Sort, value: &str, columns: u16) -> String {
    let columns: usize = columns.into();
    if sort == Sort::Name {
        return text::fit(value, columns.saturating_sub(1));
    }
    let value = text::fit(value, columns);
    format!("{}{value}", " ".repeat(columns.saturating_sub(text::width(&value))))
}
