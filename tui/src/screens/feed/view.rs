//! Draws the feed: the list, and the selected notification.

mod detail;
mod list;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Feed, Focus};
use crate::{model::shared::Shared, view::paint};

/// Draws it.
pub(super) fn draw(screen: &Feed, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    let layout = screen.layout(area);
    list::draw(buffer, layout.list, screen, shared);
    paint::rule(buffer, layout.divider, shared.theme.rule(screen.focus == Focus::Detail));
    detail::draw(buffer, layout.detail, screen, shared);
}
