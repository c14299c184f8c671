//! A key, as it is pressed, written in the config file and shown.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key, with the modifiers that matter. Written as the letter itself, or as a name (`enter`, `esc`, `tab`, `space`, `up`,
/// `down`, `left`, `right`, `home`, `end`, `pgup`, `pgdn`, `insert`, `delete`, `backspace`, `f1` to `f12`), perhaps behind `ctrl-` or
/// `alt-`; `shift-tab` is the one key with Shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(KeyCode, KeyModifiers);

/// How keys without a letter are written.
const NAMES: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("shift-tab", KeyCode::BackTab),
    ("space", KeyCode::Char(' ')),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pgup", KeyCode::PageUp),
    ("pgdn", KeyCode::PageDown),
    ("insert", KeyCode::Insert),
    ("delete", KeyCode::Delete),
    ("backspace", KeyCode::Backspace),
];

impl Key {
    /// The one that was pressed.
    pub fn of(event: KeyEvent) -> Self {
        // Terminals disagree on whether Shift is told with an upper-case letter; the letter says it already.
        Self(event.code, event.modifiers - KeyModifiers::SHIFT)
    }

    /// It belongs to a text where one is typed: a character, or a move within the line.
    pub fn is_plain(self) -> bool {
        let moves = matches!(
            self.0,
            KeyCode::Backspace
                | KeyCode::Delete
                | KeyCode::Left
                | KeyCode::Right
                | KeyCode::Home
                | KeyCode::End
        );
        match self.0 {
            // What is typed with AltGr comes with both.
            KeyCode::Char(_) => {
                self.1.is_empty() || self.1.contains(KeyModifiers::CONTROL | KeyModifiers::ALT)
            }
            _ => moves,
        }
    }
}

impl std::str::FromStr for Key {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (mut rest, mut modifiers) = (text, KeyModifiers::NONE);
        for (prefix, modifier) in [("ctrl-", KeyModifiers::CONTROL), ("alt-", KeyModifiers::ALT)] {
            if let Some(behind) = rest.strip_prefix(prefix) {
                (rest, modifiers) = (behind, modifiers | modifier);
            }
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(char), None) if !char.is_control() && char != ' ' => {
                // A terminal tells no case together with Ctrl.
                let lower = modifiers.contains(KeyModifiers::CONTROL);
                KeyCode::Char(if lower { char.to_ascii_lowercase() } else { char })
            }
            _ => match NAMES.iter().find(|(name, _)| *name == rest) {
                Some((_, code)) => *code,
                None => KeyCode::F(
                    rest.strip_prefix('f')
                        .and_then(|number| number.parse().ok())
                        .filter(|number| (1..=12).contains(number))
                        .ok_or(())?,
                ),
            },
        };
        Ok(Self(code, modifiers))
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (modifier, name) in [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-")] {
            if self.1.contains(modifier) {
                f.write_str(name)?;
            }
        }
        match self.0 {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(char) => write!(f, "{char}"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            other => write!(f, "{other}"),
        }
    }
}
