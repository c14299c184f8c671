//! Draws the history: the line that is searched by, the filters, and what has been found.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{History, model::MOST};
use crate::{
    action::Action,
    model::shared::Shared,
    theme::Tone,
    view::paint::{self, beyond, put, put_all},
    when,
};

/// Below this many rows there is none for the filters.
const ROOM_FOR_CHIPS: u16 = 6;

/// Rows above the list: the line that is searched by, and the filters, where there are any and there is room.
pub(super) fn rows_above(screen: &History, shared: &Shared) -> u16 {
    let says_more = screen.fault.is_some() || !chips(screen, shared).is_empty();
    1 + u16::from(says_more && shared.body().height >= ROOM_FOR_CHIPS)
}

/// Draws it.
pub(super) fn draw(screen: &History, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    if screen.line.is_shown() {
        paint::filter(buffer, area, &screen.line, &shared.theme);
    } else {
        let hint = format!("{} to search everything", key(shared, Action::Filter));
        put(buffer, area, 0, &hint, shared.theme.of(Tone::Muted));
    }
    if screen.triage.above > 1 && area.height > 1 {
        draw_chips(screen, shared, buffer, area);
    }
    screen.triage.draw(shared, buffer, area, &nothing(screen, shared));
}

fn draw_chips(screen: &History, shared: &Shared, buffer: &mut Buffer, area: Rect) {
    if let Some(fault) = &screen.fault {
        put(buffer, area, 1, &format!("✗ {fault}"), shared.theme.of(Tone::Bad));
        return;
    }
    let mut used = 0;
    for chip in chips(screen, shared) {
        let parts = [("[", Tone::Muted), (&*chip, Tone::Key), ("] ", Tone::Muted)];
        used +=
            put_all(buffer, beyond(area, used), 1, parts.map(|(text, tone)| (text, shared.theme.of(tone))));
    }
}

/// What it is narrowed by, each in a few words.
fn chips(screen: &History, shared: &Shared) -> Vec<String> {
    let query = &screen.query;
    let moment = |word: &str, text: &String| {
        let zone = shared.options.zone;
        let at = when::since(text, shared.now, zone).ok();
        let at = at.map(|at| format!(" = {}", at.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z")));
        format!("{word} {text}{}", at.unwrap_or_default())
    };
    let mut chips = Vec::new();
    let campus = shared.campus.as_ref().map_or_else(|| query.campus.join(", "), Clone::clone);
    if !campus.is_empty() {
        chips.push(format!("campus {campus}"));
    }
    if !query.types.is_empty() {
        chips.push(format!("type {}", query.types.join(", ")));
    }
    chips.extend(query.category.iter().map(|category| format!("category {}", word(category))));
    chips.extend(query.min_priority.iter().map(|priority| format!("at least {}", word(priority))));
    chips.extend(query.unread.map(|unread| if unread { "unread" } else { "read" }.to_owned()));
    chips.extend(query.since.iter().map(|text| moment("since", text)));
    chips.extend(query.until.iter().map(|text| moment("until", text)));
    for (is_on, name) in [(query.archived, "archived"), (query.expired, "expired"), (query.muted, "muted")] {
        chips.extend(is_on.then(|| format!("also {name}")));
    }
    if screen.triage.inbox.shown().len() >= MOST {
        chips.push(format!("only the newest {MOST}: say more to find what is older"));
    }
    chips
}

/// A value as the command line has it.
fn word<T: clap::ValueEnum>(value: &T) -> String {
    value.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// What an empty list says.
fn nothing(screen: &History, shared: &Shared) -> String {
    if screen.fault.is_some() {
        return String::new();
    }
    if screen.answered.is_none() || screen.triage.inbox.is_fetching() {
        return if shared.link.is_up() { "Looking." } else { "Not connected." }.to_owned();
    }
    let query = &screen.query;
    let keyed = |action: Action, what: &str| format!("{what} ({})", key(shared, action));
    let mut looser = Vec::new();
    let mut add = |is_on: bool, action: Action, what: &str| looser.extend(is_on.then(|| keyed(action, what)));
    add(query.search.is_some(), Action::Filter, "other words");
    add(shared.campus.is_some(), Action::Campus, "all campuses");
    add(query.unread.is_some(), Action::ToggleUnread, "read and unread");
    add(!query.types.is_empty(), Action::OnlyType, "any type");
    add(!query.category.is_empty(), Action::OnlyCategory, "any category");
    add(query.min_priority.is_some(), Action::MinPriority, "any priority");
    add(query.since.is_some(), Action::Since, "since earlier");
    add(query.until.is_some(), Action::Until, "until later");
    add(!query.archived, Action::WithArchived, "what is archived");
    add(!query.expired, Action::WithExpired, "what has expired");
    add(!query.muted, Action::WithMuted, "what is muted");
    format!("Nothing found. To find more: {}.", looser.join(", "))
}

/// The first key of an action, or how it is called in the palette.
fn key(shared: &Shared, action: Action) -> String {
    let key = shared.options.keymap.of(action).and_then(|binding| binding.keys.first());
    key.map_or_else(|| format!(":{}", <&str>::from(action)), ToString::to_string)
}
