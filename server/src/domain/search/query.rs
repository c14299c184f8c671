//! What people type into a search box, and what it finds.

use unicode_normalization::UnicodeNormalization as _;

use super::SearchText;
use super::words::{Run, is_of_a_word, runs};
use crate::domain::invalid::Invalid;

/// Longest query, in characters.
const LONGEST: usize = 200;
/// Words and phrases in one query, at most: each is looked up by itself.
const MOST_CLAUSES: usize = 16;
/// Words in one query, those of phrases counted; a character of Chinese or Japanese is about one.
const MOST_WORDS: usize = 250;
/// Letters before a `*`, at least: with fewer it is text, for words that begin so are too many to look up.
const SHORTEST_PREFIX: usize = 2;

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    all: Vec<Clause>,
    none: Vec<Clause>,
}

/// Words that stand one after the other, in the title or in the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    words: Vec<String>,
    prefix: bool,
}

impl SearchQuery {
    /// Reads a query: words, `"phrases in quotes"`, `begin*`, and `-` before any of them for what must not be there. Whatever
    /// else there is separates words. `None` where it has no word, which asks for everything.
    ///
    /// Refused for its length alone; `field` is what it is called then.
    pub fn parse(field: &str, text: &str) -> Result<Option<Self>, Invalid> {
        // Bytes bound characters from above: a huge query is refused without being walked.
        if text.len() > 4 * LONGEST || text.chars().count() > LONGEST {
            return Err(Invalid::new(field, format!("must be at most {LONGEST} characters")));
        }
        let mut query = Self { all: Vec::new(), none: Vec::new() };
        let text = as_typed_on_any_keyboard(text);
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let piece;
            (piece, rest) = Piece::take(rest);
            if let Some(clause) = Clause::read(piece.text, piece.starred) {
                if piece.excluded { &mut query.none } else { &mut query.all }.push(clause);
            }
        }
        let clauses = query.all.len() + query.none.len();
        if clauses > MOST_CLAUSES {
            return Err(Invalid::new(field, format!("must have at most {MOST_CLAUSES} words and phrases")));
        }
        if query.all.iter().chain(&query.none).map(|clause| clause.words.len()).sum::<usize>() > MOST_WORDS {
            return Err(Invalid::new(field, format!("must have at most {MOST_WORDS} words")));
        }
        Ok((clauses > 0).then_some(query))
    }

    /// What must all be there.
    pub fn all(&self) -> &[Clause] {
        &self.all
    }

    /// None of which may be there.
    pub fn none(&self) -> &[Clause] {
        &self.none
    }

    /// The same without some of its words and phrases: finds what it finds, and may find more. `None` where none of them is left.
    pub fn without(&self, left_out: &[Clause]) -> Option<Self> {
        let left = |clauses: &[Clause]| -> Vec<Clause> {
            clauses.iter().filter(|clause| !left_out.contains(clause)).cloned().collect()
        };
        let query = Self { all: left(&self.all), none: left(&self.none) };
        (!query.all.is_empty() || !query.none.is_empty()).then_some(query)
    }

    /// Whether it finds this text. Of exclusions alone: whatever has none of them.
    pub fn matches(&self, text: &SearchText) -> bool {
        self.all.iter().all(|clause| clause.is_in(text)) && !self.none.iter().any(|clause| clause.is_in(text))
    }
}

impl Clause {
    /// The words, in order; never empty.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Whether the last word may go on.
    pub fn is_prefix(&self) -> bool {
        self.prefix
    }

    /// The clause that `text` asks for, if there is a word in it.
    fn read(text: &str, starred: bool) -> Option<Self> {
        let mut runs = runs(text);
        let last = runs.pop()?;
        let mut words: Vec<String> = runs.iter().flat_map(Run::words).collect();
        let prefix = match last {
            Run::Spaced(word) => {
                let prefix = starred && word.chars().count() >= SHORTEST_PREFIX;
                words.push(word);
                prefix
            }
            // Found in the midst of other runs, so the last character need not be the last there: alone it begins a
            // pair, or is one's end; in company it is in the last pair already.
            Run::Unspaced(characters) => {
                let pairs = Run::Unspaced(characters).words();
                let alone = pairs.len() == 1;
                let found = if alone { &pairs[..] } else { &pairs[..pairs.len() - 1] };
                words.extend_from_slice(found);
                alone
            }
        };
        Some(Self { words, prefix })
    }

    fn is_in(&self, text: &SearchText) -> bool {
        [&text.title, &text.message].into_iter().any(|words| self.is_among(words))
    }

    fn is_among(&self, words: &[String]) -> bool {
        let Some((last, before)) = self.words.split_last() else { return false };
        words.windows(self.words.len()).any(|window| {
            let end = &window[before.len()];
            window[..before.len()] == *before && if self.prefix { end.starts_with(last) } else { end == last }
        })
    }
}

/// A word or a phrase as it was typed.
struct Piece<'t> {
    text: &'t str,
    excluded: bool,
    starred: bool,
}

impl<'t> Piece<'t> {
    /// The first piece of `text`, which is not empty and begins with no space, and what follows it.
    fn take(text: &'t str) -> (Self, &'t str) {
        let excluding = text.strip_prefix('-').filter(|rest| rest.starts_with(|c: char| !c.is_whitespace()));
        let body = excluding.unwrap_or(text);
        let quoted = body.strip_prefix('"').and_then(|phrase| phrase.split_once('"'));
        let (piece, rest, starred_after) = if let Some((phrase, rest)) = quoted {
            (phrase, rest, rest.starts_with('*'))
        } else {
            // A quote that nothing closes is text.
            let (word, rest) = body.split_at(body.find(char::is_whitespace).unwrap_or(body.len()));
            (word, rest, false)
        };
        let stem = piece.trim_end().trim_end_matches('*');
        let starred = stem.len() < piece.trim_end().len() || starred_after;
        // A star begins nothing unless a word is right before it.
        let starred = starred && stem.ends_with(is_of_a_word);
        (Self { text: piece, excluded: excluding.is_some(), starred }, rest.trim_start())
    }
}

/// The signs that mean something here are typed in many forms: full-width ones on East Asian keyboards, curled quotes on
/// telephones.
fn as_typed_on_any_keyboard(text: &str) -> String {
    text.nfkc().map(|c| if matches!(c, '“' | '”' | '„' | '‟') { '"' } else { c }).collect()
}
