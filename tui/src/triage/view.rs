//! Draws the list, and the selected notification beside it.

mod detail;
mod list;

#[cfg(test)]
mod tests;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Focus, Triage};
use crate::{model::shared::Shared, view::paint};

impl Triage {
    /// Draws it; where the list is empty, it says `nothing`.
    pub fn draw(&self, shared: &Shared, buffer: &mut Buffer, area: Rect, nothing: &str) {
        let own = self.above.min(area.height);
        let below = Rect { y: area.y + own, height: area.height - own, ..area };
        paint::filter(buffer, below, &self.inbox.narrow().text, &shared.theme);
        let layout = self.layout(area);
        list::draw(buffer, layout.list, self, shared, nothing);
        paint::rule(buffer, layout.divider, shared.theme.rule(self.focus == Focus::Detail));
        detail::draw(buffer, layout.detail, self, shared);
    }
}
