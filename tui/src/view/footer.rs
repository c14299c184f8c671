//! The last row: how something went, for a while; else the keys that work now.

use ratatui::{buffer::Buffer, layout::Rect};

use super::paint::{beyond, put, put_all};
use crate::{
    keymap::{self, Action},
    model::{Model, link::LinkState},
};

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, model: &Model) {
    let theme = &model.shared.theme;
    if let Some(status) = &model.shared.status {
        put(buffer, area, 0, &status.text, if status.bad { theme.bad } else { theme.good });
        return;
    }
    let mut used = 0;
    for binding in keymap::bindings(model.context()) {
        let Some(hint) = hint(binding, model) else {
            continue;
        };
        let key = binding.keys[0].to_string();
        let room = crate::text::width(&key) + 1 + crate::text::width(hint);
        // A key without what it does, or half of it, helps nobody.
        if usize::from(used) + room > usize::from(area.width) {
            break;
        }
        let rest = beyond(area, used);
        used += put_all(
            buffer,
            rest,
            0,
            [(&*key, theme.key), (" ", theme.text), (hint, theme.muted), ("  ", theme.text)],
        );
    }
}

fn hint(binding: &keymap::Binding, model: &Model) -> Option<&'static str> {
    let waits = matches!(model.shared.link.state, LinkState::Waiting { .. } | LinkState::Refused { .. });
    match binding.action {
        Action::Reconnect if waits => Some("connect now"),
        _ => binding.hint,
    }
}
