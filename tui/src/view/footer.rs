//! The last row: how something went, for a while; else the keys that work now.

use ratatui::{buffer::Buffer, layout::Rect};

use super::paint::{beyond, put, put_all};
use crate::{
    action::Action,
    model::{Model, link::LinkState},
    theme::Tone,
};

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, model: &Model) {
    let theme = &model.shared.theme;
    if let Some(status) = &model.shared.status {
        let tone = if status.bad { Tone::Bad } else { Tone::Good };
        put(buffer, area, 0, &status.text, theme.of(tone));
        return;
    }
    let mut used = 0;
    let context = model.context();
    for binding in model.bindings(context) {
        let hint = hint(binding.spec.action, binding.spec.hint, model);
        let Some((key, hint)) = binding.key_in(context).zip(hint) else {
            continue;
        };
        let key = key.to_string();
        let gap = if used > 0 { "  " } else { "" };
        let room = gap.len() + crate::text::width(&key) + 1 + crate::text::width(hint);
        // A key without what it does, or half of it, helps nobody.
        if usize::from(used) + room > usize::from(area.width) {
            break;
        }
        let rest = beyond(area, used);
        let parts = [(gap, Tone::Text), (&*key, Tone::Key), (" ", Tone::Text), (hint, Tone::Muted)];
        used += put_all(buffer, rest, 0, parts.map(|(text, tone)| (text, theme.of(tone))));
    }
}

fn hint(action: Action, hint: Option<&'static str>, model: &Model) -> Option<&'static str> {
    let waits = matches!(model.shared.link.state, LinkState::Waiting { .. } | LinkState::Refused { .. });
    match action {
        Action::Reconnect if waits => Some("connect now"),
        _ => hint,
    }
}
