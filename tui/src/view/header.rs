//! The first row: how the connection is, who the viewer is and where, and how many are unread.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::paint::{beyond, put, put_all};
use crate::{
    model::{Model, link::LinkState, shared::Shared},
    text,
    theme::Tone,
};

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, model: &Model) {
    let Shared { theme, unread, .. } = &model.shared;
    let (light, style) = light(&model.shared);
    let numbers = numbers(model);
    // Where there is no room for both, the light stays.
    let right = u16::try_from(text::width(&numbers)).unwrap_or(0);
    let left = Rect { width: area.width.saturating_sub(right + 1), ..area };
    let used = put(buffer, if area.width > 40 { left } else { area }, 0, &light, style);
    if used + right < area.width {
        let style = if unread.is_some_and(|unread| unread.count > 0) {
            theme.of(Tone::Unread)
        } else {
            theme.of(Tone::Muted)
        };
        put(buffer, beyond(area, area.width - right), 0, &numbers, style);
        put_all(
            buffer,
            beyond(left, used),
            0,
            [("  ", theme.of(Tone::Text)), (&who(&model.shared), theme.of(Tone::Text))],
        );
    }
}

/// The connection light: a shape and a word; the colour only repeats them.
fn light(shared: &Shared) -> (String, Style) {
    let theme = &shared.theme;
    match &shared.link.state {
        LinkState::Connecting => (format!("◐ connecting to {}", shared.server), theme.of(Tone::Waiting)),
        LinkState::CatchingUp => ("◐ catching up".to_owned(), theme.of(Tone::Waiting)),
        LinkState::Live => ("● live".to_owned(), theme.of(Tone::Good)),
        LinkState::Waiting { until, why } => {
            let seconds = (*until - shared.now).as_seconds_f64().ceil();
            let when = if seconds > 0.0 { format!(" in {seconds} s") } else { String::new() };
            (format!("○ reconnecting{when}: {why}"), theme.of(Tone::Waiting))
        }
        LinkState::Refused { why } => (format!("✗ refused: {why}"), theme.of(Tone::Bad)),
    }
}

fn who(shared: &Shared) -> String {
    let Some(viewer) = &shared.viewer else {
        return String::new();
    };
    let places: Vec<_> = viewer
        .campuses
        .iter()
        .map(|place| if place.admin { format!("{} (admin)", place.name) } else { place.name.clone() })
        .collect();
    match places.as_slice() {
        [] => format!("{} ({})", viewer.name, viewer.key),
        places => format!("{} ({}) · {}", viewer.name, viewer.key, places.join(", ")),
    }
}

/// What the screen does not show, and how many are unread in all.
fn numbers(model: &Model) -> String {
    let readonly = model.shared.options.readonly.then(|| "read-only".to_owned());
    let unread = model.shared.unread.map(|unread| format!("{unread} unread"));
    let parts = readonly.into_iter().chain(model.screen().says(&model.shared)).chain(unread);
    parts.collect::<Vec<_>>().join(" · ")
}
