//! Puts texts onto a buffer: cut to their columns, inside their area, whatever the area.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use crate::{
    filter::Filter,
    input::Line,
    text,
    theme::{Theme, Tone},
};

/// A text at the beginning of an area's row, cut to fit. Returns the columns that it took.
pub(crate) fn put(buffer: &mut Buffer, area: Rect, row: u16, content: &str, style: Style) -> u16 {
    let area = area.intersection(buffer.area);
    if row >= area.height {
        return 0;
    }
    let fitted = text::fit(&text::unjoined(content), area.width.into());
    let (end, _) = buffer.set_stringn(area.x, area.y + row, fitted, area.width.into(), style);
    end - area.x
}

/// Shows where in a text that was put there some words are, in lower case, whatever the text's case.
pub(crate) fn highlight(
    buffer: &mut Buffer,
    area: Rect,
    row: u16,
    content: &str,
    words: &[String],
    style: Style,
) {
    let area = area.intersection(buffer.area);
    if row >= area.height || words.is_empty() {
        return;
    }
    let fitted = text::fit(content, area.width.into());
    for found in text::find(&fitted, words) {
        let before = u16::try_from(text::width(&fitted[..found.start])).unwrap_or(u16::MAX);
        let width = u16::try_from(text::width(&fitted[found])).unwrap_or(u16::MAX);
        let place = Rect { y: area.y + row, height: 1, ..beyond(area, before) };
        buffer.set_style(Rect { width: width.min(place.width), ..place }, style);
    }
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

/// Makes room for what will lie over others: of a wide character that reaches into the area only half would be left,
/// which no terminal can show.
pub(crate) fn cut(buffer: &mut Buffer, area: Rect) {
    let area = area.intersection(buffer.area);
    let Some(x) = area.x.checked_sub(1).filter(|_| !area.is_empty()) else {
        return;
    };
    for y in area.top()..area.bottom() {
        if text::width(buffer[(x, y)].symbol()) > 1 {
            buffer[(x, y)].set_symbol(" ");
        }
    }
}

/// A line, one column or one row wide.
pub(crate) fn rule(buffer: &mut Buffer, area: Rect, style: Style) {
    let symbol = if area.width > area.height { "─" } else { "│" };
    for position in area.intersection(buffer.area).positions() {
        buffer[position].set_symbol(symbol).set_style(style);
    }
}

/// A line that is typed, with the place where the next character goes; of a long one, the part around that. What is
/// secret is shown as so many dots.
pub(crate) fn line(buffer: &mut Buffer, area: Rect, row: u16, line: &Line, secret: bool, theme: &Theme) {
    let area = area.intersection(buffer.area);
    if row >= area.height || area.width == 0 {
        return;
    }
    let shown = if secret { "•".repeat(line.text().chars().count()) } else { line.text().to_owned() };
    let before: String = shown.chars().take(line.cursor()).collect();
    let place = Rect { y: area.y + row, height: 1, ..area };
    buffer.set_style(place, theme.of(Tone::Input));
    let room = usize::from(area.width) - 1;
    let hidden = text::width(&before).saturating_sub(room);
    let (shown, skipped) = text::skip(&shown, hidden);
    put(buffer, place, 0, shown, theme.of(Tone::Input));
    let cursor = u16::try_from(text::width(&before).saturating_sub(skipped)).unwrap_or(0);
    buffer.set_style(
        Rect { x: place.x + cursor.min(area.width - 1), width: 1, ..place },
        theme.of(Tone::Cursor),
    );
}

/// The line that narrows a list, in an area's first row, if there is anything to show of it. Returns what is left of the
/// area.
pub(crate) fn filter(buffer: &mut Buffer, area: Rect, filter: &Filter, theme: &Theme) -> Rect {
    if !filter.is_shown() || area.is_empty() {
        return area;
    }
    let (typed, typing) = filter.line();
    let used = put(buffer, area, 0, "/", theme.of(Tone::Key));
    if typing {
        line(buffer, beyond(area, used), 0, typed, false, theme);
    } else {
        put(buffer, beyond(area, used), 0, typed.text(), theme.of(Tone::Match));
    }
    Rect { y: area.y + 1, height: area.height - 1, ..area }
}
