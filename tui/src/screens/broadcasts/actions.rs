//! What one can do with what was sent, and with what waits.

use crate::action::{Action, Scope, Spec, spec};

/// The lines of the table.
pub static TABLE: &[Spec] = &[
    spec(Action::Broadcasts, &["3"], &[Scope::Screen], "to what was sent and what waits"),
    spec(Action::CancelBroadcast, &["x"], &[Scope::Broadcasts], "call it off, before its time")
        .hint("call off")
        .mutates(),
    spec(Action::Recall, &["X"], &[Scope::Broadcasts], "take it back from every feed")
        .hint("take back")
        .mutates(),
    spec(Action::SendAgain, &["n"], &[Scope::Broadcasts], "write it again, as a new draft").hint("again"),
];
