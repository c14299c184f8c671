//! What one can do while writing.

use crate::action::{Action, Argument, Scope, Spec, spec};

/// The lines of the table.
pub static TABLE: &[Spec] = &[
    spec(Action::Compose, &["4"], &[Scope::Screen], "to what you are writing"),
    spec(Action::EditField, &["enter", "i"], &[Scope::Form], "write the field, or choose what it says")
        .hint("write"),
    spec(Action::Send, &["ctrl-s"], &[Scope::Compose], "send it; asks first").hint("send").mutates(),
    spec(Action::NextField, &["tab"], &[Scope::Compose], "the field below").hint("next"),
    spec(Action::PreviousField, &["shift-tab"], &[Scope::Compose], "the field above"),
    spec(Action::NextChoice, &["l", "right"], &[Scope::Form], "the next one that can be chosen"),
    spec(Action::PreviousChoice, &["h", "left"], &[Scope::Form], "the one before"),
    spec(Action::ChooseTo, &["a"], &[Scope::Form], "whom it is for").argument(Argument::Choice),
    spec(Action::ChooseType, &["t"], &[Scope::Form], "what kind of news it is").argument(Argument::Choice),
    spec(Action::ChoosePriority, &["p"], &[Scope::Form], "how much it matters").argument(Argument::Choice),
    spec(Action::EditOutside, &["ctrl-o", "e"], &[Scope::Compose], "write the message in $VISUAL or $EDITOR")
        .hint("editor"),
    spec(Action::Preview, &["v"], &[Scope::Form], "what it will look like, on a small terminal").hint("view"),
    spec(Action::Discard, &["D"], &[Scope::Form], "throw the draft away; asks first").hint("discard"),
];
