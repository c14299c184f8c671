//! What one can do on the dashboard.

use crate::action::{Action, Scope, Spec, spec};

/// The lines of the table.
pub static TABLE: &[Spec] = &[
    spec(Action::Dashboard, &["5"], &[Scope::Screen], "to the dashboard"),
    spec(Action::SortCampuses, &["s"], &[Scope::Dashboard], "sort campuses by the next column").hint("sort"),
    spec(Action::ReverseCampuses, &["S"], &[Scope::Dashboard], "sort campuses the other way round"),
    spec(Action::LongerInterval, &["+"], &[Scope::Dashboard], "numbers less often").hint("less often"),
    spec(Action::ShorterInterval, &["-"], &[Scope::Dashboard], "numbers more often").hint("more often"),
];
