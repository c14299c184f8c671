//! The list: a row for each broadcast, newest first, under the names of its columns.

use chrono::{DateTime, Utc};
use ratatui::{buffer::Buffer, layout::Rect};

use crate::{
    age,
    model::{
        broadcast::{Broadcast, State, grouped},
        notification::Priority,
        shared::Shared,
    },
    screens::broadcasts::Broadcasts,
    text,
    theme::Tone,
    triage::Focus,
    view::{
        bar::{bar, percent},
        paint::{put, put_all},
    },
};

/// How wide each column is, the empty one behind it included; 0 where there is no room for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    state: usize,
    when: usize,
    place: usize,
    title: usize,
    /// Delivered, and read, each.
    share: usize,
    size: usize,
}

impl Columns {
    fn of(width: u16) -> Self {
        let width = usize::from(width);
        let (place, share, size) = match width {
            0..44 => (0, 0, 0),
            44..76 => (0, 7, 0),
            76..100 => (16, 10, 0),
            _ => (20, 14, 8),
        };
        let (state, when) = if width < 30 { (2, 0) } else { (10, 10) };
        let taken = state + when + place + 2 * share + size;
        Self { state, when, place, title: width.saturating_sub(taken), share, size }
    }
}

/// Draws it.
pub(super) fn draw(buffer: &mut Buffer, head: Rect, area: Rect, screen: &Broadcasts, shared: &Shared) {
    let theme = &shared.theme;
    let columns = Columns::of(area.width);
    let names = [
        ("State", columns.state),
        ("When", columns.when),
        ("To", columns.place),
        ("Title", columns.title),
        (if columns.share < 10 { "Deliv." } else { "Delivered" }, columns.share),
        ("Read", columns.share),
        ("Of", columns.size),
    ];
    let names = names.map(|(name, width)| text::pad(name, width));
    put_all(buffer, head, 0, names.iter().map(|name| (&**name, theme.of(Tone::Title))));
    if let Some((text, tone)) = nothing(screen) {
        put(buffer, area, 0, &text, theme.of(tone));
        return;
    }
    let shown = screen.shown_rows().enumerate().skip(screen.selection.offset);
    for (row, (index, broadcast)) in (0..area.height).zip(shown) {
        let line = Rect { y: area.y + row, height: 1, ..area };
        draw_row(buffer, line, columns, broadcast, screen.is_changing(&broadcast.id), shared);
        if index == screen.selection.index {
            let focused = screen.focus == Focus::List;
            buffer.set_style(line, theme.of(if focused { Tone::Selected } else { Tone::SelectedIdle }));
        }
    }
}

fn draw_row(
    buffer: &mut Buffer,
    line: Rect,
    columns: Columns,
    row: &Broadcast,
    changing: bool,
    shared: &Shared,
) {
    let (state, tone) = match &row.state {
        _ if changing => ("…", Tone::Waiting),
        State::Scheduled => (row.state.as_str(), Tone::Waiting),
        State::Sent => (row.state.as_str(), Tone::Good),
        State::Failed => (row.state.as_str(), Tone::Bad),
        State::Recalled | State::Cancelled | State::Other(_) => (row.state.as_str(), Tone::Muted),
    };
    let over = matches!(row.state, State::Recalled | State::Cancelled | State::Failed);
    let share = |part: u32| {
        if !matches!(row.state, State::Sent | State::Recalled) || columns.share == 0 {
            return " ".repeat(columns.share);
        }
        // A bar where there is room for one, else only the number.
        let room = columns.share.saturating_sub(6);
        let room = if room < 3 { 0 } else { room };
        text::pad(&format!("{}{:>5}", bar(part, row.size, room), percent(part, row.size)), columns.share)
    };
    let theme = &shared.theme;
    let title = match row.priority {
        _ if over => theme.of(Tone::Muted),
        Priority::Urgent | Priority::High => theme.priority(&row.priority),
        _ => theme.of(Tone::Text),
    };
    let mark = match row.priority {
        Priority::Urgent => "! ",
        _ => "",
    };
    // What is not to be sent any more counts down to nothing.
    let when = row.when().filter(|at| row.state == State::Scheduled || *at <= shared.now);
    let when = when.map_or_else(String::new, |at| when_in_words(at, shared.now));
    let size = format!("{:>width$}", grouped(row.size), width = columns.size);
    let parts = [
        (text::pad(state, columns.state), theme.of(tone)),
        (text::pad(&when, columns.when), theme.of(Tone::Muted)),
        (text::pad(&row.place(), columns.place), theme.of(Tone::Muted)),
        (text::pad(&format!("{mark}{}", row.title), columns.title), title),
        (share(row.delivered), theme.of(Tone::Text)),
        (share(row.read), theme.of(Tone::Text)),
        (if columns.size > 0 { size } else { String::new() }, theme.of(Tone::Muted)),
    ];
    put_all(buffer, line, 0, parts.iter().map(|(text, style)| (&**text, *style)));
}

/// How long ago, or how long to go: by the second, where it is not long.
fn when_in_words(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = (at - now).num_seconds();
    match seconds {
        ..=0 => age::short(at, now),
        1..60 => format!("in {seconds}s"),
        60..3_600 => format!("in {}:{:02}", seconds / 60, seconds % 60),
        3_600..86_400 => format!("in {}h{:02}", seconds / 3_600, seconds / 60 % 60),
        _ => format!("in {}d{}h", seconds / 86_400, seconds / 3_600 % 24),
    }
}

/// What to say where there are no rows.
fn nothing(screen: &Broadcasts) -> Option<(String, Tone)> {
    if let Some(fault) = &screen.fault
        && screen.rows.is_empty()
    {
        return Some((format!("nothing to show: {fault}"), Tone::Bad));
    }
    if screen.shown_rows().next().is_some() {
        return None;
    }
    let text = match (screen.known, screen.rows.is_empty()) {
        (false, _) => "Waiting for the first page.",
        (true, true) => "Nothing has been sent yet.",
        (true, false) if screen.fetching.is_some() => "Looking further down.",
        (true, false) => "None that match.",
    };
    Some((text.to_owned(), Tone::Muted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::moment;
    use chrono::TimeDelta;
    use rstest::rstest;

    #[rstest]
    #[case(-90, "1m")]
    #[case(0, "0s")]
    #[case(9, "in 9s")]
    #[case(245, "in 4:05")]
    #[case(11_100, "in 3h05")]
    #[case(183_600, "in 2d3h")]
    fn a_count_down(#[case] seconds: i64, #[case] shown: &str) {
        assert_eq!(when_in_words(moment() + TimeDelta::seconds(seconds), moment()), shown);
    }

    #[test]
    fn the_columns_fill_the_row() {
        for width in 12..300 {
            let Columns { state, when, place, title, share, size } = Columns::of(width);
            assert_eq!(state + when + place + title + 2 * share + size, usize::from(width));
            assert!(width < 30 || title >= 8, "{width}");
        }
    }
}
