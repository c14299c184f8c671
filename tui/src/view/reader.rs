//! Draws a document: a text of several lines, as far down as it is scrolled.

use ratatui::{buffer::Buffer, layout::Rect};

use super::paint::{put, put_all};
use crate::{
    document::Line,
    theme::{Theme, Tone},
};

/// Draws a document, scrolled down by some rows.
pub(crate) fn draw(buffer: &mut Buffer, area: Rect, lines: &[Line], scroll: u16, theme: &Theme) {
    for (row, line) in (0..area.height).zip(lines.iter().skip(scroll.into())) {
        match line {
            Line::Title(text) => put(buffer, area, row, text, theme.of(Tone::Title)),
            Line::Field(name, value) => {
                put_all(buffer, area, row, [(&**name, theme.of(Tone::Key)), (value, theme.of(Tone::Text))])
            }
            Line::Text(text) => put(buffer, area, row, text, theme.of(Tone::Text)),
        };
    }
}
