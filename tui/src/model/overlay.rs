//! What lies over a screen: the help, a longer text, the palette, a question. One over the other, if need be; the keys
//! act on the uppermost.

mod blast;
mod palette;

pub use self::{
    blast::Blast,
    palette::{Candidate, Palette, rank},
};

use crate::{action::Action, document, input::Line, keymap::Context};

/// Something over the screen.
#[derive(Debug)]
pub enum Overlay {
    /// The keys that work in a place.
    Help {
        /// Which.
        context: Context,
        /// Rows that it is scrolled down by.
        scroll: u16,
    },
    /// A text to be read, e.g. why something came.
    Text {
        /// Its lines. Longer ones are wrapped.
        lines: Vec<document::Line>,
        /// Rows that it is scrolled down by.
        scroll: u16,
    },
    /// What to do, to be said.
    Palette(Palette),
    /// A question.
    Question(Question),
}

/// A question, whose answer goes back to whoever asked: the frame, or the screen that is shown.
#[derive(Debug)]
pub struct Question {
    /// What is asked, in a line.
    pub title: String,
    /// What there is to know first; wrapped.
    pub text: String,
    /// How it is answered.
    pub kind: Kind,
    /// What the answer is to. Whoever asks keeps in mind what exactly: the list may have moved meanwhile.
    pub to: Action,
}

/// How a question is answered.
#[derive(Debug)]
pub enum Kind {
    /// Yes or no, by a key. For what can be undone, or concerns a few.
    Confirm,
    /// By typing this word: for what cannot, and concerns many. Case counts.
    Word(String, Line),
    /// By a line of text.
    Line {
        /// As it is so far.
        line: Line,
        /// Nobody who looks over the shoulder is to read it.
        secret: bool,
    },
}

/// An answer. A question that is closed has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// To what.
    pub to: Action,
    /// The line that was typed; empty where none was.
    pub text: String,
}

impl Overlay {
    /// Where the user is while this is uppermost.
    pub fn context(&self) -> Context {
        match self {
            Self::Help { .. } | Self::Text { .. } => Context::Reader,
            Self::Palette(_) => Context::Palette,
            Self::Question(question) => match question.kind {
                Kind::Confirm => Context::Question,
                Kind::Word(..) | Kind::Line { .. } => Context::Prompt,
            },
        }
    }

    /// The line that is typed, where one is.
    pub fn line_mut(&mut self) -> Option<&mut Line> {
        match self {
            Self::Palette(palette) => Some(&mut palette.line),
            Self::Question(Question { kind: Kind::Word(_, line) | Kind::Line { line, .. }, .. }) => {
                Some(line)
            }
            Self::Question(_) | Self::Help { .. } | Self::Text { .. } => None,
        }
    }
}

impl Question {
    /// Yes or no.
    pub fn confirm(to: Action, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), kind: Kind::Confirm, to }
    }

    /// Only for who types this word.
    pub fn word(
        to: Action,
        title: impl Into<String>,
        text: impl Into<String>,
        word: impl Into<String>,
    ) -> Self {
        let kind = Kind::Word(word.into(), Line::default());
        Self { title: title.into(), text: text.into(), kind, to }
    }

    /// A line of text.
    pub fn line(to: Action, title: impl Into<String>, text: impl Into<String>) -> Self {
        let kind = Kind::Line { line: Line::default(), secret: false };
        Self { title: title.into(), text: text.into(), kind, to }
    }

    /// A line that is not shown.
    pub fn secret(to: Action, title: impl Into<String>, text: impl Into<String>) -> Self {
        let kind = Kind::Line { line: Line::default(), secret: true };
        Self { title: title.into(), text: text.into(), kind, to }
    }

    /// The answer, as far as it is one by now.
    pub fn answer(&self) -> Option<Answer> {
        let text = match &self.kind {
            Kind::Confirm => String::new(),
            Kind::Word(word, line) if line.text().trim() == word => word.clone(),
            Kind::Word(..) => return None,
            Kind::Line { line, .. } if line.text().trim().is_empty() => return None,
            Kind::Line { line, .. } => line.text().trim().to_owned(),
        };
        Some(Answer { to: self.to, text })
    }
}
