//! What one can do with preferences.

use crate::action::{Action, Argument, Scope, Spec, spec};

/// The lines of the table.
pub static TABLE: &[Spec] = &[
    spec(Action::Preferences, &["6"], &[Scope::Screen], "to the preferences"),
    spec(
        Action::Toggle,
        &["space", "enter"],
        &[Scope::Preferences],
        "on, or off; on a heading: all below it",
    )
    .hint("on/off")
    .mutates(),
    spec(Action::Inherit, &["i"], &[Scope::Preferences], "as inherited; on a heading: all below it")
        .hint("inherit")
        .mutates(),
    spec(Action::ToggleCategory, &["C"], &[Scope::Preferences], "its whole category on, or off").mutates(),
    spec(Action::InheritCategory, &["I"], &[Scope::Preferences], "its whole category as inherited").mutates(),
    spec(Action::QuietHours, &["e"], &[Scope::Preferences], "from when to when it is quiet")
        .hint("quiet hours")
        .mutates(),
    spec(Action::ToggleQuiet, &["Q"], &[Scope::Preferences], "quiet hours on, or off").mutates(),
    spec(Action::QuietZone, &["z"], &[Scope::Preferences], "whose clocks quiet hours go by")
        .hint("zone")
        .mutates()
        .argument(Argument::Zone),
    spec(Action::ResetCampus, &["X"], &[Scope::Preferences], "everything on this campus as by default")
        .mutates(),
    spec(Action::PreviousColumn, &["h", "left"], &[Scope::Preferences], "to the column on the left"),
    spec(Action::NextColumn, &["l", "right"], &[Scope::Preferences], "to the column on the right"),
];
