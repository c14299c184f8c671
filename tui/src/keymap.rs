//! What each key means, and where: the table of [`crate::action`], with the keys that the user has chosen.

mod key;

use std::collections::BTreeMap;

use crossterm::event::KeyEvent;
use strum::{EnumIter, IntoEnumIterator};

pub use self::key::Key;
use crate::action::{self, Action, Scope, Spec};

/// Where the user is, as far as keys mean different things there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter)]
pub enum Context {
    /// In the feed's list.
    FeedList,
    /// In the notification beside it.
    FeedDetail,
    /// In the history's list.
    HistoryList,
    /// In the notification beside it.
    HistoryDetail,
    /// In the list of what was sent.
    BroadcastList,
    /// In the one beside it.
    BroadcastDetail,
    /// Among the fields of what is being written.
    ComposeForm,
    /// In one of its lines.
    ComposeLine,
    /// In its message.
    ComposeText,
    /// On the dashboard.
    Dashboard,
    /// Where preferences are set.
    Preferences,
    /// On the audit.
    Audit,
    /// In the line that narrows a list.
    FilterLine,
    /// In a text over the screen.
    Reader,
    /// In the palette.
    Palette,
    /// In a question that a key answers.
    Question,
    /// In a question that a line of text answers.
    Prompt,
}

impl Context {
    /// What it consists of; what comes first is shown first.
    pub fn scopes(self) -> &'static [Scope] {
        use Scope::{
            Audit, Broadcasts, Campus, Compose, Dashboard, Detail, Everywhere, Feed, Filter, Form, History,
            Line, Moves, Notification, Palette, Preferences, Question, Reader, Screen, Text,
        };
        match self {
            Self::FeedList => &[Feed, Notification, Filter, Campus, Moves, Screen, Everywhere],
            Self::FeedDetail => &[Feed, Notification, Filter, Campus, Detail, Moves, Screen, Everywhere],
            Self::HistoryList => &[History, Notification, Filter, Campus, Moves, Screen, Everywhere],
            Self::HistoryDetail => {
                &[History, Notification, Filter, Campus, Detail, Moves, Screen, Everywhere]
            }
            Self::BroadcastList => &[Broadcasts, Filter, Campus, Moves, Screen, Everywhere],
            Self::BroadcastDetail => &[Broadcasts, Filter, Campus, Detail, Moves, Screen, Everywhere],
            Self::ComposeForm => &[Form, Compose, Moves, Screen, Everywhere],
            Self::ComposeLine => &[Line, Compose, Everywhere],
            Self::ComposeText => &[Text, Compose, Everywhere],
            Self::Dashboard => &[Dashboard, Filter, Campus, Moves, Screen, Everywhere],
            Self::Preferences => &[Preferences, Filter, Campus, Moves, Screen, Everywhere],
            Self::Audit => &[Audit, Moves, Screen, Everywhere],
            Self::FilterLine | Self::Prompt => &[Line, Everywhere],
            Self::Reader => &[Reader, Moves, Everywhere],
            Self::Palette => &[Palette, Line, Moves, Everywhere],
            Self::Question => &[Question, Everywhere],
        }
    }

    /// A text is typed there: plain characters are the text's, whatever else they mean elsewhere.
    pub fn is_text(self) -> bool {
        self.scopes().iter().any(|scope| matches!(scope, Scope::Line | Scope::Text))
    }

    fn has(self, spec: &Spec) -> bool {
        spec.scopes.iter().any(|scope| self.scopes().contains(scope))
    }
}

/// What a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Something to be done.
    Act(Action),
    /// Part of a text.
    Type(KeyEvent),
}

/// An action and its keys.
#[derive(Debug)]
pub struct Binding {
    /// The action's line in the table.
    pub spec: &'static Spec,
    /// Any of these.
    pub keys: Vec<Key>,
}

