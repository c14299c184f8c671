//! What one can do on the dashboard.

use crate::action::{Action, Scope, Spec, spec};

/// The lines of the table.
pub static TABLE: &[Spec] = &[spec(Action::Dashboard, &["5"], &[Scope::Screen], "to the dashboard")];
