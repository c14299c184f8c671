//! What one can do with the history, and with saved parts of it.

use crate::action::{Action, Argument, Scope, Spec, spec};

/// The lines of the table.
pub static TABLE: &[Spec] = &[
    spec(Action::History, &["2"], &[Scope::Screen], "to the history: everything, searched and filtered"),
    spec(Action::View, &["V"], &[Scope::Screen], "to a saved part of the history, with its unread")
        .argument(Argument::View),
    spec(Action::SaveView, &["S"], &[Scope::History], "save what is looked for under a name"),
    spec(Action::DropView, &[], &[Scope::Screen], "forget what was saved under a name")
        .argument(Argument::SavedView),
    spec(Action::OnlyType, &["t"], &[Scope::History], "only of a type, or any").argument(Argument::Choice),
    spec(Action::OnlyCategory, &["C"], &[Scope::History], "only of a category, or any")
        .argument(Argument::Choice),
    spec(Action::MinPriority, &["p"], &[Scope::History], "only what matters this much, or anything")
        .argument(Argument::Choice),
    spec(Action::Since, &["d"], &[Scope::History], "only since then, in words: yesterday, mon 9:00"),
    spec(Action::Until, &["D"], &[Scope::History], "only until then, in words"),
    spec(Action::WithArchived, &["e"], &[Scope::History], "also what is archived, or not").hint("archived"),
    spec(Action::WithExpired, &["E"], &[Scope::History], "also what has expired, or not"),
    spec(Action::WithMuted, &["M"], &[Scope::History], "also what is muted, or not"),
    spec(Action::ClearFilters, &["X"], &[Scope::History], "look for everything again").hint("clear"),
];
