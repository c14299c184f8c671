//! Draws the preferences: a row for each type, a column for each place, and below them what the selected cell means and
//! when it is quiet.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    Preferences,
    grid::{Cell, Origin},
    layout::Layout,
    rows::{self, Row},
    words,
};
use crate::{
    model::shared::Shared,
    text,
    theme::{Theme, Tone},
    view::paint::{self, beyond, put, put_all},
};

/// Below this many columns the quiet hours of the selected column alone are said, in several rows.
const ROOM_FOR_ALL: u16 = 100;

/// Draws it.
pub(super) fn draw(screen: &Preferences, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    let layout = Layout::of(screen, area);
    let theme = &shared.theme;
    let area = paint::filter(buffer, area, &screen.filter, theme);
    if screen.grid.kinds.is_empty() {
        let fault = screen.columns.first().and_then(|column| column.fault.as_ref());
        match fault {
            Some(fault) => put(buffer, area, 0, &format!("no preferences: {fault}"), theme.of(Tone::Bad)),
            None => put(buffer, area, 0, "Asking what you want to hear.", theme.of(Tone::Muted)),
        };
        return;
    }
    head(buffer, &layout, screen, theme);
    let rows = rows::rows(screen);
    if rows.is_empty() {
        put(buffer, layout.table, 0, "none that match", theme.of(Tone::Muted));
    }
    let shown = rows.iter().enumerate().skip(screen.selection.offset);
    for (row, (index, what)) in (0..layout.table.height).zip(shown) {
        let line = Rect { y: layout.table.y + row, height: 1, ..layout.table };
        draw_row(buffer, line, &layout, screen, what, theme);
        if index == screen.selection.index {
            select(buffer, line, &layout, screen, theme);
        }
    }
    paint::rule(buffer, layout.rule, theme.rule(false));
    draw_words(buffer, layout.words, screen, shared);
}

/// The names of the columns, and whether there are more on either side.
fn head(buffer: &mut Buffer, layout: &Layout, screen: &Preferences, theme: &Theme) {
    let (first, end) = (layout.first, layout.columns().end);
    let beside = match (first > 0, end < screen.columns.len()) {
        (false, false) => String::new(),
        (left, right) => {
            let (left, right) = (if left { "‹" } else { " " }, if right { "›" } else { " " });
            format!("{left} {} of {} {right}", screen.column + 1, screen.columns.len())
        }
    };
    put(buffer, Rect { width: layout.label, ..layout.head }, 0, &beside, theme.of(Tone::Muted));
    for (at, column) in screen.columns.iter().enumerate().take(end).skip(first) {
        let place = Rect { y: layout.head.y, height: layout.head.height, ..layout.place(at) };
        let tone = if at == screen.column { Tone::Title } else { Tone::Muted };
        put(buffer, place, 0, &column.name, theme.of(tone));
    }
}

fn draw_row(
    buffer: &mut Buffer,
    line: Rect,
    layout: &Layout,
    screen: &Preferences,
    row: &Row,
    theme: &Theme,
) {
    let label = Rect { width: layout.label.saturating_sub(1), ..line };
    match row {
        Row::Category(name) => {
            put(buffer, label, 0, &text::words(name), theme.of(Tone::Title));
        }
        Row::Quiet => {
            put(buffer, label, 0, "Quiet hours", theme.of(Tone::Title));
        }
        Row::Type(at) => {
            let name = screen.grid.kinds.get(*at).map_or("", |kind| &kind.label);
            put_all(buffer, label, 0, [("  ", theme.of(Tone::Text)), (name, theme.of(Tone::Text))]);
        }
    }
    for column in layout.columns() {
        let place = Rect { y: line.y, height: 1, ..layout.place(column) };
        match (row, screen.grid.place(column)) {
            (Row::Category(_), _) => {}
            (Row::Type(at), Some(of)) => {
                if let Some(cell) = of.cells.get(*at) {
                    draw_cell(buffer, place, *cell, theme);
                }
            }
            (Row::Quiet, Some(of)) => {
                let hours = words::hours(of.quiet.as_ref());
                let on = of.quiet.as_ref().map(|hours| hours.enabled);
                let origin = format!(" {}", of.quiet_origin.words());
                let parts = [(&*hours, state(on, theme)), (&*origin, origin_style(of.quiet_origin, theme))];
                put_all(buffer, place, 0, parts);
            }
            (_, None) => {
                let known = screen.columns.get(column).is_some_and(|column| column.fault.is_some());
                put(buffer, place, 0, if known { "–" } else { words::UNKNOWN }, theme.of(Tone::Muted));
            }
        }
    }
}

fn draw_cell(buffer: &mut Buffer, place: Rect, cell: Cell, theme: &Theme) {
    let word = text::pad(words::state(cell.enabled), 4);
    let parts =
        [(&*word, state(cell.enabled, theme)), (cell.origin.words(), origin_style(cell.origin, theme))];
    put_all(buffer, place, 0, parts);
}

fn state(on: Option<bool>, theme: &Theme) -> Style {
    theme.of(match on {
        Some(true) => Tone::Good,
        Some(false) => Tone::Waiting,
        None => Tone::Muted,
    })
}

fn origin_style(origin: Origin, theme: &Theme) -> Style {
    theme.of(if origin == Origin::Here { Tone::Key } else { Tone::Muted })
}

/// The selected row, and in it the cell that the keys act on.
fn select(buffer: &mut Buffer, line: Rect, layout: &Layout, screen: &Preferences, theme: &Theme) {
    buffer.set_style(line, theme.of(Tone::SelectedIdle));
    let cell = Rect { y: line.y, height: 1, ..layout.place(screen.column) };
    buffer.set_style(cell.intersection(buffer.area), theme.of(Tone::Selected));
}

fn draw_words(buffer: &mut Buffer, area: Rect, screen: &Preferences, shared: &Shared) {
    let theme = &shared.theme;
    if area.is_empty() {
        return;
    }
    let fault = screen.columns.get(screen.column).and_then(|column| column.fault.as_ref());
    match (fault, words::selected(screen)) {
        (Some(fault), _) => put(buffer, area, 0, &format!("not up to date: {fault}"), theme.of(Tone::Bad)),
        (None, Some(words)) => put(buffer, area, 0, &words, theme.of(Tone::Text)),
        (None, None) => 0,
    };
    if area.width < ROOM_FOR_ALL {
        let place = screen.grid.place(screen.column);
        let quiet =
            place.map_or_else(String::new, |place| format!("Quiet {}", words::quiet(place, shared.now)));
        for (row, line) in (1..area.height).zip(text::wrap(&quiet, area.width.into())) {
            put(buffer, area, row, &line, theme.of(Tone::Muted));
        }
        return;
    }
    // The selected column is among those that have room.
    let room = usize::from(area.height - 1);
    let first = (screen.column + 1).saturating_sub(room);
    let names = screen.columns.iter().map(|column| text::width(&column.name)).max().unwrap_or(0);
    let names = u16::try_from(names + 2).unwrap_or(u16::MAX).min(area.width / 4);
    let columns = screen.columns.iter().enumerate().skip(first).take(room);
    for (row, (at, column)) in (1..area.height).zip(columns) {
        let tone = if at == screen.column { Tone::Title } else { Tone::Muted };
        put(buffer, Rect { width: names.saturating_sub(1), ..area }, row, &column.name, theme.of(tone));
        let quiet = screen.grid.place(at).map_or_else(String::new, |place| words::quiet(place, shared.now));
        put(buffer, beyond(area, names), row, &quiet, theme.of(tone));
    }
}
