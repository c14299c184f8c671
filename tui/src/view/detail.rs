//! The selected notification, whole.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{
    paint::{put, put_all},
    theme::Theme,
};
use crate::{
    document::{self, Line},
    model::Model,
};

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, model: &Model, theme: &Theme) {
    let Some(notification) = model.feed.selected() else {
        return;
    };
    let lines = document::notification(notification, model.now, area.width.into());
    draw_lines(buffer, area, &lines, model.detail_scroll, theme);
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
