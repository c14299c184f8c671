//! What is typed: a line of text, bounded, and clean of whatever a terminal would obey.

use crossterm::event::{Event, KeyEvent};
use tui_input::{Input, backend::crossterm::EventHandler};

use crate::sanitise;

/// Part of a text, as it comes from the keyboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// A key that means nothing else there.
    Key(KeyEvent),
    /// What was pasted, at once.
    Paste(String),
}

/// No line is longer, in characters, unless it is said.
pub const LIMIT: usize = 1_000;

/// A line of text, and where the next character goes.
#[derive(Debug, Clone)]
pub struct Line {
    input: Input,
    limit: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self::of("")
    }
}

impl Line {
    /// A line that has a text already, to be gone on with.
    pub fn of(text: impl Into<String>) -> Self {
        Self { input: Input::new(text.into()), limit: LIMIT }
    }

    /// Has room for so many characters, instead of [`LIMIT`].
    #[must_use]
    pub fn with_limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// For so many characters more there is room.
    pub fn room(&self) -> usize {
        self.limit.saturating_sub(self.text().chars().count())
    }

    /// Takes in what was typed. Says whether the text is another one now. A paste that is too long is cut, and a key that has
    /// no room does nothing; what there is already stays, however long it is.
    pub fn take(&mut self, typed: &Typed) -> bool {
        let before = self.input.value().to_owned();
        match typed {
            Typed::Key(key) => {
                let (input, length) = (self.input.clone(), before.chars().count());
                self.input.handle_event(&Event::Key(*key));
                if self.text().chars().count() > length.max(self.limit) {
                    self.input = input;
                }
            }
            Typed::Paste(text) => self.insert(text),
        }
        self.text() != before
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Where the next character goes, counted in characters.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    fn insert(&mut self, pasted: &str) {
        let room = self.room();
        // Of a megabyte only what has room is looked at.
        let pasted: String = pasted.trim_end().chars().take(room).collect();
        // Tabs become longer.
        let pasted: String = sanitise::line(&pasted).chars().take(room).collect();
        let at = self.cursor();
        let (before, behind): (String, String) =
            (self.text().chars().take(at).collect(), self.text().chars().skip(at).collect());
        let cursor = at + pasted.chars().count();
        self.input = Input::new(format!("{before}{pasted}{behind}")).with_cursor(cursor);
    }
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};
    use proptest::prelude::*;

    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Typed {
        Typed::Key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn keys_edit() {
        let mut line = Line::default();
        for char in "two words".chars() {
            assert!(line.take(&key(KeyCode::Char(char), KeyModifiers::NONE)));
        }
        assert!(line.take(&key(KeyCode::Char('w'), KeyModifiers::CONTROL)));
        assert_eq!(line.text(), "two ");
        assert!(!line.take(&key(KeyCode::Home, KeyModifiers::NONE)));
        line.take(&Typed::Paste("日本\u{1b}[31m\n".into()));
        assert_eq!((line.text(), line.cursor()), ("日本[31mtwo ", 6));
    }

    #[test]
    fn a_megabyte_is_cut() {
        let mut line = Line::of("begun ");
        line.take(&Typed::Paste("x".repeat(1 << 20)));
        assert_eq!(line.text().chars().count(), LIMIT);
        assert!(line.text().starts_with("begun x"));
        line.take(&key(KeyCode::Char('y'), KeyModifiers::NONE));
        assert_eq!(line.text().chars().count(), LIMIT);
    }

    #[test]
    fn what_is_there_is_never_cut() {
        let mut line = Line::of("x".repeat(LIMIT + 7));
        for code in [KeyCode::Home, KeyCode::Char('y'), KeyCode::Delete, KeyCode::Char('y')] {
            line.take(&key(code, KeyModifiers::NONE));
        }
        line.take(&Typed::Paste("y".to_owned()));
        assert_eq!((line.text(), line.cursor()), (&*"x".repeat(LIMIT + 6), 0));
        assert_eq!(line.room(), 0);
        let mut line = line.with_limit(LIMIT + 7);
        assert!(line.take(&key(KeyCode::Char('y'), KeyModifiers::NONE)));
        assert!(line.text().starts_with("yx"));
        let mut line = Line::default().with_limit(3);
        line.take(&Typed::Paste("\t".to_owned() + "x"));
        assert_eq!(line.text(), "   ");
    }

    proptest! {
        #[test]
        fn nothing_that_a_terminal_obeys_gets_in(pasted in "(?s).{0,80}", at in 0_usize..9) {
            let mut line = Line::of("ünicöde");
            for _ in 0..at {
                line.take(&key(KeyCode::Left, KeyModifiers::NONE));
            }
            line.take(&Typed::Paste(pasted));
            prop_assert!(!line.text().chars().any(char::is_control));
            prop_assert!(line.cursor() <= line.text().chars().count());
        }
    }
}
