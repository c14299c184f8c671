//! The help: what the keymap's table says.

use ratatui::{buffer::Buffer, layout::Rect};

use super::reader;
use crate::{document, theme::Theme};

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, scroll: u16, theme: &Theme) {
    let lines = document::help(area.width.into());
    reader::draw(buffer, area, &lines, scroll, theme);
}
