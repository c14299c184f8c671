//! Draws the feed.

use ratatui::{buffer::Buffer, layout::Rect};

use super::Feed;
use crate::{model::shared::Shared, triage::inbox::Filter};

/// Draws it.
pub(super) fn draw(screen: &Feed, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    screen.triage.draw(shared, buffer, area, nothing(screen, shared));
}

fn nothing(screen: &Feed, shared: &Shared) -> &'static str {
    let inbox = &screen.triage.inbox;
    match (shared.viewer.is_some(), inbox.filter) {
        (false, _) => "",
        (true, _) if inbox.narrow().leaves_out() && inbox.is_fetching() => "Looking further back.",
        (true, _) if inbox.narrow().text.is_shown() => {
            "Nothing here matches that. The history looks through everything."
        }
        (true, _) if inbox.narrow().leaves_out() => "Nothing of this campus here.",
        (true, Filter::All) => "Nothing yet. What concerns you will appear here.",
        (true, Filter::Unread) => "Nothing unread.",
    }
}
