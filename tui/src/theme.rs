//! What each kind of thing looks like. The only place that names a colour; and no colour says what a letter or a mark
//! does not say too, so that [`Theme::plain`] loses nothing.

use ratatui::style::{Color, Modifier, Style};

use crate::model::notification::Priority;

/// Styles by meaning.
#[derive(Debug, Clone)]
pub struct Theme {
    /// What is there anyway.
    pub text: Style,
    /// What matters less.
    pub muted: Style,
    /// What it is called.
    pub title: Style,
    /// What has not been read.
    pub unread: Style,
    /// The mark of what has not been read.
    pub mark: Style,
    /// The selected row, where the keys act on it.
    pub selected: Style,
    /// The selected row, while the keys act on something else.
    pub selected_idle: Style,
    /// A key.
    pub key: Style,
    /// All is well.
    pub good: Style,
    /// Not yet.
    pub waiting: Style,
    /// Something failed.
    pub bad: Style,
    urgent: Style,
    high: Style,
}

impl Theme {
    /// As the environment wishes: without colours where `NO_COLOR` is set and not empty (<https://no-color.org>).
    pub fn detect(no_color: Option<&std::ffi::OsStr>) -> Self {
        if no_color.is_some_and(|value| !value.is_empty()) { Self::plain() } else { Self::colour() }
    }

    /// With the terminal's own sixteen colours, which its user has chosen to be legible.
    pub fn colour() -> Self {
        Self {
            key: Style::new().fg(Color::Cyan),
            mark: Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD),
            good: Style::new().fg(Color::Green),
            waiting: Style::new().fg(Color::Yellow),
            bad: Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
            urgent: Style::new().fg(Color::Red).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            high: Style::new().fg(Color::Yellow).add_modifier(Modifier::BOLD),
            ..Self::plain()
        }
    }

    /// Without any.
    pub fn plain() -> Self {
        let text = Style::new();
        let bold = text.add_modifier(Modifier::BOLD);
        Self {
            text,
            muted: text.add_modifier(Modifier::DIM),
            title: bold,
            unread: bold,
            mark: bold,
            selected: text.add_modifier(Modifier::REVERSED),
            selected_idle: text.add_modifier(Modifier::UNDERLINED),
            key: bold,
            good: text,
            waiting: text,
            bad: bold,
            urgent: text.add_modifier(Modifier::BOLD | Modifier::REVERSED),
            high: bold,
        }
    }

    /// How much it matters.
    pub fn priority(&self, priority: &Priority) -> Style {
        match priority {
            Priority::Urgent => self.urgent,
            Priority::High => self.high,
            Priority::Medium | Priority::Other(_) => self.text,
            Priority::Low => self.muted,
        }
    }

    /// A line between two panes.
    pub fn rule(&self, active: bool) -> Style {
        if active { self.key } else { self.muted }
    }
}
