//! What one can do with the audit.

use crate::action::{Action, Scope, Spec, spec};

/// The lines of the table.
pub static TABLE: &[Spec] = &[
    spec(Action::Audit, &["7"], &[Scope::Screen], "to the audit"),
    spec(Action::AuditDetail, &["enter"], &[Scope::Audit], "the selected entry, whole").hint("detail"),
    spec(Action::AuditActor, &["a"], &[Scope::Audit], "only what one user did").hint("by whom"),
    spec(Action::AuditAction, &["t"], &[Scope::Audit], "only one kind of action").hint("what"),
    spec(Action::AuditAll, &["x"], &[Scope::Audit], "everything again").hint("all"),
    spec(Action::AuditRefresh, &["r"], &[Scope::Audit], "the newest entries").hint("refresh"),
];
