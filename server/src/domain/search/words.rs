//! The words of a text, folded so that case, accents and width make no difference.
//!
//! A word is a run of letters and digits. Where a script does not set words apart by spaces, or joins endings to them as
//! Korean does, each pair of neighbouring characters is a word, and so is the last character of the run: a run in a query
//! is found wherever it stands in another.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;
use unicode_script::{Script, UnicodeScript as _};

/// Words of one text beyond this many are not looked at. A title and a message have fewer, but for a few characters of
/// Arabic that each stand for a sentence.
const MOST_WORDS: usize = 5_000;
/// Characters of a word beyond this many are not looked at.
const LONGEST_WORD: usize = 64;

/// The words of `text`, in order: letters and digits only.
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = runs(text).iter().flat_map(Run::words).take(MOST_WORDS).collect();
    words.shrink_to_fit();
    words
}

/// Letters and digits between two other characters, or between two kinds of script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Run {
    /// One word.
    Spaced(String),
    /// Of a script that is written without spaces; never empty.
    Unspaced(Vec<char>),
}

impl Run {
    /// What the run is to the index: a word, or each pair and the last character.
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Self::Spaced(word) => vec![word.clone()],
            Self::Unspaced(characters) => {
                let last = &characters[characters.len() - 1..];
                characters.windows(2).chain([last]).map(|some| some.iter().collect()).collect()
            }
        }
    }

    fn push(&mut self, c: char) {
        match self {
            // Compared in bytes first, which are at least as many: counting is for the few long ones.
            Self::Spaced(word) if word.len() < LONGEST_WORD || word.chars().count() < LONGEST_WORD => {
                word.push(c);
            }
            Self::Spaced(_) => {}
            Self::Unspaced(characters) => characters.push(c),
        }
    }
}

/// The runs of `text`, in order.
pub(super) fn runs(text: &str) -> Vec<Run> {
    if text.is_ascii() { ascii_runs(text) } else { folded_runs(text) }
}

/// The same of a text that needs no folding but of its case: ten times as fast.
fn ascii_runs(text: &str) -> Vec<Run> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let word = |word: &str| word[..word.len().min(LONGEST_WORD)].to_ascii_lowercase();
    words.map(|each| Run::Spaced(word(each))).collect()
}

fn folded_runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut within = false;
    for c in fold(text).chars() {
        if !is_of_a_word(c) {
            within = false;
            continue;
        }
        match runs.last_mut() {
            Some(run) if within && joins(run, c) => run.push(c),
            _ if is_unspaced(c) => runs.push(Run::Unspaced(vec![c])),
            _ => runs.push(Run::Spaced(c.to_string())),
        }
        within = true;
    }
    runs
}

/// Whether a word may have this character in it.
pub(super) fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || canonical_combining_class(c) != 0
}

/// A mark goes with whatever it stands on.
fn joins(run: &Run, c: char) -> bool {
    canonical_combining_class(c) != 0 || is_unspaced(c) == matches!(run, Run::Unspaced(_))
}

fn is_unspaced(c: char) -> bool {
    // Common to both kinds of kana: the sign that makes a vowel long.
    c == 'ー'
        || matches!(
            c.script(),
            Script::Han
                | Script::Hiragana
                | Script::Katakana
                | Script::Bopomofo
                | Script::Hangul
                | Script::Thai
                | Script::Lao
                | Script::Khmer
                | Script::Myanmar
        )
}

/// `text` as searches compare it: lower case, without accents, every character in its plainest form.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(text.len());
    let characters = text.nfkd().filter(|c| !is_accent(*c) && !is_invisible(*c));
    for c in characters.flat_map(char::to_lowercase) {
        match spelt_out(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    // Joins what belongs together again: the syllables of Korean, the voiced kana of Japanese.
    plain.nfc().collect()
}

/// Accents, and the points of Hebrew and Arabic. Not the marks that make another letter: vowels and their like in India
/// and around it (classes 7 and 9, 84 to 130) and the voicing of kana (8).
fn is_accent(c: char) -> bool {
    matches!(canonical_combining_class(c), 1 | 10..=36 | 200..)
}

/// What stands in words without being seen: where they may be broken, how letters are joined, which form they have.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{640}' | '\u{200c}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Letters that no normal form takes apart, as those write who do not have them.
fn spelt_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_needs_no_folding_has_the_same_words(text in "[ -~\\t\\n]{0,200}|[a-zA-Z0-9]{60,70}") {
            prop_assert_eq!(ascii_runs(&text), folded_runs(&text));
        }
    }
}
