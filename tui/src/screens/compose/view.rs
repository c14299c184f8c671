//! Draws the screen Compose: the fields, how many it reaches, and what it will look like.

mod form;
mod preview;

pub(super) use self::preview::lines as preview_lines;

use ratatui::{buffer::Buffer, layout::Rect};

use super::Compose;
use crate::{
    model::shared::Shared,
    view::{paint, reader},
};

/// Draws it.
pub(super) fn draw(screen: &Compose, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    let layout = screen.layout(area);
    form::draw(buffer, layout.form, screen, shared);
    form::draw_reach(buffer, layout.reach, screen, shared);
    paint::rule(buffer, layout.divider, shared.theme.rule(false));
    let lines = preview_lines(screen, shared, layout.preview.width.into());
    reader::draw(buffer, layout.preview, &lines, screen.scroll, &shared.theme);
}
