//! The selected notification, whole.

use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    document,
    model::shared::Shared,
    text,
    theme::Tone,
    triage::Triage,
    view::{
        paint::{beyond, highlight, put},
        reader,
    },
};

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, triage: &Triage, shared: &Shared) {
    let Some(notification) = triage.inbox.selected() else {
        return;
    };
    let lines = document::notification(notification, shared.now, area.width.into());
    reader::draw(buffer, area, &lines, triage.detail_scroll, &shared.theme);
    for (row, line) in (0..area.height).zip(lines.iter().skip(triage.detail_scroll.into())) {
        if let document::Line::Title(text) | document::Line::Text(text) = line {
            highlight(buffer, area, row, text, &triage.wanted, shared.theme.of(Tone::Match));
        }
    }
    let below = lines.len().saturating_sub(usize::from(triage.detail_scroll) + usize::from(area.height));
    if below > 0 {
        let more = format!(" ↓ {below} more");
        let width = u16::try_from(text::width(&more)).unwrap_or(u16::MAX);
        put(
            buffer,
            beyond(area, area.width.saturating_sub(width)),
            area.height.saturating_sub(1),
            &more,
            shared.theme.of(Tone::Key),
        );
    }
}
