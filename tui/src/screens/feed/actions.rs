//! What one can do on the feed, and with a notification.

use crate::action::{Action, Scope, Spec, spec};

/// The lines of the table.
pub static TABLE: &[Spec] = &[
    spec(Action::Feed, &["1"], &[Scope::Screen], "to the feed"),
    spec(Action::MarkRead, &["r"], &[Scope::Notification], "mark as read, and go on").hint("read").mutates(),
    spec(Action::MarkUnread, &["u"], &[Scope::Notification], "mark as unread").hint("unread").mutates(),
    spec(
        Action::MarkAllRead,
        &["R", "A"],
        &[Scope::Notification],
        "mark all as read, up to the newest shown",
    )
    .hint("all read")
    .mutates(),
    spec(Action::ToggleUnread, &["f"], &[Scope::Feed], "only the unread, or all").hint("filter"),
    spec(
        Action::SwitchFocus,
        &["enter", "tab"],
        &[Scope::Feed, Scope::Broadcasts],
        "between list and detail",
    )
    .hint("detail"),
];
