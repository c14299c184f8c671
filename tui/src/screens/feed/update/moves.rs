//! Moving about: the selection, the scrolling, the focus, the filter.

use ratatui::layout::Position;

use crate::{
    action::Action,
    document,
    effect::Effect,
    model::shared::Shared,
    screens::feed::{Feed, Focus, exchange, inbox::Filter},
    update::{beyond, scrolled},
};

/// So many rows before the end of what is known, the next page is asked for.
const AHEAD: usize = 10;

/// Moves whatever the keys act on.
pub(super) fn go(screen: &mut Feed, shared: &Shared, action: Action) -> Vec<Effect> {
    match screen.focus {
        Focus::Detail => {
            screen.detail_scroll =
                scrolled(screen.detail_scroll, action, screen.layout(shared.body()).detail.height);
            Vec::new()
        }
        Focus::List => {
            select(screen, shared, action);
            older(screen, shared)
        }
    }
}

fn select(screen: &mut Feed, shared: &Shared, action: Action) {
    let (len, rows) = (screen.inbox.shown().len(), rows(screen, shared));
    let selection = &mut screen.inbox.selection;
    let index = match action {
        Action::Top => return selection.follow(),
        Action::Up => selection.index.saturating_sub(1),
        Action::Down => selection.index + 1,
        Action::PageUp => selection.index.saturating_sub(rows),
        Action::PageDown => selection.index + rows,
        _ => len,
    };
    selection.go(index, len, rows);
    screen.detail_scroll = 0;
}

/// A row is selected by pointing at it; whoever points at the detail wants to scroll it.
pub fn press(screen: &mut Feed, shared: &Shared, at: Position) -> Vec<Effect> {
    let layout = screen.layout(shared.body());
    if layout.list.contains(at) {
        let (len, rows) = (screen.inbox.shown().len(), rows(screen, shared));
        let index = screen.inbox.selection.offset + usize::from(at.y - layout.list.y);
        screen.focus = Focus::List;
        if index < len {
            screen.inbox.selection.go(index, len, rows);
            screen.detail_scroll = 0;
        }
        return older(screen, shared);
    }
    if layout.detail.contains(at) && screen.focus == Focus::List {
        switch_focus(screen);
    }
    Vec::new()
}

/// Asks for an older page of the shown listing when its end is near.
pub(super) fn older(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    let filter = screen.inbox.filter;
    let near = screen.inbox.selection.index + rows(screen, shared).max(AHEAD) >= screen.inbox.shown().len();
    let up = shared.link.is_up();
    let listing = screen.inbox.listing_mut(filter);
    match &listing.end {
        Some(end) if near && up && !listing.fetching => {
            let after = Some(end.clone());
            listing.fetching = true;
            vec![exchange::Effect::Page { filter, after }.into()]
        }
        _ => Vec::new(),
    }
}

/// Between the list and the selected notification.
pub(super) fn switch_focus(screen: &mut Feed) {
    screen.focus = match screen.focus {
        Focus::List if screen.inbox.selected().is_some() => Focus::Detail,
        _ => Focus::List,
    };
    // Whoever reads one does not want another in its place.
    if screen.focus == Focus::Detail {
        screen.inbox.selection.following = false;
    }
}

/// Back to the list.
pub(super) fn back(screen: &mut Feed) {
    screen.focus = Focus::List;
}

/// Only the unread, or all.
pub(super) fn toggle_unread(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    let filter = match screen.inbox.filter {
        Filter::All => Filter::Unread,
        Filter::Unread => Filter::All,
    };
    screen.inbox.show(filter);
    screen.detail_scroll = 0;
    fresh_unread(screen, shared)
}

/// Asks for the newest page of the unread, if they are shown.
pub(super) fn fresh_unread(screen: &mut Feed, shared: &Shared) -> Vec<Effect> {
    if screen.inbox.filter != Filter::Unread || !shared.link.is_up() {
        return Vec::new();
    }
    screen.inbox.listing_mut(Filter::Unread).fetching = true;
    vec![exchange::Effect::Page { filter: Filter::Unread, after: None }.into()]
}

/// After whatever changed: brings selection and scrolling back to where there is something.
pub fn settle(screen: &mut Feed, shared: &Shared) {
    let (len, rows) = (screen.inbox.shown().len(), rows(screen, shared));
    screen.inbox.selection.fit(len, rows);
    if len == 0 {
        screen.focus = Focus::List;
    }
    if screen.detail_scroll > 0 {
        let detail = screen.layout(shared.body()).detail;
        let lines = screen.inbox.selected().map_or(0, |notification| {
            document::notification(notification, shared.now, detail.width.into()).len()
        });
        screen.detail_scroll = screen.detail_scroll.min(beyond(lines, detail.height));
    }
}

fn rows(screen: &Feed, shared: &Shared) -> usize {
    screen.layout(shared.body()).list.height.into()
}
