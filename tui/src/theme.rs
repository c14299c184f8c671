//! What each kind of thing looks like. The only place that names a colour; and no colour says what a letter or a mark
//! does not say too, so that [`Theme::plain`] loses nothing.

mod builtin;
mod detect;
mod written;

#[cfg(test)]
mod contrast;

use ratatui::style::Style;
use strum::{EnumCount, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

pub use self::{
    detect::{Background, Environment, background},
    written::ThemeError,
};
use crate::model::notification::Priority;

/// A kind of thing. Its name in kebab-case is what the config file calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumCount, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Tone {
    /// What is there anyway; what it stands on is what everything stands on that says nothing else.
    Text,
    /// What matters less.
    Muted,
    /// What it is called.
    Title,
    /// What has not been read.
    Unread,
    /// The mark of what has not been read.
    Mark,
    /// The selected row, where the keys act on it.
    Selected,
    /// The selected row, while the keys act on something else.
    SelectedIdle,
    /// A key, and what can be chosen.
    Key,
    /// All is well.
    Good,
    /// Not yet.
    Waiting,
    /// Something failed.
    Bad,
    /// What should be seen now.
    Urgent,
    /// What should be seen today.
    High,
    /// A line between two panes.
    Rule,
    /// A line between two panes, of which the keys act on the second; the frame of an overlay.
    RuleActive,
    /// The tab whose screen is shown.
    TabShown,
    /// Another tab.
    Tab,
    /// The part of a text that was looked for.
    Match,
    /// A line that is typed.
    Input,
    /// Where the next character goes.
    Cursor,
    /// News from another screen.
    Toast,
}

/// Styles by meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; Tone::COUNT],
}

impl Theme {
    /// What a kind of thing looks like.
    pub fn of(&self, tone: Tone) -> Style {
        self.styles[tone as usize]
    }

    /// How much it matters.
    pub fn priority(&self, priority: &Priority) -> Style {
        self.of(match priority {
            Priority::Urgent => Tone::Urgent,
            Priority::High => Tone::High,
            Priority::Medium | Priority::Other(_) => Tone::Text,
            Priority::Low => Tone::Muted,
        })
    }

    /// A line between two panes.
    pub fn rule(&self, active: bool) -> Style {
        self.of(if active { Tone::RuleActive } else { Tone::Rule })
    }

    fn new(style: impl Fn(Tone) -> Style) -> Self {
        let mut styles = [Style::new(); Tone::COUNT];
        for tone in Tone::iter() {
            styles[tone as usize] = style(tone);
        }
        Self { styles }
    }
}
