//! Draws the list, and the selected notification beside it.

mod detail;
mod list;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Focus, Triage};
use crate::{model::shared::Shared, view::paint};

impl Triage {
    /// Draws it; where the list is empty, it says `nothing`.
    pub fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect, nothing: &str) {
        let layout = self.layout(area);
        list::draw(buffer, layout.list, self, shared, nothing);
        paint::rule(buffer, layout.divider, shared.theme.rule(self.focus == Focus::Detail));
        detail::draw(buffer, layout.detail, self, shared);
    }
}
