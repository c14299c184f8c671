//! How large something is, and what has to be typed before it happens.

use super::Question;
use crate::{action::Action, model::broadcast::grouped};

/// Whom something concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blast<'a> {
    /// Everyone on every campus.
    Everyone,
    /// Everyone on the campus of this name.
    Campus(&'a str),
    /// So many who are named.
    Named(usize),
}

/// Up to so many who are named, a yes is enough.
const FEW: usize = 20;

impl Blast<'_> {
    /// What has to be typed; nothing where a yes is enough.
    fn word(self) -> Option<String> {
        match self {
            Self::Everyone => Some("ALL".to_owned()),
            Self::Campus(name) => Some(name.trim().to_owned()),
            Self::Named(count) if count > FEW => Some(grouped(u32::try_from(count).unwrap_or(u32::MAX))),
            Self::Named(_) => None,
        }
    }
}

impl Question {
    /// A confirmation as large as what it confirms: the campus's name, ALL, how many they are, or a plain yes.
    pub fn as_large(to: Action, title: impl Into<String>, text: impl Into<String>, blast: Blast<'_>) -> Self {
        match blast.word() {
            Some(word) => Self::word(to, title, text, word),
            None => Self::confirm(to, title, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Blast::Everyone, Some("ALL"))]
    #[case(Blast::Campus(" North Campus"), Some("North Campus"))]
    #[case(Blast::Named(1), None)]
    #[case(Blast::Named(20), None)]
    #[case(Blast::Named(21), Some("21"))]
    #[case(Blast::Named(10_000), Some("10,000"))]
    fn what_has_to_be_typed(#[case] blast: Blast<'_>, #[case] word: Option<&str>) {
        assert_eq!(blast.word().as_deref(), word);
    }
}
