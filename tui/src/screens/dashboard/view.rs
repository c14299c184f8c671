//! Draws the dashboard: numbers, rates and latencies above, a row for each campus below.

mod campuses;
mod figures;
mod words;

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Dashboard, layout::Layout};
use crate::{
    age,
    model::shared::Shared,
    theme::Tone,
    view::paint::{self, put, put_all},
};

/// Draws it.
pub(super) fn draw(screen: &Dashboard, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    let layout = Layout::of(screen, area);
    let area = paint::filter(buffer, area, &screen.filter, &shared.theme);
    let Some(reading) = &screen.reading else {
        let (words, tone) = match &screen.fault {
            Some(fault) => (format!("no numbers: {fault}"), Tone::Bad),
            None => ("Waiting for the first numbers.".to_owned(), Tone::Muted),
        };
        put(buffer, area, 0, &words, shared.theme.of(tone));
        return;
    };
    state(buffer, layout.state, screen, shared);
    if layout.rates.is_empty() {
        figures::few_lines(buffer, layout.numbers, screen, reading, shared);
    } else {
        figures::numbers(buffer, layout.numbers, screen, reading, shared);
        figures::rates(buffer, layout.rates, screen, reading, shared);
        figures::latency(buffer, layout.latency, screen, reading, shared);
    }
    paint::rule(buffer, layout.rule, shared.theme.rule(false));
    campuses::draw(buffer, layout.head, layout.campuses, screen, shared);
}

/// How often numbers come; or that they do not, and since when.
fn state(buffer: &mut Buffer, area: Rect, screen: &Dashboard, shared: &Shared) {
    let theme = &shared.theme;
    if !screen.is_stale(shared) {
        let words =
            format!("a reading every {}; rates of the last 10 minutes", words::seconds(screen.interval));
        put(buffer, area, 0, &words, theme.of(Tone::Muted));
        return;
    }
    let old = screen.read_at.map_or_else(String::new, |at| age::long(at, shared.now));
    let why = match &screen.fault {
        Some(fault) => format!(": {fault}"),
        None if shared.link.is_up() => ": none has come since".to_owned(),
        None => ": not connected".to_owned(),
    };
    let parts =
        [("○ stale", Tone::Waiting), (&*why, Tone::Waiting), ("; as of ", Tone::Muted), (&*old, Tone::Muted)];
    put_all(buffer, area, 0, parts.map(|(text, tone)| (text, theme.of(tone))));
}
