//! Everything that a user can want. The one table behind the keys, the help, the footer, the palette and remapping.
//!
//! What a screen adds is in its own `actions.rs`; here is what the frame does, and what more than one screen does.

use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::screens::{audit, broadcasts, compose, dashboard, feed, history, preferences};

/// Something that the user wants. Its name in kebab-case is what the palette and the config file call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Action {
    // Of the frame.
    /// The help.
    Help,
    /// The palette.
    Palette,
    /// Leaves.
    Quit,
    /// The tab to the right.
    NextTab,
    /// The tab to the left.
    PreviousTab,
    /// The tab of that name.
    Tab,
    /// Takes the last action back.
    Undo,
    /// Connects now.
    Reconnect,
    /// Another server, or another identity.
    Server,
    /// Another token for this server.
    Token,
    /// Only this campus, or all.
    Campus,
    /// Another theme.
    Theme,
    /// The mouse is ours, or selects text.
    Mouse,
    // Of more than one screen.
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// A screen up.
    PageUp,
    /// A screen down.
    PageDown,
    /// To the newest, or the first line.
    Top,
    /// To the oldest, or the last line.
    Bottom,
    /// Out of the detail, of what a list is narrowed to, of an overlay, of a line that is typed.
    Back,
    /// What is typed is to be taken.
    Accept,
    /// What is typed is to be completed.
    Complete,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Shows only what matches a text.
    Filter,
    /// Between list and detail.
    SwitchFocus,
    /// The selected one is read.
    MarkRead,
    /// The selected one is not read after all.
    MarkUnread,
    /// All shown are read.
    MarkAllRead,
    /// The selected one is put away.
    Archive,
    /// The selected one is taken out of the archive.
    Unarchive,
    /// The selected one is marked, for what is done next, or not.
    ToggleMark,
    /// All from here on are marked.
    MarkRange,
    /// All shown are marked.
    MarkShown,
    /// What it links to is opened.
    OpenLink,
    /// What it links to is copied.
    CopyLink,
    /// Why it came.
    Explain,
    /// In the next order.
    SortNext,
    /// In an order that is named.
    Sort,
    // Of the feed.
    /// To the feed.
    Feed,
    /// Only the unread, or all.
    ToggleUnread,
    // Of the history.
    /// To the history.
    History,
    /// To a saved part of it.
    View,
    /// What is looked for is saved.
    SaveView,
    /// What was saved is forgotten.
    DropView,
    /// Only of a type.
    OnlyType,
    /// Only of a category.
    OnlyCategory,
    /// Only what matters this much.
    MinPriority,
    /// Only since then.
    Since,
    /// Only until then.
    Until,
    /// Also what is archived.
    WithArchived,
    /// Also what has expired.
    WithExpired,
    /// Also what is muted.
    WithMuted,
    /// Everything is looked for.
    ClearFilters,
    // Of what was sent.
    /// To what was sent and what waits.
    Broadcasts,
    /// What waits is not sent.
    CancelBroadcast,
    /// What was sent is taken back.
    Recall,
    /// What was sent is written again.
    SendAgain,
    // Of what is being written.
    /// To what is being written.
    Compose,
    /// A field is written, or chosen.
    EditField,
    /// The field below.
    NextField,
    /// The field above.
    PreviousField,
    /// The next one that can be chosen.
    NextChoice,
    /// The one before.
    PreviousChoice,
    /// Whom it is for.
    ChooseTo,
    /// What kind of news it is.
    ChooseType,
    /// How much it matters.
    ChoosePriority,
    /// The message is written in the user's own editor.
    EditOutside,
    /// It is sent.
    Send,
    /// What it will look like.
    Preview,
    /// It is not wanted any more.
    Discard,
    // Of the dashboard.
    /// To the dashboard.
    Dashboard,
    /// Campuses by the next column.
    SortCampuses,
    /// Campuses the other way round.
    ReverseCampuses,
    /// Numbers less often.
    LongerInterval,
    /// Numbers more often.
    ShorterInterval,
    // Of the preferences.
    /// To the preferences.
    Preferences,
    /// On, or off.
    Toggle,
    /// As inherited.
    Inherit,
    /// A whole category on, or off.
    ToggleCategory,
    /// A whole category as inherited.
    InheritCategory,
    /// From when to when it is quiet.
    QuietHours,
    /// Quiet hours on, or off.
    ToggleQuiet,
    /// Whose clocks quiet hours go by.
    QuietZone,
    /// Everything on a campus as by default.
    ResetCampus,
    /// To the column on the left.
    PreviousColumn,
    /// To the column on the right.
    NextColumn,
    // Of the audit.
    /// To the audit.
    Audit,
    /// The selected entry, whole.
    AuditDetail,
    /// Only what one user did.
    AuditActor,
    /// Only one kind of action.
    AuditAction,
    /// Everything again.
    AuditAll,
    /// The newest entries.
    AuditRefresh,
}

