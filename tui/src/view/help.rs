//! The help: what the keymap's table says.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{detail, theme::Theme};
use crate::document;

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, scroll: u16, theme: &Theme) {
    let lines = document::help(area.width.into());
    detail::draw_lines(buffer, area, &lines, scroll, theme);
}
