//! Draws a model. Pure: the same model gives the same frame; it changes nothing, knows no keys and no clock.

pub(crate) mod bar;
mod footer;
mod header;
mod overlay;
pub(crate) mod paint;
pub(crate) mod reader;
mod tabs;
mod toasts;

#[cfg(test)]
pub(crate) mod tests;

use ratatui::Frame;

use crate::{
    model::{
        Model,
        frame::{TOO_SMALL, is_tiny},
    },
    theme::Tone,
};

/// Draws one frame.
pub fn draw(frame: &mut Frame, model: &Model) {
    let shared = &model.shared;
    // The frame's own size, not the model's: after a resize the one may be ahead of the other.
    let size = frame.area().as_size();
    let parts = shared.frame(size);
    let buffer = frame.buffer_mut();
    buffer.set_style(buffer.area, shared.theme.of(Tone::Text));
    if is_tiny(size) {
        paint::put(buffer, buffer.area, 0, TOO_SMALL, shared.theme.of(Tone::Waiting));
        return;
    }
    header::draw(buffer, parts.header, model);
    tabs::draw(buffer, parts.tabs, model);
    footer::draw(buffer, parts.footer, model);
    model.screen().draw(shared, buffer, parts.body);
    toasts::draw(buffer, parts.body, shared);
    for overlay in &shared.overlays {
        overlay::draw(buffer, parts.body, overlay, model);
    }
}
