//! Draws the screen Broadcasts: the list, and the selected one.

mod detail;
mod list;

pub(super) use self::detail::lines;

use ratatui::{buffer::Buffer, layout::Rect};

use super::Broadcasts;
use crate::{
    model::shared::Shared,
    text,
    theme::Tone,
    triage::Focus,
    view::{
        paint::{self, beyond, put},
        reader,
    },
};

/// Draws it.
pub(super) fn draw(screen: &Broadcasts, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    paint::filter(buffer, area, &screen.filter, &shared.theme);
    let layout = screen.layout(area);
    list::draw(buffer, layout.head, layout.list, screen, shared);
    paint::rule(buffer, layout.divider, shared.theme.rule(screen.focus == Focus::Detail));
    let area = layout.detail;
    let lines = lines(screen, shared, area.width.into());
    reader::draw(buffer, area, &lines, screen.scroll, &shared.theme);
    let below = lines.len().saturating_sub(usize::from(screen.scroll) + usize::from(area.height));
    if below > 0 && !area.is_empty() {
        let more = format!(" ↓ {below} more");
        let width = u16::try_from(text::width(&more)).unwrap_or(u16::MAX);
        let corner = beyond(area, area.width.saturating_sub(width));
        put(buffer, corner, area.height.saturating_sub(1), &more, shared.theme.of(Tone::Key));
    }
}
