//! Moving about: the selection, the scrolling, the focus, the filter.

use super::layout;
use crate::{
    document,
    effect::Effect,
    keymap::Action,
    model::{Focus, Model, feed::Filter},
};

/// So many rows before the end of what is known, the next page is asked for.
const AHEAD: usize = 10;

/// Moves whatever the keys act on.
pub(super) fn go(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(scroll) = model.help {
        model.help = Some(scrolled(scroll, action, model.size.height));
        return Vec::new();
    }
    match model.focus {
        Focus::Detail => {
            model.detail_scroll = scrolled(model.detail_scroll, action, layout(model).detail.height);
            Vec::new()
        }
        Focus::List => {
            select(model, action);
            older(model)
        }
    }
}

fn select(model: &mut Model, action: Action) {
    let (len, rows) = (model.feed.shown().len(), rows(model));
    let selection = &mut model.feed.selection;
    let index = match action {
        Action::Top => return selection.follow(),
        Action::Up => selection.index.saturating_sub(1),
        Action::Down => selection.index + 1,
        Action::PageUp => selection.index.saturating_sub(rows),
        Action::PageDown => selection.index + rows,
        _ => len,
    };
    selection.go(index, len, rows);
    model.detail_scroll = 0;
}

fn scrolled(scroll: u16, action: Action, rows: u16) -> u16 {
    let page = rows.saturating_sub(1).max(1);
    match action {
        Action::Up => scroll.saturating_sub(1),
        Action::Down => scroll.saturating_add(1),
        Action::PageUp => scroll.saturating_sub(page),
        Action::PageDown => scroll.saturating_add(page),
        Action::Top => 0,
        _ => u16::MAX,
    }
}

/// Asks for an older page of the shown listing when its end is near.
pub(super) fn older(model: &mut Model) -> Vec<Effect> {
    let filter = model.feed.filter;
    let near = model.feed.selection.index + rows(model).max(AHEAD) >= model.feed.shown().len();
    let up = model.link.is_up();
    let listing = model.feed.listing_mut(filter);
    match &listing.end {
        Some(end) if near && up && !listing.fetching => {
            let after = Some(end.clone());
            listing.fetching = true;
            vec![Effect::Page { filter, after }]
        }
        _ => Vec::new(),
    }
}

/// Between the list and the selected notification.
pub(super) fn switch_focus(model: &mut Model) {
    model.focus = match model.focus {
        Focus::List if model.feed.selected().is_some() => Focus::Detail,
        _ => Focus::List,
    };
    // Whoever reads one does not want another in its place.
    if model.focus == Focus::Detail {
        model.feed.selection.following = false;
    }
}

/// Back to the list.
pub(super) fn back(model: &mut Model) {
    model.focus = Focus::List;
}

/// Only the unread, or all.
pub(super) fn toggle_unread(model: &mut Model) -> Vec<Effect> {
    let filter = match model.feed.filter {
        Filter::All => Filter::Unread,
        Filter::Unread => Filter::All,
    };
    model.feed.show(filter);
    model.detail_scroll = 0;
    fresh_unread(model)
}

/// Asks for the newest page of the unread, if they are shown.
pub(super) fn fresh_unread(model: &mut Model) -> Vec<Effect> {
    if model.feed.filter != Filter::Unread || !model.link.is_up() {
        return Vec::new();
    }
    model.feed.listing_mut(Filter::Unread).fetching = true;
    vec![Effect::Page { filter: Filter::Unread, after: None }]
}

/// After whatever changed: brings selection and scrolling back to where there is something.
pub(super) fn settle(model: &mut Model) {
    let (len, rows) = (model.feed.shown().len(), rows(model));
    model.feed.selection.fit(len, rows);
    if len == 0 {
        model.focus = Focus::List;
    }
    if model.detail_scroll > 0 {
        let detail = layout(model).detail;
        let lines = model.feed.selected().map_or(0, |notification| {
            document::notification(notification, model.now, detail.width.into()).len()
        });
        model.detail_scroll = model.detail_scroll.min(beyond(lines, detail.height));
    }
    if let Some(scroll) = model.help {
        let lines = document::help(model.size.width.into()).len();
        model.help = Some(scroll.min(beyond(lines, model.size.height.saturating_sub(1))));
    }
}

fn beyond(lines: usize, rows: u16) -> u16 {
    u16::try_from(lines.saturating_sub(rows.into())).unwrap_or(u16::MAX)
}

fn rows(model: &Model) -> usize {
    layout(model).list.height.into()
}
