//! Puts texts onto a buffer: cut to their columns, inside their area, whatever the area.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::text;

/// A text at the beginning of an area's row, cut to fit. Returns the columns that it took.
pub(crate) fn put(buffer: &mut Buffer, area: Rect, row: u16, content: &str, style: Style) -> u16 {
    let area = area.intersection(buffer.area);
    if row >= area.height {
        return 0;
    }
    let fitted = text::fit(content, area.width.into());
    let (end, _) = buffer.set_stringn(area.x, area.y + row, fitted, area.width.into(), style);
    end - area.x
}

/// Several texts, one behind the other.
pub(crate) fn put_all<'a>(
    buffer: &mut Buffer,
    area: Rect,
    row: u16,
    contents: impl IntoIterator<Item = (&'a str, Style)>,
) -> u16 {
    let mut used = 0;
    for (content, style) in contents {
        used += put(buffer, beyond(area, used), row, content, style);
    }
    used
}

/// What is left of an area behind its first columns.
pub(crate) fn beyond(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect { x: area.x + columns, width: area.width - columns, ..area }
}

/// A line, one column or one row wide.
pub(crate) fn rule(buffer: &mut Buffer, area: Rect, style: Style) {
    let symbol = if area.width > area.height { "─" } else { "│" };
    for position in area.intersection(buffer.area).positions() {
        buffer[position].set_symbol(symbol).set_style(style);
    }
}