/// Part of a place: what may be wanted in several places is listed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter)]
pub enum Scope {
    /// Wherever one is.
    Everywhere,
    /// On a screen, with nothing over it.
    Screen,
    /// In something that can be scrolled.
    Moves,
    /// Where a line of text is typed.
    Line,
    /// In the palette.
    Palette,
    /// Where a question is answered by a key.
    Question,
    /// In a text over the screen: the help, an explanation.
    Reader,
    /// On a screen that can be narrowed to one campus.
    Campus,
    /// On a list that can be narrowed by a text.
    Filter,
    /// Beside a list.
    Detail,
    /// On a notification, in whatever list.
    Notification,
    /// On the feed.
    Feed,
    /// In the history.
    History,
    /// On what was sent.
    Broadcasts,
    /// On what is being written, whatever the keys act on.
    Compose,
    /// On its fields.
    Form,
    /// Where a text of several lines is typed.
    Text,
    /// On the dashboard.
    Dashboard,
    /// Where preferences are set.
    Preferences,
    /// On the audit.
    Audit,
}

impl Scope {
    /// What the help calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "Anywhere",
            Self::Screen => "On every screen",
            Self::Moves => "Moving about",
            Self::Line => "Where text is typed",
            Self::Palette => "In the palette",
            Self::Question => "In a question",
            Self::Reader => "In this text",
            Self::Campus => "Campuses",
            Self::Filter => "In the list",
            Self::Detail => "Beside the list",
            Self::Notification => "With the selected notification",
            Self::Feed => "In the feed",
            Self::History => "In the history",
            Self::Broadcasts => "With the selected broadcast",
            Self::Compose => "While writing",
            Self::Form => "Among the fields",
            Self::Text => "In the message",
            Self::Dashboard => "On the dashboard",
            Self::Preferences => "What you want to hear",
            Self::Audit => "In the audit",
        }
    }
}

/// What an action can be told in the palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// A screen.
    Tab,
    /// A theme.
    Theme,
    /// A campus of the viewer's, or all.
    Campus,
    /// A profile of the config file.
    Profile,
    /// An order of the list.
    Sort,
    /// A time zone, by its IANA name.
    Zone,
    /// A saved part of the history.
    View,
    /// One that was saved at run time.
    SavedView,
    /// Whatever the screen offers.
    Choice,
}

/// One line of the table.
#[derive(Debug)]
pub struct Spec {
    /// What.
    pub action: Action,
    /// By any of these keys, unless the user has others; see [`crate::keymap::Key`].
    pub keys: &'static [&'static str],
    /// Where.
    pub scopes: &'static [Scope],
    /// What it does, in a few words.
    pub help: &'static str,
    /// What it does, in one word; for the footer, if it belongs there.
    pub hint: Option<&'static str>,
    /// It changes something on the server.
    pub mutates: bool,
    /// It has to be told which.
    pub argument: Option<Argument>,
}

/// A line of the table, to be made more of by the methods of [`Spec`].
pub const fn spec(
    action: Action,
    keys: &'static [&'static str],
    scopes: &'static [Scope],
    help: &'static str,
) -> Spec {
    Spec { action, keys, scopes, help, hint: None, mutates: false, argument: None }
}

impl Spec {
    /// It belongs into the footer.
    #[must_use]
    pub const fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// It changes something on the server.
    #[must_use]
    pub const fn mutates(mut self) -> Self {
        self.mutates = true;
        self
    }

