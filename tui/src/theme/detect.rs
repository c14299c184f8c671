//! Which theme suits a terminal, by what its environment says.

use std::ffi::OsStr;

use super::Theme;

/// Whether the terminal is dark or light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Light text on a dark ground.
    Dark,
    /// Dark text on a light ground.
    Light,
}

/// What the environment says of colours.
#[derive(Debug, Clone, Copy, Default)]
pub struct Environment<'a> {
    /// `NO_COLOR`: no colours where it is set and not empty (<https://no-color.org>).
    pub no_color: Option<&'a OsStr>,
    /// `COLORTERM`: `truecolor` or `24bit` where a terminal shows all colours.
    pub colorterm: Option<&'a OsStr>,
    /// `COLORFGBG`: two or three numbers, the last of which is the ground's.
    pub colorfgbg: Option<&'a OsStr>,
}

impl Environment<'_> {
    /// All colours can be shown.
    pub fn has_all_colours(&self) -> bool {
        self.colorterm.is_some_and(|value| value == "truecolor" || value == "24bit")
    }

    /// No colour is wanted.
    pub fn wants_none(&self) -> bool {
        self.no_color.is_some_and(|value| !value.is_empty())
    }

    /// The name of the built-in theme that suits. The terminal is asked for its ground only where that decides.
    pub fn theme(&self, ask: impl FnOnce() -> Option<Background>) -> &'static str {
        if self.wants_none() {
            return "plain";
        }
        if !self.has_all_colours() {
            return "sixteen";
        }
        match background(self.colorfgbg).or_else(ask) {
            Some(Background::Light) => "light",
            Some(Background::Dark) | None => "dark",
        }
    }
}

/// What `COLORFGBG` says, where it says anything. Of the sixteen colours the terminal's ground is one: 7, and 9 to 15, are light.
pub fn background(colorfgbg: Option<&OsStr>) -> Option<Background> {
    let ground: u8 = colorfgbg?.to_str()?.rsplit(';').next()?.parse().ok()?;
    match ground {
        7 | 9..=15 => Some(Background::Light),
        0..=8 => Some(Background::Dark),
        _ => None,
    }
}

impl Theme {
    /// A built-in theme by name.
    pub fn named(name: &str) -> Option<Self> {
        Self::builtin().into_iter().find(|(known, _)| *known == name).map(|(_, theme)| theme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Some("1"), Some("truecolor"), None, None, "plain")]
    #[case(Some(""), Some("truecolor"), None, None, "dark")]
    #[case(None, None, Some("0;15"), Some(Background::Light), "sixteen")]
    #[case(None, Some("24bit"), Some("0;15"), None, "light")]
    #[case(None, Some("24bit"), Some("0;default;15"), None, "light")]
    #[case(None, Some("24bit"), Some("15;0"), Some(Background::Light), "dark")]
    #[case(None, Some("24bit"), Some("15;default"), Some(Background::Light), "light")]
    #[case(None, Some("truecolor"), None, Some(Background::Light), "light")]
    #[case(None, Some("truecolor"), None, None, "dark")]
    fn suits(
        #[case] no_color: Option<&str>,
        #[case] colorterm: Option<&str>,
        #[case] colorfgbg: Option<&str>,
        #[case] asked: Option<Background>,
        #[case] theme: &str,
    ) {
        let environment = Environment {
            no_color: no_color.map(OsStr::new),
            colorterm: colorterm.map(OsStr::new),
            colorfgbg: colorfgbg.map(OsStr::new),
        };
        assert_eq!(environment.theme(|| asked), theme);
    }
}
