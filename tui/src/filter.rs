//! The line that narrows a list, as one types: a component for whatever screen has a list.
//!
//! A screen has one as a part of its model, says [`Context::FilterLine`] while it is being typed, and hands it what is
//! typed, [`Action::Accept`] and [`Action::Back`].

use crate::{
    action::Action,
    input::{Line, Typed},
    keymap::Context,
};

/// What a list is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    line: Line,
    typing: bool,
}

impl Filter {
    /// One that narrows already, by this text.
    pub fn of(text: impl Into<String>) -> Self {
        Self { line: Line::of(text), typing: false }
    }

    /// The line is to be typed, or gone on with.
    pub fn open(&mut self) {
        self.typing = true;
    }

    /// It is being typed: keys are its.
    pub fn context(&self) -> Option<Context> {
        self.typing.then_some(Context::FilterLine)
    }

    /// There is something to show of it: it is being typed, or narrows.
    pub fn is_shown(&self) -> bool {
        self.typing || !self.line.text().is_empty()
    }

    /// The line itself, and whether it is being typed; to be drawn.
    pub fn line(&self) -> (&Line, bool) {
        (&self.line, self.typing)
    }

    /// Part of it was typed. Says whether it matches others now.
    pub fn take(&mut self, typed: &Typed) -> bool {
        self.line.take(typed)
    }

    /// `Accept` keeps it and gives the keys back to the list; `Back` clears it. Says whether it was one of them, and for it.
    pub fn act(&mut self, action: Action) -> bool {
        match action {
            Action::Accept if self.typing => self.typing = false,
            Action::Back if self.is_shown() => *self = Self::default(),
            _ => return false,
        }
        true
    }

    /// The words that a row must have.
    pub fn words(&self) -> Vec<String> {
        self.line.text().split_whitespace().map(str::to_lowercase).collect()
    }

    /// Whether a row with this text is to be shown: where it has every word, whatever the case.
    pub fn matches(&self, text: &str) -> bool {
        let wanted = self.line.text();
        if wanted.trim().is_empty() {
            return true;
        }
        let text = text.to_lowercase();
        wanted.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("", "anything", true)]
    #[case("  ", "anything", true)]
    #[case("NORTH", "North Campus", true)]
    #[case("camp north", "North Campus", true)]
    #[case("camp south", "North Campus", false)]
    #[case("ö", "CAFÉ ÖSTERREICH", true)]
    fn matches(#[case] wanted: &str, #[case] text: &str, #[case] shown: bool) {
        let mut filter = Filter::default();
        filter.take(&Typed::Paste(wanted.to_owned()));
        assert_eq!(filter.matches(text), shown);
    }

    #[test]
    fn enter_keeps_it_and_esc_clears_it() {
        let mut filter = Filter::default();
        assert!(!filter.act(Action::Back));
        filter.open();
        filter.take(&Typed::Paste("x".into()));
        assert_eq!(filter.context(), Some(Context::FilterLine));
        assert!(filter.act(Action::Accept));
        assert_eq!((filter.context(), filter.is_shown()), (None, true));
        assert!(!filter.act(Action::Accept));
        assert!(filter.act(Action::Back));
        assert!(!filter.is_shown());
    }
}
