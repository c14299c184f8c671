//! What the index of texts has of a notification: its words, each joined with the audience that it was sent to. So a word
//! that every campus uses costs a reader no more than what their own campus was told. All long lists of recipients are one
//! audience here: their readers have many of them, and each would have to be looked for by itself.

use std::fmt::Write as _;

use super::convert::AudienceTerm;
use crate::domain::search::{Clause, SearchText};

/// Words that the index takes of one notification, those for each recipient counted; with more it says only for whom
/// there is a text.
const MOST_TERMS: usize = 8_000;

/// The audience of what was sent to a long list, whichever: `feed_entry` has none of this number.
pub const ANY_LIST: i64 = AudienceTerm::List(0).column();

/// The audience by which the index has what `feed_entry` says was sent to this one.
pub(super) fn audience(column: i64) -> i64 {
    match AudienceTerm::from_column(column) {
        AudienceTerm::List(_) => ANY_LIST,
        _ => column,
    }
}

/// How an audience's words begin: its number as in `feed_entry` and a letter, so that no two begin alike. By itself it
/// stands before the title and before the message: no phrase crosses it, and everything of the audience has it.
pub(super) fn prefix(audience: i64) -> String {
    format!("{audience}x")
}

/// Stands instead of the words where those are too many.
pub(super) fn too_long(audience: i64) -> String {
    format!("{audience}y")
}

/// A clause's words for this audience, one after the other.
pub(super) fn clause(audience: i64, clause: &Clause) -> String {
    let prefix = prefix(audience);
    let mut terms = String::new();
    push(&mut terms, &prefix, clause.words());
    terms
}

/// How all words begin, in the index, that are the last one of a clause that says how that begins.
pub(super) fn beginning(audience: i64, clause: &Clause) -> String {
    let last = clause.words().last().map(String::as_str);
    format!("{}{}", prefix(audience), last.unwrap_or_default())
}

/// What the index has of a text that was sent to these audiences, as `feed_entry` numbers them but for [`ANY_LIST`], and how
/// many words that is.
/// Also for whoever fills databases past the store.
pub fn terms(audiences: &[i64], text: &SearchText) -> (String, usize) {
    let each = text.len() + 2;
    let mut terms = String::new();
    if each * audiences.len() > MOST_TERMS {
        for audience in audiences {
            push(&mut terms, &too_long(*audience), &[String::new()]);
        }
        return (terms, audiences.len());
    }
    for audience in audiences {
        let prefix = prefix(*audience);
        for words in [&text.title, &text.message] {
            push(&mut terms, &prefix, &[String::new()]);
            push(&mut terms, &prefix, words);
        }
    }
    (terms, each * audiences.len())
}

fn push(terms: &mut String, prefix: &str, words: &[String]) {
    for word in words {
        let space = if terms.is_empty() { "" } else { " " };
        // Writing to a string cannot fail.
        let _ = write!(terms, "{space}{prefix}{word}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::search::SearchQuery;

    #[test]
    fn each_audience_has_words_of_its_own() {
        let text = SearchText::of("Open day", "Été");
        assert_eq!(terms(&[0], &text), ("0x 0xopen 0xday 0x 0xete".to_owned(), 5));
        assert_eq!(terms(&[6, 10], &SearchText::of("Hi", "!")).0, "6x 6xhi 6x 10x 10xhi 10x");
    }

    #[test]
    fn a_clause_is_as_the_index_has_it() {
        let query = SearchQuery::parse("search", "\"Open 東京\"").unwrap().unwrap();
        assert_eq!(clause(401, &query.all()[0]), "401xopen 401x東京");
    }

    #[test]
    fn too_many_words_are_left_out() {
        let text = SearchText::of("Open day", &"a ".repeat(100));
        let many: Vec<i64> = (1..=100).collect();
        let (written, count) = terms(&many, &text);
        assert!(written.starts_with("1y 2y 3y "));
        assert_eq!(count, 100);
    }
}
