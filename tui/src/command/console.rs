//! What the config file says about the interactive client, as that client takes it: its options, its profiles, and which
//! names and values it knows at all.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    action::Action,
    cli::Connection,
    config::{ConfigError, Settings, Stored, console::Vocabulary, saved},
    credentials::Credentials,
    keymap::{Key, Keymap, KeymapError},
    net::link::{Profile, Profiles},
    options::Options,
    theme::{Theme, ThemeError},
};

use super::CommandError;

/// What the interactive client knows of actions, keys, styles and themes.
pub(super) const VOCABULARY: Vocabulary<'static> =
    Vocabulary { key: &judge_key, style: &judge_style, theme: &|name| Theme::named(name).is_some() };

fn judge_key(action: &str, key: &str) -> Result<(), String> {
    let action: Action =
        action.parse().map_err(|_| KeymapError::NoSuchAction(action.to_owned()).to_string())?;
    let wrong = |()| KeymapError::NoSuchKey { action: action.into(), key: key.to_owned() }.to_string();
    key.parse::<Key>().map(|_| ()).map_err(wrong)
}

fn judge_style(name: &str, style: &str) -> Result<(), String> {
    let styles = BTreeMap::from([(name.to_owned(), style.to_owned())]);
    Theme::plain().with(&styles).map(|_| ()).map_err(|error| error.to_string())
}

/// How the user wants it to be. `detected` is the name of the built-in theme that suits the terminal; it is asked for only
/// where the file does not say.
pub(super) fn options(
    settings: &Settings,
    detected: impl FnOnce() -> &'static str,
) -> Result<Options, CommandError> {
    let stored = &settings.stored;
    stored.check(VOCABULARY)?;
    let keymap = keymap(stored)?;
    let name = stored.ui.theme.as_ref().map(|theme| theme.get_ref().clone());
    let themes = themes(stored)?;
    let theme = themes.get(&name.unwrap_or_else(|| detected().to_owned())).cloned();
    let saved = saved::read().map_err(|error| CommandError::Usage(format!("the saved views: {error}")))?;
    let defaults = Options::default();
    let ui = &stored.ui;
    Ok(Options {
        theme: theme.unwrap_or_else(Theme::sixteen),
        themes,
        keymap,
        mouse: ui.mouse.unwrap_or(defaults.mouse),
        reduced_motion: ui.reduced_motion.unwrap_or(defaults.reduced_motion),
        readonly: settings.endpoint.is_readonly(),
        bell: ui.bell.unwrap_or(defaults.bell),
        desktop_notifications: ui.desktop_notifications.unwrap_or(defaults.desktop_notifications),
        profiles: stored.profiles.keys().cloned().collect(),
        profile: settings.profile.clone(),
        campus: settings.campus.clone(),
        views: stored.views.clone(),
        saved,
        zone: settings.zone(),
    })
}

/// The keys of the file; two of them that would mean the same are seen only together.
pub(super) fn keymap(stored: &Stored) -> Result<Keymap, CommandError> {
    let chosen = stored.keys.iter().map(|(action, keys)| {
        (action.get_ref().clone(), keys.iter().map(|key| key.get_ref().clone()).collect())
    });
    Keymap::new(&chosen.collect()).map_err(|error| CommandError::Usage(format!("[keys]: {error}")))
}

/// The built-in themes, and those of the file. One that is called like a built-in one changes that; others begin with
/// the terminal's sixteen colours.
fn themes(stored: &Stored) -> Result<BTreeMap<String, Theme>, CommandError> {
    let mut themes: BTreeMap<_, _> = Theme::builtin().map(|(name, theme)| (name.to_owned(), theme)).into();
    for (name, styles) in &stored.themes {
        let styles = styles.iter().map(|(name, style)| (name.get_ref().clone(), style.get_ref().clone()));
        let base = themes.get(name).cloned().unwrap_or_else(Theme::sixteen);
        let wrong = |error: ThemeError| CommandError::Usage(format!("[themes.{name}]: {error}"));
        let theme = base.with(&styles.collect()).map_err(wrong)?;
        themes.insert(name.clone(), theme);
    }
    Ok(themes)
}

/// Who asks whom, by the name of a profile; found only when it is switched to, because it may take a program to say.
/// The file is read anew, and what was on the command line about another server counts no more.
pub(super) fn profiles(given: &Connection) -> Profiles {
    let (config, readonly) = (given.config.clone(), given.readonly);
    Arc::new(move |name| {
        let connection = Connection {
            server: None,
            ca_file: None,
            token: None,
            profile: Some(name.to_owned()),
            config: config.clone(),
            readonly,
        };
        let found = Settings::resolve(connection, &Credentials::system());
        found
            .map(|settings| Profile {
                endpoint: Arc::new(settings.endpoint),
                token: settings.token,
                campus: settings.campus,
            })
            .map_err(|error: ConfigError| error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn stored(text: &str) -> Stored {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, text).unwrap();
        Stored::read(file.path(), true).unwrap()
    }

    #[rstest]
    #[case("[keys]\nmark-reed = [\"x\"]", "line 2: there is no action \"mark-reed\"")]
    #[case("[keys]\nmark-read = [\"x\", \"hyper-x\"]", "line 2: mark-read: \"hyper-x\" is no key")]
    #[case("[themes.mine]\nselektiert = \"red\"", "line 2: there is no style \"selektiert\"")]
    #[case("[themes.mine]\ntext = \"reddish\"", "line 2: text: \"reddish\" is neither")]
    #[case("[ui]\ntheme = \"darkish\"", "line 2: there is no theme \"darkish\"")]
    fn what_the_console_does_not_know_is_named_with_its_line(#[case] text: &str, #[case] why: &str) {
        let said = stored(text).check(VOCABULARY).unwrap_err().to_string();
        assert!(said.contains(why), "{said}");
    }

    #[test]
    fn keys_that_would_mean_two_things_are_named() {
        let said = keymap(&stored("[keys]\nmark-read = [\"u\"]")).unwrap_err().to_string();
        assert_eq!(said, "[keys]: u would mean both mark-read and mark-unread");
    }

    #[test]
    fn a_theme_of_the_file_is_one_to_choose() {
        let stored = stored("[themes.mine]\ntext = \"red\"\n[themes.dark]\ntitle = \"#ffffff\"");
        let themes = themes(&stored).unwrap();
        assert_eq!(themes.len(), 5);
        assert_ne!(themes["dark"], Theme::dark());
    }
}
