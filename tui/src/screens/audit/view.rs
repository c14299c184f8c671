//! Draws the audit: a row for each entry, newest first.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{Audit, Entry, Wanted, update};
use crate::{
    model::shared::Shared,
    theme::{Theme, Tone},
    view::paint::put,
};

/// From so many columns on a row says to what it was done, and from where.
const ROOM_FOR_TARGET: u16 = 76;
const ROOM_FOR_ADDRESS: u16 = 110;

/// Draws it.
pub(super) fn draw(screen: &Audit, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    let theme = &shared.theme;
    put(
        buffer,
        area,
        0,
        &what(screen),
        theme.of(if screen.fault.is_some() { Tone::Bad } else { Tone::Muted }),
    );
    let list = update::list(area);
    let head = Rect { y: area.y + 1, height: area.height.saturating_sub(1).min(1), ..area };
    let names = ["At (UTC)", "By", "Action", "Outcome", "To", "From"];
    for (name, column) in names.iter().zip(columns(head)) {
        put(buffer, column, 0, name, theme.of(Tone::Muted));
    }
    if screen.entries.is_empty() && !screen.fetching && screen.fault.is_none() {
        put(buffer, list, 0, "Nothing was done that is like this.", theme.of(Tone::Muted));
    }
    let entries = screen.entries.iter().enumerate().skip(screen.selection.offset);
    for (row, (index, entry)) in (0..list.height).zip(entries) {
        let line = Rect { y: list.y + row, height: 1, ..list };
        draw_row(buffer, line, entry, theme);
        if index == screen.selection.index {
            buffer.set_style(line, theme.of(Tone::Selected));
        }
    }
}

/// How many there are so far, and what they are narrowed to.
fn what(screen: &Audit) -> String {
    if let Some(fault) = &screen.fault {
        return format!("no more entries: {fault}");
    }
    let count = screen.entries.len();
    let more = match (screen.fetching, &screen.end) {
        (true, _) => " …",
        (false, Some(_)) if count >= update::MOST => " and more: narrow them to see older ones",
        (false, Some(_)) => " and more",
        (false, None) => "",
    };
    let Wanted { actor, action } = &screen.wanted;
    let actor = actor.as_ref().map_or_else(String::new, |actor| format!(" · by {actor}"));
    let action = action.as_ref().map_or_else(String::new, |action| format!(" · {action}"));
    format!("{count} entries{more}{actor}{action}")
}

fn draw_row(buffer: &mut Buffer, line: Rect, entry: &Entry, theme: &Theme) {
    let at = entry.at.format("%Y-%m-%d %H:%M:%S").to_string();
    let actor = entry.actor.as_ref().map_or("–", |actor| &actor.name);
    let target = entry.target.as_deref().unwrap_or("–").replace('\n', " ");
    let from = entry.remote_address.as_deref().unwrap_or("–");
    let texts = [&*at, actor, &*entry.action, &*entry.outcome, &*target, from];
    let tones = [Tone::Muted, Tone::Text, Tone::Title, outcome(&entry.outcome), Tone::Text, Tone::Muted];
    for ((text, tone), column) in texts.into_iter().zip(tones).zip(columns(line)) {
        put(buffer, column, 0, text, theme.of(tone));
    }
}

/// The word says it; this only makes it seen.
fn outcome(word: &str) -> Tone {
    let went_well = ["ok", "success", "succeeded", "done", "allowed"];
    if went_well.iter().any(|well| word.eq_ignore_ascii_case(well)) { Tone::Good } else { Tone::Bad }
}

/// A row's columns; the last cell of each stays empty, and what has no room is empty altogether.
fn columns(line: Rect) -> [Rect; 6] {
    let at = 20;
    let from = if line.width < ROOM_FOR_ADDRESS { 0 } else { 20 };
    let rest = line.width.saturating_sub(at + from);
    let widths = if line.width < ROOM_FOR_TARGET {
        let outcome = rest / 4;
        let actor = (rest - outcome) / 2;
        [at, actor, rest - outcome - actor, outcome, 0, 0]
    } else {
        let (actor, action, outcome) = (rest / 4, rest * 3 / 10, rest / 6);
        [at, actor, action, outcome, rest - actor - action - outcome, from]
    };
    let mut x = line.x;
    widths.map(|width| {
        let column = Rect { x, width: width.saturating_sub(1), ..line }.intersection(line);
        x = x.saturating_add(width).min(line.right());
        column
    })
}