    /// It has to be told which.
    #[must_use]
    pub const fn argument(mut self, argument: Argument) -> Self {
        self.argument = Some(argument);
        self
    }

    /// What the palette and the config file call it.
    pub fn name(&self) -> &'static str {
        self.action.into()
    }
}

static FRAME: &[Spec] = &[
    spec(Action::Help, &["?"], &[Scope::Screen, Scope::Reader], "the keys that work here").hint("help"),
    spec(Action::Palette, &[":"], &[Scope::Screen], "say what to do").hint("commands"),
    spec(Action::Quit, &["q", "ctrl-c"], &[Scope::Everywhere], "quit").hint("quit"),
    spec(Action::Yes, &["y"], &[Scope::Question], "yes").hint("yes"),
    spec(Action::No, &["n"], &[Scope::Question], "no").hint("no"),
    spec(Action::Accept, &["enter"], &[Scope::Line], "take what is typed").hint("take"),
    spec(Action::Complete, &["tab"], &[Scope::Palette], "complete what is typed").hint("complete"),
    spec(
        Action::Back,
        &["esc"],
        &[
            Scope::Detail,
            Scope::Notification,
            Scope::Filter,
            Scope::Reader,
            Scope::Line,
            Scope::Text,
            Scope::Question,
        ],
        "back, or close",
    )
    .hint("back"),
    spec(Action::NextTab, &["]"], &[Scope::Screen], "the tab to the right"),
    spec(Action::PreviousTab, &["["], &[Scope::Screen], "the tab to the left"),
    spec(Action::Tab, &[], &[Scope::Screen], "the tab of that name").argument(Argument::Tab),
    spec(Action::Filter, &["/"], &[Scope::Filter], "only what matches a text").hint("filter"),
    spec(Action::Undo, &["U"], &[Scope::Screen], "take the last action back").mutates(),
    spec(Action::Reconnect, &["c"], &[Scope::Screen], "connect now, when the connection is lost"),
    spec(Action::Server, &[], &[Scope::Screen], "another server or identity, of the config file")
        .argument(Argument::Profile),
    spec(Action::Token, &[], &[Scope::Screen], "another token for this server"),
    spec(Action::Campus, &[], &[Scope::Campus], "only this campus, or all").argument(Argument::Campus),
    spec(Action::Theme, &[], &[Scope::Screen], "another theme").argument(Argument::Theme),
    spec(Action::Mouse, &["m"], &[Scope::Screen], "the mouse clicks, or selects text"),
];

static MOVES: &[Spec] = &[
    spec(Action::Down, &["j", "down"], &[Scope::Moves], "down"),
    spec(Action::Up, &["k", "up"], &[Scope::Moves], "up"),
    spec(Action::PageDown, &["pgdn", "ctrl-f"], &[Scope::Moves], "a screen down"),
    spec(Action::PageUp, &["pgup", "b", "ctrl-b"], &[Scope::Moves], "a screen up"),
    spec(Action::Top, &["g", "home"], &[Scope::Moves], "to the top; in the feed, stay with the newest"),
    spec(Action::Bottom, &["G", "end"], &[Scope::Moves], "to the end"),
];

/// The table, in the order in which the footer and the help show it.
pub fn table() -> impl Iterator<Item = &'static Spec> {
    [
        FRAME,
        feed::actions::TABLE,
        history::actions::TABLE,
        broadcasts::actions::TABLE,
        compose::actions::TABLE,
        dashboard::actions::TABLE,
        preferences::actions::TABLE,
        audit::actions::TABLE,
        MOVES,
    ]
    .into_iter()
    .flatten()
}

/// An action's line.
pub fn spec_of(action: Action) -> Option<&'static Spec> {
    table().find(|spec| spec.action == action)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_action_has_one_line_that_says_what_it_does() {
        for action in Action::iter() {
            let lines: Vec<_> = table().filter(|spec| spec.action == action).collect();
            assert_eq!(lines.len(), 1, "{action:?}");
            assert!(!lines[0].help.is_empty() && !lines[0].scopes.is_empty(), "{action:?}");
        }
    }

    #[test]
    fn a_name_is_the_action_it_names() {
        for action in Action::iter() {
            assert_eq!(<&str>::from(action).parse(), Ok(action));
        }
    }
}
