//! The first row: how the connection is, who the viewer is and where, and how many are unread.

use ratatui::{buffer::Buffer, layout::Rect, style::Style};

use super::{
    paint::{beyond, put, put_all},
    theme::Theme,
};
use crate::{
    model::{Model, feed::Filter, link::LinkState},
    text,
};

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, model: &Model, theme: &Theme) {
    let (light, style) = light(model, theme);
    let numbers = numbers(model);
    // Where there is no room for both, the light stays.
    let right = u16::try_from(text::width(&numbers)).unwrap_or(0);
    let left = Rect { width: area.width.saturating_sub(right + 1), ..area };
    let used = put(buffer, if area.width > 40 { left } else { area }, 0, &light, style);
    if used + right < area.width {
        let style =
            if model.unread.is_some_and(|unread| unread.count > 0) { theme.unread } else { theme.muted };
        put(buffer, beyond(area, area.width - right), 0, &numbers, style);
        put_all(buffer, beyond(left, used), 0, [("  ", theme.text), (&who(model), theme.text)]);
    }
}

/// The connection light: a shape and a word; the colour only repeats them.
fn light(model: &Model, theme: &Theme) -> (String, Style) {
    match &model.link.state {
        LinkState::Connecting => (format!("◐ connecting to {}", model.server), theme.waiting),
        LinkState::CatchingUp => ("◐ catching up".to_owned(), theme.waiting),
        LinkState::Live => ("● live".to_owned(), theme.good),
        LinkState::Waiting { until, why } => {
            let seconds = (*until - model.now).as_seconds_f64().ceil();
            let when = if seconds > 0.0 { format!(" in {seconds} s") } else { String::new() };
            (format!("○ reconnecting{when}: {why}"), theme.waiting)
        }
        LinkState::Refused { why } => (format!("✗ refused: {why}"), theme.bad),
    }
}

fn who(model: &Model) -> String {
    let Some(viewer) = &model.viewer else {
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

/// What the list does not show: what is above it, what is left out of it, and how many are unread in all.
fn numbers(model: &Model) -> String {
    let above = model.feed.selection.offset;
    let above = (above > 0).then(|| format!("↑ {above} newer"));
    let filter = (model.feed.filter == Filter::Unread).then(|| "unread only".to_owned());
    let unread = model.unread.map(|unread| format!("{unread} unread"));
    [above, filter, unread].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
