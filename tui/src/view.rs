//! Draws a model. Pure: the same model gives the same frame; it changes nothing, knows no keys and no clock.

mod detail;
mod footer;
mod header;
mod help;
mod list;
mod paint;
pub mod theme;

#[cfg(test)]
mod tests;

use ratatui::Frame;

use crate::{
    model::{Focus, Model, layout::Layout},
    view::theme::Theme,
};

/// Draws one frame.
pub fn draw(frame: &mut Frame, model: &Model, theme: &Theme) {
    // The frame's own size, not the model's: after a resize the one may be ahead of the other.
    let layout = Layout::of(frame.area().as_size(), model.focus);
    let buffer = frame.buffer_mut();
    header::draw(buffer, layout.header, model, theme);
    footer::draw(buffer, layout.footer, model, theme);
    if let Some(scroll) = model.help {
        let body = layout.list.union(layout.divider).union(layout.detail);
        return help::draw(buffer, body, scroll, theme);
    }
    list::draw(buffer, layout.list, model, theme);
    paint::rule(buffer, layout.divider, theme.rule(model.focus == Focus::Detail));
    detail::draw(buffer, layout.detail, model, theme);
}
