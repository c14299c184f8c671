//! Draws a model. Pure: the same model gives the same frame; it changes nothing, knows no keys and no clock.

mod footer;
mod header;
mod help;
pub(crate) mod paint;
pub(crate) mod reader;

#[cfg(test)]
mod tests;

use ratatui::Frame;

use crate::{
    model::{self, Model},
    screens::Screen,
};

/// Draws one frame.
pub fn draw(frame: &mut Frame, model: &Model) {
    // The frame's own size, not the model's: after a resize the one may be ahead of the other.
    let parts = model::frame::Frame::of(frame.area().as_size());
    let buffer = frame.buffer_mut();
    let shared = &model.shared;
    header::draw(buffer, parts.header, model);
    footer::draw(buffer, parts.footer, model);
    match shared.help {
        Some(scroll) => help::draw(buffer, parts.body, scroll, &shared.theme),
        None => model.screens.feed.draw(shared, buffer, parts.body),
    }
}
