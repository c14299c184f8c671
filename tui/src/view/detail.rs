//! The selected notification, whole.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    paint::{beyond, put, put_all},
    theme::Theme,
};
use crate::{
    document::{self, Line},
    model::Model,
    text,
};

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, model: &Model, theme: &Theme) {
    let Some(notification) = model.feed.selected() else {
        return;
    };
    let lines = document::notification(notification, model.now, area.width.into());
    draw_lines(buffer, area, &lines, model.detail_scroll, theme);
    let below = lines.len().saturating_sub(usize::from(model.detail_scroll) + usize::from(area.height));
    if below > 0 {
        let more = format!(" ↓ {below} more");
        let width = u16::try_from(text::width(&more)).unwrap_or(u16::MAX);
        put(
            buffer,
            beyond(area, area.width.saturating_sub(width)),
            area.height.saturating_sub(1),
            &more,
            theme.key,
        );
    }
}

/// Draws a document, scrolled down by some rows.
pub(super) fn draw_lines(buffer: &mut Buffer, area: Rect, lines: &[Line], scroll: u16, theme: &Theme) {
    for (row, line) in (0..area.height).zip(lines.iter().skip(scroll.into())) {
        match line {
            Line::Title(text) => put(buffer, area, row, text, theme.title),
            Line::Field(name, value) => {
                put_all(buffer, area, row, [(&**name, theme.key), (value, theme.text)])
            }
            Line::Text(text) => put(buffer, area, row, text, theme.text),
        };
    }
}
