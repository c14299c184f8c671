//! Draws the feed.

use ratatui::{buffer::Buffer, layout::Rect};

use super::Feed;
use crate::{model::shared::Shared, triage::inbox::Filter};

/// Draws it.
pub(super) fn draw(screen: &Feed, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    screen.triage.draw(shared, buffer, area, nothing(screen, shared));
}

fn nothing(screen: &Feed, shared: &Shared) -> &'static str {
    match (shared.viewer.is_some(), screen.triage.inbox.filter) {
        (false, _) => "",
        (true, Filter::All) => "Nothing yet. What concerns you will appear here.",
        (true, Filter::Unread) => "Nothing unread.",
    }
}
