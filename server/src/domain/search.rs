//! What a search finds: one way to take text apart, for notifications and queries alike, and the rule that says whether
//! they match. A database's index only finds sooner what this rule says.

mod query;
mod words;

pub use query::{Clause, SearchQuery};
pub use words::words;

/// The words of a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText {
    /// In the title, in order.
    pub title: Vec<String>,
    /// In the message, in order.
    pub message: Vec<String>,
}

impl SearchText {
    /// Takes a notification's text apart.
    pub fn of(title: &str, message: &str) -> Self {
        Self { title: words(title), message: words(message) }
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.title.len() + self.message.len()
    }

    /// Whether there are none: a text of nothing but signs.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests;
