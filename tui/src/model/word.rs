//! Texts that are the same in one notification after the other: a type, a campus, a sender. They are held once.

use std::{borrow::Borrow, collections::HashSet, fmt, ops::Deref, sync::Arc};

use serde::{Serialize, Serializer};

/// A text that others may share; cheap to copy. It is read as any text is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(Arc<str>);

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Word {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        self
    }
}

impl<T: Into<Arc<str>>> From<T> for Word {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl Borrow<str> for Word {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq<str> for Word {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Word {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

/// More words than that are not usual ones; then it begins anew, and what is held stays right.
const BOUND: usize = 4_096;

/// The words that are known already.
#[derive(Debug, Default)]
pub struct Words(HashSet<Word>);

impl Words {
    /// Has a word be the one that is known, where one is.
    pub fn share(&mut self, word: &mut Word) {
        if let Some(known) = self.0.get(word) {
            word.clone_from(known);
            return;
        }
        if self.0.len() >= BOUND {
            self.0.clear();
        }
        self.0.insert(word.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_is_held_once() {
        let mut words = Words::default();
        let mut both = ["north", "north"].map(Word::from);
        assert!(!Arc::ptr_eq(&both[0].0, &both[1].0));
        for word in &mut both {
            words.share(word);
        }
        assert!(Arc::ptr_eq(&both[0].0, &both[1].0));
        assert_eq!(both[1], "north");
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let mut words = Words::default();
        for number in 0..3 * BOUND {
            words.share(&mut Word::from(number.to_string()));
        }
        assert!(words.0.len() <= BOUND);
    }
}
