//! The tabs: the key that goes there, and the name.

use ratatui::{buffer::Buffer, layout::Rect};

use super::paint::{beyond, put};
use crate::{model::Model, theme::Tone, update::label};

/// Draws them.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, model: &Model) {
    let shared = &model.shared;
    let mut used = 0;
    for tab in shared.tabs() {
        let tone = if tab == shared.tab { Tone::TabShown } else { Tone::Tab };
        let label = label(tab, model.screens.get(tab), shared);
        used += put(buffer, beyond(area, used), 0, &label, shared.theme.of(tone));
    }
}
