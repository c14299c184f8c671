//! What changes the screen: moving about here, what is asked and what is changed beside it.

pub(super) mod asking;
pub(super) mod changing;

use ratatui::layout::Position;

use super::{
    Preferences,
    exchange::Signal,
    grid::Origin,
    layout::Layout,
    rows::{self, Row},
};
use crate::{action::Action, effect::Effect, model::shared::Shared};

/// The user wants something.
pub(super) fn act(screen: &mut Preferences, shared: &mut Shared, action: Action) -> Vec<Effect> {
    if screen.filter.act(action) {
        return Vec::new();
    }
    match action {
        Action::Filter => screen.filter.open(),
        Action::PreviousColumn => screen.column = screen.column.saturating_sub(1),
        // `settle` brings it back from beyond the last.
        Action::NextColumn => screen.column += 1,
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::Top | Action::Bottom => {
            let page = Layout::of(screen, shared.body()).table.height.into();
            let len = rows::rows(screen).len();
            screen.selection.moved(action, len, page);
        }
        action => return changing::act(screen, shared, action),
    }
    Vec::new()
}

/// Whether an action would do something now.
pub(super) fn works(screen: &Preferences, action: Action) -> bool {
    let place = screen.grid.place(screen.column);
    match action {
        Action::ResetCampus => screen.column > 0 && place.is_some_and(super::grid::Place::sets_something),
        Action::Inherit => match (rows::selected(screen), place) {
            (Some(Row::Quiet), Some(place)) => place.quiet_origin == Origin::Here,
            (Some(row), Some(_)) => rows::types(screen, &row).into_iter().any(|at| {
                screen.grid.cell(at, screen.column).is_some_and(|cell| cell.origin == Origin::Here)
            }),
            _ => false,
        },
        Action::PreviousColumn | Action::NextColumn => screen.columns.len() > 1,
        Action::Toggle
        | Action::ToggleCategory
        | Action::InheritCategory
        | Action::QuietHours
        | Action::QuietZone
        | Action::ToggleQuiet => place.is_some(),
        Action::Back => screen.filter.is_shown(),
        _ => true,
    }
}

/// A cell is selected by pointing at it.
pub(super) fn press(screen: &mut Preferences, shared: &Shared, at: Position) {
    let layout = Layout::of(screen, shared.body());
    if layout.table.contains(at) {
        let (len, page) = (rows::rows(screen).len(), layout.table.height.into());
        let index = screen.selection.offset + usize::from(at.y - layout.table.y);
        if index < len {
            screen.selection.go(index, len, page);
        }
    }
    if (layout.table.contains(at) || layout.head.contains(at))
        && let Some(column) = layout.column_at(at.x)
    {
        screen.column = column;
    }
}

/// After whatever changed: brings the selection back to where there is something.
pub(super) fn settle(screen: &mut Preferences, shared: &Shared) {
    // Every message passes here: what nobody sees can wait until it is shown.
    if !screen.shown {
        return;
    }
    screen.column = screen.column.min(screen.columns.len().saturating_sub(1));
    let page = Layout::of(screen, shared.body()).table.height.into();
    let len = rows::rows(screen).len();
    screen.selection.fit(len, page);
}

impl Preferences {
    /// The network answers.
    pub fn receive(&mut self, shared: &mut Shared, signal: Signal) -> Vec<Effect> {
        match signal {
            Signal::Told { generation, results } if generation == self.generation => {
                asking::told(self, shared, results)
            }
            Signal::Told { .. } => Vec::new(),
            Signal::Changed { ticket, result } => changing::changed(self, shared, ticket, result),
        }
    }
}
