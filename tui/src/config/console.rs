//! What the file says about the interactive client: plain data, as it was written.
//!
//! Which actions, keys, styles and themes there are only that client knows. It hands that in as a [`Vocabulary`], and
//! [`Stored::check`] says on which line of the file something else stands.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{ConfigError, Stored};

/// `[ui]`. What is left out is as the client has it by itself.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ui {
    /// The name of a theme: a built-in one, or one of `[themes]`.
    pub theme: Option<Spanned<String>>,
    /// Whether the mouse clicks and scrolls; otherwise the terminal selects text with it.
    pub mouse: Option<bool>,
    /// Nothing moves that does not have to.
    pub reduced_motion: Option<bool>,
    /// The terminal's bell rings for what is urgent.
    pub bell: Option<bool>,
    /// The desktop notifies of what is urgent.
    pub desktop_notifications: Option<bool>,
    /// Whose wall clock times in words go by where no campus says so: an IANA name. Otherwise the machine's.
    pub timezone: Option<Zone>,
}

/// A time zone by its IANA name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Zone(pub chrono_tz::Tz);

impl TryFrom<String> for Zone {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse().map(Self).map_err(|_| format!("{name:?} is no time zone; write e.g. \"Europe/Rome\""))
    }
}

/// `[keys]`: for the name of an action its keys, each as a text.
pub type Keys = BTreeMap<Spanned<String>, Vec<Spanned<String>>>;

/// Colours and modifiers, separated by spaces.
pub type Style = Spanned<String>;

/// Says what is wrong with a name and a value, if anything is.
pub type Judge<'a> = &'a dyn Fn(&str, &str) -> Result<(), String>;

/// What the interactive client knows.
#[derive(Clone, Copy)]
pub struct Vocabulary<'a> {
    /// Of an action's name and one of its keys.
    pub key: Judge<'a>,
    /// Of a style's name and its colours and modifiers.
    pub style: Judge<'a>,
    /// Whether there is a built-in theme of that name.
    pub theme: &'a dyn Fn(&str) -> bool,
}

impl Vocabulary<'_> {
    /// Takes everything: for whoever has no use for these parts of the file.
    pub const ANYTHING: Self = Self { key: &|_, _| Ok(()), style: &|_, _| Ok(()), theme: &|_| true };
}

impl Stored {
    /// The first thing that the interactive client could not make sense of, with its line.
    pub fn check(&self, vocabulary: Vocabulary<'_>) -> Result<(), ConfigError> {
        let wrong = |at: &Spanned<String>, message| self.lines.error(&at.span(), message);
        for (action, keys) in &self.keys {
            for key in keys {
                (vocabulary.key)(action.get_ref(), key.get_ref()).map_err(|message| wrong(key, message))?;
            }
        }
        for (name, style) in self.themes.values().flatten() {
            (vocabulary.style)(name.get_ref(), style.get_ref()).map_err(|message| wrong(style, message))?;
        }
        match &self.ui.theme {
            Some(theme)
                if !self.themes.contains_key(theme.get_ref()) && !(vocabulary.theme)(theme.get_ref()) =>
            {
                Err(wrong(theme, format!("there is no theme {:?}; write [themes.NAME]", theme.get_ref())))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const FILE: &str = r#"[ui]
theme = "dusk"
timezone = "Europe/Rome"
mouse = false

[keys]
quit = ["q", "ctrl-c"]

[themes.dusk]
title = "blue bold"
"#;

    fn read(text: &str) -> Result<Stored, ConfigError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, text).unwrap();
        Stored::read(file.path(), true)
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let stored = read(FILE).unwrap();
        assert_eq!(stored.ui.timezone, Some(Zone(chrono_tz::Europe::Rome)));
        assert_eq!((stored.ui.mouse, stored.ui.bell), (Some(false), None));
        let keys = &stored.keys["quit"];
        assert_eq!(keys.iter().map(|key| key.get_ref().as_str()).collect::<Vec<_>>(), ["q", "ctrl-c"]);
        assert_eq!(stored.themes["dusk"]["title"].get_ref(), "blue bold");
        assert!(stored.check(Vocabulary::ANYTHING).is_ok());
    }

    #[rstest]
    #[case::a_key("line 7: no key \"ctrl-c\" for quit", Vocabulary { key: &|action, key| if key == "q" { Ok(()) } else { Err(format!("no key {key:?} for {action}")) }, ..Vocabulary::ANYTHING })]
    #[case::a_style("line 10: title is never \"blue bold\"", Vocabulary { style: &|name, value| Err(format!("{name} is never {value:?}")), ..Vocabulary::ANYTHING })]
    fn what_the_client_does_not_know_is_named_with_its_line(
        #[case] why: &str,
        #[case] vocabulary: Vocabulary<'_>,
    ) {
        let error = read(FILE).unwrap().check(vocabulary).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn a_theme_is_built_in_or_in_the_file() {
        let vocabulary = Vocabulary { theme: &|name| name == "dark", ..Vocabulary::ANYTHING };
        assert!(read(FILE).unwrap().check(vocabulary).is_ok());
        assert!(read("[ui]\ntheme = \"dark\"").unwrap().check(vocabulary).is_ok());
        let error = read("[ui]\ntheme = \"drak\"").unwrap().check(vocabulary).unwrap_err().to_string();
        assert!(error.contains("line 2: there is no theme \"drak\""), "{error}");
    }

    #[rstest]
    #[case("[ui]\nmuse = true", "line 2: unknown field `muse`; did you mean `mouse`?")]
    #[case("[ui]\ntimezone = \"Rome\"", "line 2: \"Rome\" is no time zone")]
    #[case("[keys]\nquit = \"q\"", "line 2: ")]
    #[case("[keys]\n\nquit = [1]", "line 3: ")]
    fn what_cannot_be_is_named_with_its_line(#[case] text: &str, #[case] why: &str) {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
