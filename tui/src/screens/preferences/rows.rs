//! The rows: a heading for each category, its types below it, and one row for quiet hours.

use super::{Preferences, grid::Kind};

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    /// A category, e.g. `EVENTS`.
    Category(String),
    /// A type, by its place in the grid.
    Type(usize),
    /// Quiet hours.
    Quiet,
}

/// The rows that the filter leaves.
pub(super) fn rows(screen: &Preferences) -> Vec<Row> {
    let grid = &screen.grid;
    if grid.kinds.is_empty() {
        return Vec::new();
    }
    let mut categories: Vec<&str> = Vec::new();
    for kind in &grid.kinds {
        if !categories.contains(&kind.category.as_str()) {
            categories.push(&kind.category);
        }
    }
    let narrowed = screen.filter.is_shown();
    let matches =
        |kind: &Kind| screen.filter.matches(&format!("{} {} {}", kind.label, kind.name, kind.category));
    let shown = |at: &usize| !narrowed || grid.kinds.get(*at).is_some_and(matches);
    let mut rows = Vec::new();
    for category in categories {
        let types: Vec<_> = grid.of_category(category).filter(shown).collect();
        if !types.is_empty() {
            rows.push(Row::Category(category.to_owned()));
            rows.extend(types.into_iter().map(Row::Type));
        }
    }
    if screen.filter.matches("quiet hours") {
        rows.push(Row::Quiet);
    }
    rows
}

/// The selected one.
pub(super) fn selected(screen: &Preferences) -> Option<Row> {
    rows(screen).into_iter().nth(screen.selection.index)
}

/// The types that a row stands for, of those that can be muted.
pub(super) fn types(screen: &Preferences, row: &Row) -> Vec<usize> {
    let can_be_muted = |at: &usize| screen.grid.kinds.get(*at).is_some_and(|kind| !kind.mandatory);
    match row {
        // All of them, whatever the filter shows: the heading says nothing of a part.
        Row::Category(category) => screen.grid.of_category(category).filter(can_be_muted).collect(),
        Row::Type(at) => vec![*at].into_iter().filter(can_be_muted).collect(),
        Row::Quiet => Vec::new(),
    }
}
