//! The numbers of the moment, the rates as sparklines, the latencies as bars.

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    symbols::block,
    widgets::{Sparkline, Widget},
};

use super::words::{self, HIDDEN};
use crate::{
    model::shared::Shared,
    screens::dashboard::{Dashboard, Latency, Reading, history::Sample},
    theme::Tone,
    view::paint::{beyond, put, put_all},
};

/// How a rate is found in a sample.
type Rate = fn(&Sample) -> Option<f64>;

/// What is old is not what is.
fn figure(screen: &Dashboard, shared: &Shared) -> Style {
    shared.theme.of(if screen.is_stale(shared) { Tone::Muted } else { Tone::Title })
}

/// A line for each number.
pub(super) fn numbers(
    buffer: &mut Buffer,
    area: Rect,
    screen: &Dashboard,
    reading: &Reading,
    shared: &Shared,
) {
    let lines = [
        ("Connections", words::whole(reading.connections)),
        ("Subscriptions", words::whole(reading.subscriptions)),
        ("Catching up", words::whole(reading.catching_up)),
        ("Servers", words::whole(reading.servers)),
        ("Published in all", words::total(reading.published_total)),
        ("Delivered in all", words::total(reading.delivered_total)),
    ];
    for (row, (name, value)) in (0..area.height).zip(lines) {
        put(buffer, area, row, name, shared.theme.of(Tone::Muted));
        put(buffer, beyond(area, 18), row, &value, figure(screen, shared));
    }
}

/// Two sparklines, three rows each.
pub(super) fn rates(buffer: &mut Buffer, area: Rect, screen: &Dashboard, reading: &Reading, shared: &Shared) {
    let published: (&str, Option<f64>, Rate) = ("Published", reading.published_per_second, |it| it.published);
    let delivered: (&str, Option<f64>, Rate) = ("Delivered", reading.delivered_per_second, |it| it.delivered);
    for (row, (name, now, rate)) in (0..area.height).step_by(3).zip([published, delivered]) {
        let most = screen.history.highest(rate);
        let most = most.map_or_else(String::new, |most| format!("   most {}", words::rate(Some(most))));
        let now = words::rate(now);
        let parts = [
            (name, shared.theme.of(Tone::Muted)),
            (" ", shared.theme.of(Tone::Text)),
            (&*now, figure(screen, shared)),
            (&*most, shared.theme.of(Tone::Muted)),
        ];
        put_all(buffer, area, row, parts);
        let below = Rect { y: area.y + row + 1, height: (area.height - row - 1).min(2), ..area };
        sparkline(buffer, below, screen, rate, shared);
    }
}

/// The rates of the last ten minutes. Where nothing is to move, nothing does: the numbers say the same.
fn sparkline(buffer: &mut Buffer, area: Rect, screen: &Dashboard, rate: Rate, shared: &Shared) {
    if shared.options.reduced_motion {
        return;
    }
    let tone = if screen.is_stale(shared) { Tone::Muted } else { Tone::Key };
    let stretches = screen.history.stretches(shared.now, area.width, rate);
    let highest = stretches.iter().copied().flatten().fold(0.0, f64::max);
    let bars = stretches.into_iter().map(|rate| rate.map(|rate| part(rate, highest, STEPS)));
    let sparkline =
        Sparkline::default().data(bars).max(STEPS).absent_value_symbol(" ").style(shared.theme.of(tone));
    sparkline.render(area.intersection(buffer.area), buffer);
}

/// A bar is as fine as this; a terminal shows eight steps a row.
const STEPS: u64 = 1_000;

/// How much of a whole something is, in steps.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "between nothing and a few thousand steps, whatever it is"
)]
fn part(of: f64, whole: f64, steps: u64) -> u64 {
    if whole > 0.0 { ((of / whole).clamp(0.0, 1.0) * steps as f64).round() as u64 } else { 0 }
}

