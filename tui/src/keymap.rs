//! What each key means, and where. The one table behind the keys themselves, the help and the footer.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// Something that the user wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
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
    /// The selected one is read.
    MarkRead,
    /// The selected one is not read after all.
    MarkUnread,
    /// All shown are read.
    MarkAllRead,
    /// Only the unread, or all.
    ToggleUnread,
    /// Between list and detail.
    SwitchFocus,
    /// Out of the detail, or of the help.
    Back,
    /// The help.
    Help,
    /// Connects now.
    Reconnect,
    /// Leaves.
    Quit,
}

/// Where the user is, as far as keys mean different things there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// In the list.
    List,
    /// In the selected notification.
    Detail,
    /// In the help.
    Help,
}

/// One line of the table.
#[derive(Debug)]
pub struct Binding {
    /// What it does.
    pub action: Action,
    /// Any of these.
    pub keys: &'static [Key],
    /// Where; everywhere if empty.
    contexts: &'static [Context],
    /// What it does, in a few words.
    pub help: &'static str,
    /// What it does, in one word; for the footer, if it belongs there.
    pub hint: Option<&'static str>,
}

/// A key, with the modifiers that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(KeyCode, KeyModifiers);

const fn key(code: KeyCode) -> Key {
    Key(code, KeyModifiers::NONE)
}

const fn char(char: char) -> Key {
    key(KeyCode::Char(char))
}

const fn ctrl(char: char) -> Key {
    Key(KeyCode::Char(char), KeyModifiers::CONTROL)
}

const fn binding(
    action: Action,
    keys: &'static [Key],
    contexts: &'static [Context],
    help: &'static str,
    hint: Option<&'static str>,
) -> Binding {
    Binding { action, keys, contexts, help, hint }
}

const FEED: &[Context] = &[Context::List, Context::Detail];

/// The table, in the order in which the footer and the help show it.
static BINDINGS: &[Binding] = &[
    binding(Action::Help, &[char('?')], FEED, "this help", Some("help")),
    binding(Action::Quit, &[char('q'), ctrl('c')], &[], "quit", Some("quit")),
    binding(Action::Reconnect, &[char('c')], FEED, "connect now, when the connection is lost", None),
    binding(Action::MarkRead, &[char('r')], FEED, "mark as read, and go on", Some("read")),
    binding(Action::MarkUnread, &[char('u')], FEED, "mark as unread", Some("unread")),
    binding(
        Action::MarkAllRead,
        &[char('R'), char('A')],
        FEED,
        "mark all as read, up to the newest shown",
        Some("all read"),
    ),
    binding(Action::ToggleUnread, &[char('f')], FEED, "only the unread, or all", Some("filter")),
    binding(
        Action::SwitchFocus,
        &[key(KeyCode::Enter), key(KeyCode::Tab)],
        FEED,
        "between list and detail",
        Some("detail"),
    ),
    binding(Action::Back, &[key(KeyCode::Esc)], &[Context::Detail], "back to the list", Some("back")),
    binding(
        Action::Back,
        &[key(KeyCode::Esc), char('?'), key(KeyCode::Enter)],
        &[Context::Help],
        "close the help",
        Some("close"),
    ),
    binding(Action::Down, &[char('j'), key(KeyCode::Down)], &[], "down", None),
    binding(Action::Up, &[char('k'), key(KeyCode::Up)], &[], "up", None),
    binding(Action::PageDown, &[key(KeyCode::PageDown), char(' '), ctrl('f')], &[], "a screen down", None),
    binding(Action::PageUp, &[key(KeyCode::PageUp), char('b'), ctrl('b')], &[], "a screen up", None),
    binding(Action::Top, &[char('g'), key(KeyCode::Home)], &[], "to the newest, and stay with it", None),
    binding(Action::Bottom, &[char('G'), key(KeyCode::End)], &[], "to the end", None),
];

/// What works in a place, in the table's order.
pub fn bindings(context: Context) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.contexts.is_empty() || binding.contexts.contains(&context))
}

/// What a key means in a place.
pub fn action(context: Context, event: KeyEvent) -> Option<Action> {
    // Terminals disagree on whether Shift is told with an upper-case letter; the letter says it already.
    let pressed = Key(event.code, event.modifiers - KeyModifiers::SHIFT);
    bindings(context).find(|binding| binding.keys.contains(&pressed)).map(|binding| binding.action)
}

impl Binding {
    /// Its keys, as people write them.
    pub fn names(&self) -> String {
        self.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.1.contains(KeyModifiers::CONTROL) {
            f.write_str("Ctrl-")?;
        }
        match self.0 {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(char) => write!(f, "{char}"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            other => write!(f, "{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Context::List, KeyCode::Char('j'), KeyModifiers::NONE, Some(Action::Down))]
    #[case(Context::Detail, KeyCode::Down, KeyModifiers::NONE, Some(Action::Down))]
    #[case(Context::List, KeyCode::Char('R'), KeyModifiers::SHIFT, Some(Action::MarkAllRead))]
    #[case(Context::List, KeyCode::Char('A'), KeyModifiers::NONE, Some(Action::MarkAllRead))]
    #[case(Context::List, KeyCode::Char('r'), KeyModifiers::NONE, Some(Action::MarkRead))]
    #[case(Context::List, KeyCode::Char('r'), KeyModifiers::ALT, None)]
    #[case(Context::Help, KeyCode::Char('r'), KeyModifiers::NONE, None)]
    #[case(Context::List, KeyCode::Char('?'), KeyModifiers::SHIFT, Some(Action::Help))]
    #[case(Context::Help, KeyCode::Char('?'), KeyModifiers::NONE, Some(Action::Back))]
    #[case(Context::Help, KeyCode::Char('c'), KeyModifiers::CONTROL, Some(Action::Quit))]
    #[case(Context::List, KeyCode::Tab, KeyModifiers::NONE, Some(Action::SwitchFocus))]
    #[case(Context::Detail, KeyCode::Esc, KeyModifiers::NONE, Some(Action::Back))]
    #[case(Context::List, KeyCode::Esc, KeyModifiers::NONE, None)]
    fn keys_mean(
        #[case] context: Context,
        #[case] code: KeyCode,
        #[case] modifiers: KeyModifiers,
        #[case] meaning: Option<Action>,
    ) {
        assert_eq!(action(context, KeyEvent::new(code, modifiers)), meaning);
    }

    #[rstest]
    fn no_key_means_two_things(#[values(Context::List, Context::Detail, Context::Help)] context: Context) {
        let keys: Vec<_> = bindings(context).flat_map(|binding| binding.keys).collect();
        for (n, key) in keys.iter().enumerate() {
            assert!(!keys[..n].contains(key), "{key}");
        }
    }
}
