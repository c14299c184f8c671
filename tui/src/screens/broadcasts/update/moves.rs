//! Moving about: the selection, the scrolling, the focus, the filter.

use ratatui::layout::Position;

use super::pages;
use crate::{
    action::Action,
    effect::Effect,
    filter::Filter,
    model::shared::Shared,
    screens::broadcasts::{Broadcasts, view},
    triage::Focus,
    update::{beyond, scrolled},
};

/// So many rows before the end of what is known, the next page is asked for.
const AHEAD: usize = 10;
/// Nobody waits for a filter to find something further down than this: whoever wants to, widens it.
const FILTERED: usize = 1_000;

/// Moves whatever the keys act on.
pub(super) fn go(screen: &mut Broadcasts, shared: &mut Shared, action: Action) -> Vec<Effect> {
    if screen.focus == Focus::Detail {
        screen.scroll = scrolled(screen.scroll, action, screen.layout(shared.body()).detail.height);
        return Vec::new();
    }
    let (len, rows) = (screen.shown_rows().count(), rows(screen, shared));
    let selection = &mut screen.selection;
    match action {
        Action::Top => selection.follow(),
        Action::Up => selection.go(selection.index.saturating_sub(1), len, rows),
        Action::Down => selection.go(selection.index + 1, len, rows),
        Action::PageUp => selection.go(selection.index.saturating_sub(rows), len, rows),
        Action::PageDown => selection.go(selection.index + rows, len, rows),
        Action::Bottom => selection.go(len, len, rows),
        _ => return Vec::new(),
    }
    screen.scroll = 0;
    older(screen, shared)
}

/// Asks for an older page when the end of what is shown is near.
pub(in crate::screens::broadcasts) fn older(screen: &mut Broadcasts, shared: &mut Shared) -> Vec<Effect> {
    let shown = screen.shown_rows().count();
    let near = screen.selection.index + rows(screen, shared).max(AHEAD) >= shown;
    let enough = screen.filter.is_shown() && screen.rows.len() >= FILTERED;
    if !near || enough || !shared.link.is_up() || screen.fetching.is_some() {
        return Vec::new();
    }
    match screen.end.clone() {
        Some(end) => pages::ask(screen, shared, Some(end)),
        None => Vec::new(),
    }
}

/// The line that narrows the list changes; what was selected stays so, if it is still there.
pub(in crate::screens::broadcasts) fn narrow(
    screen: &mut Broadcasts,
    change: impl FnOnce(&mut Filter) -> bool,
) -> bool {
    let selected = screen.selected().map(|row| row.id.clone());
    let changed = change(&mut screen.filter);
    screen.reselect(selected.as_ref());
    changed
}

/// A row is selected by pointing at it; whoever points at the detail wants to scroll it.
pub(in crate::screens::broadcasts) fn press(
    screen: &mut Broadcasts,
    shared: &mut Shared,
    at: Position,
) -> Vec<Effect> {
    let layout = screen.layout(shared.body());
    if layout.list.contains(at) {
        let (len, rows) = (screen.shown_rows().count(), usize::from(layout.list.height));
        let index = screen.selection.offset + usize::from(at.y - layout.list.y);
        screen.focus = Focus::List;
        if index < len {
            screen.selection.go(index, len, rows);
            screen.scroll = 0;
        }
        return older(screen, shared);
    }
    if layout.detail.contains(at) && screen.focus == Focus::List {
        switch_focus(screen);
    }
    Vec::new()
}

/// Between the list and the selected one.
pub(super) fn switch_focus(screen: &mut Broadcasts) {
    screen.focus = match screen.focus {
        Focus::List if screen.selected().is_some() => Focus::Detail,
        _ => Focus::List,
    };
    // Whoever reads one does not want another in its place.
    if screen.focus == Focus::Detail {
        screen.selection.following = false;
    }
}

/// After whatever changed: brings selection and scrolling back to where there is something.
pub(in crate::screens::broadcasts) fn settle(screen: &mut Broadcasts, shared: &Shared) {
    // Every message passes here: what nobody sees can wait until it is shown.
    if !screen.shown {
        return;
    }
    let (len, rows) = (screen.shown_rows().count(), rows(screen, shared));
    screen.selection.fit(len, rows);
    if len == 0 {
        screen.focus = Focus::List;
    }
    if screen.scroll > 0 {
        let detail = screen.layout(shared.body()).detail;
        let lines = view::lines(screen, shared, detail.width.into()).len();
        screen.scroll = screen.scroll.min(beyond(lines, detail.height));
    }
}

fn rows(screen: &Broadcasts, shared: &Shared) -> usize {
    screen.layout(shared.body()).list.height.into()
}
