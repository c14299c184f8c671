//! Draws the dashboard: a line for each number, and one for each campus.

use ratatui::{buffer::Buffer, layout::Rect};

use super::Dashboard;
use crate::{
    document::Line,
    model::shared::Shared,
    theme::Tone,
    view::{
        paint::{self, put},
        reader,
    },
};

/// Draws it.
pub(super) fn draw(screen: &Dashboard, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    let area = paint::filter(buffer, area, &screen.filter, &shared.theme);
    if let Some(fault) = &screen.fault {
        put(buffer, area, 0, &format!("no numbers: {fault}"), shared.theme.of(Tone::Bad));
        return;
    }
    if screen.reading.is_none() {
        put(buffer, area, 0, "Waiting for the first numbers.", shared.theme.of(Tone::Muted));
        return;
    }
    reader::draw(buffer, area, &lines(screen, shared), screen.scroll, &shared.theme);
}

/// All that there is to show.
pub(super) fn lines(screen: &Dashboard, shared: &Shared) -> Vec<Line> {
    let Some(reading) = &screen.reading else {
        return Vec::new();
    };
    let mut lines = vec![Line::Title("Now".to_owned())];
    let mut add = |name: &str, value: Option<String>| {
        let value = value.unwrap_or_else(|| "– not yours to see".to_owned());
        lines.push(Line::Field(format!("{name:18}"), value));
    };
    let whole = |number: Option<i32>| number.map(|number| number.to_string());
    let rate = |number: Option<f64>| number.map(|number| format!("{number:.1} a second"));
    let total = |number: Option<f64>| number.map(|number| format!("{number:.0}"));
    add("Connections", whole(reading.connections));
    add("Subscriptions", whole(reading.subscriptions));
    add("Catching up", whole(reading.catching_up));
    add("Servers", whole(reading.servers));
    add("Published", rate(reading.published_per_second));
    add("  in all", total(reading.published_total));
    add("Delivered", rate(reading.delivered_per_second));
    add("  in all", total(reading.delivered_total));
    let latency = reading.latency.map(|latency| {
        let parts = [("50%", latency.p50), ("90%", latency.p90), ("99%", latency.p99), ("all", latency.max)];
        parts.map(|(name, ms)| format!("{name} {ms:.1} ms")).join("   ")
    });
    add(
        "Delivered within",
        latency.or_else(|| reading.connections.map(|_| "– nothing delivered".to_owned())),
    );
    lines.push(Line::Text(String::new()));
    lines.push(Line::Title("Campuses".to_owned()));
    let campuses = screen.campuses(shared);
    if campuses.is_empty() {
        lines.push(Line::Text("none that match".to_owned()));
    }
    lines.extend(campuses.into_iter().map(|campus| {
        let name = crate::text::pad(&campus.name, 18);
        let (open, told) = (campus.connections, campus.published_last_hour);
        Line::Field(name, format!("{open} connected   {told} published in the last hour"))
    }));
    lines
}
