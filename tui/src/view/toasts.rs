//! What arrived elsewhere: over the screen's upper right corner, the newest lowest.

use ratatui::{buffer::Buffer, layout::Rect};

use super::paint::{cut, put};
use crate::{model::shared::Shared, text, theme::Tone};

/// No toast is wider, in columns.
const WIDEST: u16 = 60;

/// Draws them.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, shared: &Shared) {
    let more = shared.toasts.more();
    let more = (more > 0).then(|| (format!("and {more} more"), false));
    let toasts = shared.toasts.iter().map(|toast| (toast.text.clone(), toast.bad)).chain(more);
    for (row, (said, bad)) in (0..area.height).zip(toasts) {
        let line = format!(" {} ", text::fit(&said, area.width.min(WIDEST).saturating_sub(2).into()));
        let width = u16::try_from(text::width(&line)).unwrap_or(u16::MAX).min(area.width);
        let place = Rect { x: area.right() - width, y: area.y + row, width, height: 1 };
        let tone = if bad { Tone::Urgent } else { Tone::Toast };
        cut(buffer, place);
        put(buffer, place, 0, &line, shared.theme.of(tone));
    }
}
