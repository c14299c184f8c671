//! How the user wants the console to be. Plain data: where it comes from is the config file's business.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use crate::{config::view::View, keymap::Keymap, theme::Theme};

/// What can be chosen.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the config file")]
pub struct Options {
    /// What it looks like at first.
    pub theme: Theme,
    /// What else it can look like, by name; the built-in themes among them.
    pub themes: BTreeMap<String, Theme>,
    /// The keys.
    pub keymap: Keymap,
    /// The mouse clicks and scrolls; else the terminal selects text with it.
    pub mouse: bool,
    /// Nothing moves that does not have to.
    pub reduced_motion: bool,
    /// No mutation leaves. This hides what cannot be done; what refuses it is [`crate::net::session::Session`].
    pub readonly: bool,
    /// The terminal's bell rings for what is urgent.
    pub bell: bool,
    /// The desktop notifies of what is urgent, by way of the terminal (OSC 9 and 777).
    pub desktop_notifications: bool,
    /// The profiles that can be switched to.
    pub profiles: Vec<String>,
    /// The one it begins with, where it is one.
    pub profile: Option<String>,
    /// The key of the campus that it begins with; all without.
    pub campus: Option<String>,
    /// Saved parts of the history, by name: those of the config file.
    pub views: BTreeMap<String, View>,
    /// Those that were saved at run time: they hide what the file calls the same.
    pub saved: BTreeMap<String, View>,
    /// Whose wall clock moments in words go by.
    pub zone: Tz,
}

impl Default for Options {
    /// Without a config file, and without colours.
    fn default() -> Self {
        Self {
            theme: Theme::plain(),
            themes: Theme::builtin().map(|(name, theme)| (name.to_owned(), theme)).into(),
            keymap: Keymap::default(),
            mouse: true,
            reduced_motion: false,
            readonly: false,
            bell: true,
            desktop_notifications: true,
            profiles: Vec::new(),
            profile: None,
            campus: None,
            views: BTreeMap::new(),
            saved: BTreeMap::new(),
            zone: Tz::UTC,
        }
    }
}