impl Binding {
    /// The first of its keys that does it in a place: where a text is typed, plain keys are the text's.
    pub fn key_in(&self, context: Context) -> Option<&Key> {
        self.keys.iter().find(|key| !(context.is_text() && key.is_plain()))
    }

    /// Its keys, as people write them.
    pub fn names(&self) -> String {
        self.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// All keys.
#[derive(Debug)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

/// Why keys cannot be as someone wants them.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// There is no such action.
    #[error("there is no action {0:?}")]
    NoSuchAction(String),
    /// That is no key.
    #[error(
        "{action}: {key:?} is no key; keys are written as a letter, or e.g. ctrl-k, alt-x, enter, pgdn, f5"
    )]
    NoSuchKey {
        /// Whose.
        action: &'static str,
        /// What was written.
        key: String,
    },
    /// The key means something else there.
    #[error("{key} would mean both {one} and {other}")]
    Conflict {
        /// Which.
        key: Key,
        /// One meaning.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// Nobody could leave.
    #[error("quit needs a key")]
    NoWayOut,
}

impl Keymap {
    /// The table's keys, but for the actions named here, which have these instead (none at all, perhaps).
    pub fn new(chosen: &BTreeMap<String, Vec<String>>) -> Result<Self, KeymapError> {
        if let Some(name) = chosen.keys().find(|name| name.parse::<Action>().is_err()) {
            return Err(KeymapError::NoSuchAction(name.clone()));
        }
        let mut bindings = Vec::new();
        for spec in action::table() {
            let keys = match chosen.get(spec.name()) {
                Some(keys) => parse(spec, keys.iter().map(String::as_str))?,
                None => parse(spec, spec.keys.iter().copied())?,
            };
            if spec.action == Action::Quit && keys.is_empty() {
                return Err(KeymapError::NoWayOut);
            }
            bindings.push(Binding { spec, keys });
        }
        let keymap = Self { bindings };
        Context::iter().try_for_each(|context| keymap.check(context))?;
        Ok(keymap)
    }

    /// What works in a place, in the table's order.
    pub fn bindings(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |binding| context.has(binding.spec))
    }

    /// An action's binding.
    pub fn of(&self, action: Action) -> Option<&Binding> {
        self.bindings.iter().find(|binding| binding.spec.action == action)
    }

    /// What a key means in a place.
    pub fn meaning(&self, context: Context, event: KeyEvent) -> Option<Meaning> {
        let pressed = Key::of(event);
        if context.is_text() && pressed.is_plain() {
            return Some(Meaning::Type(event));
        }
        let binding = self.bindings(context).find(|binding| binding.keys.contains(&pressed));
        match binding {
            Some(binding) => Some(Meaning::Act(binding.spec.action)),
            None => context.is_text().then_some(Meaning::Type(event)),
        }
    }

    /// No key means two things in one place.
    fn check(&self, context: Context) -> Result<(), KeymapError> {
        let mut seen: Vec<(Key, &'static str)> = Vec::new();
        for binding in self.bindings(context) {
            let other = binding.spec.name();
            for key in &binding.keys {
                if let Some((_, one)) = seen.iter().find(|(seen, _)| seen == key) {
                    return Err(KeymapError::Conflict { key: *key, one, other });
                }
                seen.push((*key, other));
            }
        }
        Ok(())
    }
}

impl Default for Keymap {
    fn default() -> Self {
        // Cannot fail, as a test shows; without its bindings the terminal's own signals still end the client.
        Self::new(&BTreeMap::new()).unwrap_or(Self { bindings: Vec::new() })
    }
}

fn parse<'a>(spec: &Spec, keys: impl Iterator<Item = &'a str>) -> Result<Vec<Key>, KeymapError> {
    keys.map(|key| {
        key.parse().map_err(|()| KeymapError::NoSuchKey { action: spec.name(), key: key.to_owned() })
    })
    .collect()
}

#[cfg(test)]
mod tests;
