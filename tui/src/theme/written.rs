//! Themes that someone has written: names of tones, and what they look like.

use std::{collections::BTreeMap, str::FromStr};

use ratatui::style::{Color, Modifier, Style};

use super::{Theme, Tone};

/// Why a theme is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// Nothing is called that.
    #[error("there is no style {0:?}")]
    NoSuchTone(String),
    /// Part of a style is none.
    #[error(
        "{tone}: {part:?} is neither a colour (#rrggbb, or a name such as red), nor `on` before one, nor bold, dim, italic, \
         underlined or reversed"
    )]
    NoSuchPart {
        /// Of which style.
        tone: String,
        /// The part.
        part: String,
    },
}

impl Theme {
    /// This one, with these styles instead: `"#ffcc00 on #202020 bold"`. What a style does not say stays as it is here.
    pub fn with(&self, styles: &BTreeMap<String, String>) -> Result<Self, ThemeError> {
        let mut theme = self.clone();
        for (name, written) in styles {
            let tone = Tone::from_str(name).map_err(|_| ThemeError::NoSuchTone(name.clone()))?;
            theme.styles[tone as usize] = style(theme.of(tone), name, written)?;
        }
        Ok(theme)
    }
}

fn style(mut style: Style, tone: &str, written: &str) -> Result<Style, ThemeError> {
    let mut on = false;
    for part in written.split_whitespace() {
        let modifier = match part {
            "on" => {
                on = true;
                continue;
            }
            "bold" => Some(Modifier::BOLD),
            "dim" => Some(Modifier::DIM),
            "italic" => Some(Modifier::ITALIC),
            "underlined" => Some(Modifier::UNDERLINED),
            "reversed" => Some(Modifier::REVERSED),
            _ => None,
        };
        if let Some(modifier) = modifier {
            style = style.add_modifier(modifier);
            continue;
        }
        let colour = Color::from_str(part)
            .map_err(|_| ThemeError::NoSuchPart { tone: tone.to_owned(), part: part.to_owned() })?;
        style = if std::mem::take(&mut on) { style.bg(colour) } else { style.fg(colour) };
    }
    Ok(style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn with(name: &str, written: &str) -> Result<Theme, ThemeError> {
        Theme::plain().with(&BTreeMap::from([(name.to_owned(), written.to_owned())]))
    }

    #[test]
    fn what_is_written_is_instead_of_what_was() {
        let theme = with("selected-idle", "#ffcc00 on blue bold").unwrap();
        let style = theme.of(Tone::SelectedIdle);
        assert_eq!((style.fg, style.bg), (Some(Color::Rgb(255, 204, 0)), Some(Color::Blue)));
        assert_eq!(style.add_modifier, Modifier::BOLD | Modifier::UNDERLINED);
        assert_eq!(theme.of(Tone::Text), Theme::plain().of(Tone::Text));
    }

    #[rstest]
    #[case("selektiert", "red", "there is no style \"selektiert\"")]
    #[case("selected", "#ffcc", "selected: \"#ffcc\" is neither")]
    #[case("selected", "bold blinking", "selected: \"blinking\" is neither")]
    fn what_cannot_be_is_said(#[case] name: &str, #[case] written: &str, #[case] error: &str) {
        let said = with(name, written).unwrap_err().to_string();
        assert!(said.starts_with(error), "{said}");
    }
}
