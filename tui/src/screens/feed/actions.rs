//! What one can do on the feed, and with a notification.

use crate::action::{Action, Argument, Scope, Spec, spec};

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
    spec(Action::Archive, &["a"], &[Scope::Notification], "archive, and go on").hint("archive").mutates(),
    spec(Action::Unarchive, &["z"], &[Scope::Notification], "take out of the archive").mutates(),
    spec(Action::ToggleMark, &["space"], &[Scope::Notification], "mark for what is done next, or not")
        .hint("mark"),
    spec(Action::MarkRange, &["v"], &[Scope::Notification], "mark from here to where the selection goes"),
    spec(Action::MarkShown, &["*"], &[Scope::Notification], "mark all that are shown, or none"),
    spec(Action::OpenLink, &["o"], &[Scope::Notification], "open what it links to").hint("open"),
    spec(Action::CopyLink, &["y"], &[Scope::Notification], "copy the address that it links to"),
    spec(Action::Explain, &["w"], &[Scope::Notification], "why did I get this?").hint("why"),
    spec(
        Action::SortNext,
        &["s"],
        &[Scope::Notification],
        "sort by the next: newest, oldest, priority, campus, type",
    ),
    spec(Action::Sort, &[], &[Scope::Notification], "sort the list").argument(Argument::Sort),
    spec(Action::ToggleUnread, &["f"], &[Scope::Notification], "only the unread, or all").hint("unread only"),
    spec(
        Action::SwitchFocus,
        &["enter", "tab"],
        &[Scope::Notification, Scope::Broadcasts],
        "between list and detail",
    )
    .hint("detail"),
];