/// How long deliveries took, a bar for each percentile.
pub(super) fn latency(
    buffer: &mut Buffer,
    area: Rect,
    screen: &Dashboard,
    reading: &Reading,
    shared: &Shared,
) {
    let theme = &shared.theme;
    put(buffer, area, 0, "Delivered within, last minute", theme.of(Tone::Muted));
    let Some(latency) = reading.latency else {
        put(buffer, area, 1, without_latency(reading), figure(screen, shared));
        return;
    };
    let tone = if screen.is_stale(shared) { Tone::Muted } else { Tone::Good };
    for (row, (name, ms)) in (1..area.height).zip(percentiles(latency)) {
        put(buffer, area, row, name, theme.of(Tone::Muted));
        let columns = area.width.saturating_sub(4 + 10);
        let bar = bar(ms, latency.max, columns);
        put(buffer, beyond(area, 4), row, &bar, theme.of(tone));
        let value = format!("{:>9}", words::milliseconds(ms));
        put(buffer, beyond(area, area.width.saturating_sub(10)), row, &value, figure(screen, shared));
    }
}

fn percentiles(latency: Latency) -> [(&'static str, f64); 4] {
    [("p50", latency.p50), ("p90", latency.p90), ("p99", latency.p99), ("max", latency.max)]
}

/// There is none where nothing was delivered, and where it is not the viewer's to see.
fn without_latency(reading: &Reading) -> &'static str {
    if reading.connections.is_some() { "nothing delivered" } else { HIDDEN }
}

/// A bar of so many columns at most, in eighths of one.
fn bar(of: f64, whole: f64, columns: u16) -> String {
    const EIGHTHS: [&str; 8] = [
        "",
        block::ONE_EIGHTH,
        block::ONE_QUARTER,
        block::THREE_EIGHTHS,
        block::HALF,
        block::FIVE_EIGHTHS,
        block::THREE_QUARTERS,
        block::SEVEN_EIGHTHS,
    ];
    // However little it is, it is not nothing.
    let eighths = part(of, whole, u64::from(columns) * 8).max(u64::from(of > 0.0 && columns > 0));
    let (full, rest) = (usize::try_from(eighths / 8).unwrap_or(0), usize::try_from(eighths % 8).unwrap_or(0));
    format!("{}{}", block::FULL.repeat(full), EIGHTHS.get(rest).copied().unwrap_or_default())
}

/// All of it in four lines, for where there is no room for more.
pub(super) fn few_lines(
    buffer: &mut Buffer,
    area: Rect,
    screen: &Dashboard,
    reading: &Reading,
    shared: &Shared,
) {
    let theme = &shared.theme;
    let (muted, bold) = (theme.of(Tone::Muted), figure(screen, shared));
    let counts = [
        ("Connections ", words::whole(reading.connections)),
        ("  subscribed ", words::whole(reading.subscriptions)),
        ("  behind ", words::whole(reading.catching_up)),
        ("  servers ", words::whole(reading.servers)),
    ];
    put_all(
        buffer,
        area,
        0,
        counts.iter().flat_map(|(name, value)| [(*name, muted), (value.as_str(), bold)]),
    );
    let published: (&str, _, _, Rate) =
        ("Published ", reading.published_per_second, reading.published_total, |it| it.published);
    let delivered: (&str, _, _, Rate) =
        ("Delivered ", reading.delivered_per_second, reading.delivered_total, |it| it.delivered);
    for (row, (name, now, total, rate)) in (1..area.height).zip([published, delivered]) {
        let (now, total) = (format!("{:<9}", words::rate(now)), format!("{} in all  ", words::total(total)));
        let used = put_all(buffer, area, row, [(name, muted), (&now, bold), (&total, muted)]);
        let rest = beyond(area, used);
        sparkline(buffer, Rect { y: rest.y + row, height: 1, ..rest }, screen, rate, shared);
    }
    let latency = match reading.latency {
        Some(latency) => {
            percentiles(latency).map(|(name, ms)| format!("{name} {}", words::milliseconds(ms))).join("  ")
        }
        None => without_latency(reading).to_owned(),
    };
    put_all(buffer, area, 3, [("Within ", muted), (&*latency, bold)]);
}
