//! How wide a text is on a terminal, and how it is made to fit. A wide character takes two columns, an emoji of several
//! code points is one character: texts are cut between what people see, never inside.

use std::{borrow::Cow, ops::Range};

use ratatui::{style::Style, text::Span};
use unicode_width::UnicodeWidthStr;

/// In columns: of what people see as characters, each by itself, as they are put into the terminal's cells. The whole may be
/// narrower where two are drawn as one (Arabic lam and alef), but then they would have to be in one cell.
pub fn width(text: &str) -> usize {
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return text.len();
    }
    Span::raw(text).styled_graphemes(Style::new()).map(|grapheme| grapheme.symbol.width()).sum()
}

/// A constant's name as people would write it: `EVENT_CREATED` is "Event created".
pub fn words(name: &str) -> String {
    let words = name.to_lowercase().replace('_', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The text with the first of each emoji that is joined of several: of a family its first member. Many terminals draw the parts
/// side by side and not as one, so that what stands behind them would be elsewhere. Other scripts keep their joiners.
pub fn unjoined(text: &str) -> Cow<'_, str> {
    const JOINER: char = '\u{200d}';
    if !text.contains(JOINER) {
        return Cow::Borrowed(text);
    }
    let span = Span::raw(text);
    let graphemes =
        span.styled_graphemes(Style::new()).map(|grapheme| match grapheme.symbol.split_once(JOINER) {
            // As wide as the whole: it is the whole that takes two columns.
            Some((first, _)) if width(first) == 2 && width(grapheme.symbol) == 2 => first,
            _ => grapheme.symbol,
        });
    Cow::Owned(graphemes.collect())
}

/// The text, or as much of its beginning as fits with `…` behind it.
pub fn fit(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let Some(room) = columns.checked_sub(1) else {
        return String::new();
    };
    let mut fitted = take(text, room).to_owned();
    fitted.push('…');
    fitted
}

/// The text, cut or filled up to so many columns, of which the last stays empty.
pub fn pad(text: &str, columns: usize) -> String {
    let mut padded = fit(text, columns.saturating_sub(1));
    padded.push_str(&" ".repeat(columns.saturating_sub(width(&padded))));
    padded
}

/// The text without its beginning, which takes at least so many columns; and how many columns that has been.
pub fn skip(text: &str, columns: usize) -> (&str, usize) {
    let mut skipped = 0;
    let mut rest = text;
    while skipped < columns && !rest.is_empty() {
        let head = first(rest);
        skipped += width(head);
        rest = rest.get(head.len().max(1)..).unwrap_or_default();
    }
    (rest, skipped)
}

/// Where words are in a text, whatever its case; the words are in lower case. The ranges are of bytes, and lie between
/// characters.
pub fn find(text: &str, words: &[String]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, _) in text.char_indices() {
        let longest =
            words.iter().filter(|word| !word.is_empty()).filter_map(|word| begins(&text[start..], word));
        if let Some(length) = longest.max() {
            found.push(start..start + length);
        }
    }
    found
}

/// How many bytes of a text's beginning are a word, if they are one.
fn begins(text: &str, word: &str) -> Option<usize> {
    let mut wanted = word.chars();
    for (index, char) in text.char_indices() {
        for lower in char.to_lowercase() {
            match wanted.next() {
                Some(char) if char == lower => {}
                Some(_) => return None,
                // The word ends inside of what is one character here.
                None => break,
            }
        }
        if wanted.as_str().is_empty() {
            return Some(index + char.len_utf8());
        }
    }
    None
}

/// In lines of at most this many columns, broken between words where that is possible. The text's own line ends stay.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    text.split('\n').flat_map(|paragraph| wrap_paragraph(paragraph, columns.max(2))).collect()
}

fn wrap_paragraph(paragraph: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in paragraph.split_inclusive(' ') {
        let mut word = word;
        if used > 0 && used + width(word.trim_end()) > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        while width(word.trim_end()) > columns {
            // Whatever is wider than a line by itself has a line of its own: something must go on each.
            let head = match take(word, columns) {
                "" => first(word),
                head => head,
            };
            lines.push(head.to_owned());
            word = &word[head.len()..];
        }
        line.push_str(word);
        used += width(word);
    }
    lines.push(line);
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

/// The first character that people see.
fn first(text: &str) -> &str {
    let span = Span::raw(text);
    let length =
        span.styled_graphemes(Style::new()).next().map_or(text.len(), |grapheme| grapheme.symbol.len());
    &text[..length]
}

/// As much of the beginning as takes at most this many columns.
fn take(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let mut end = 0;
    // What this leaves out (control characters) no text here has: see `sanitise`.
    let span = Span::raw(text);
    for grapheme in span.styled_graphemes(Style::new()) {
        used += width(grapheme.symbol);
        if used > columns {
            break;
        }
        end += grapheme.symbol.len();
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("اجتماع الطلاب", 13)]
    #[case("لا", 2)]
    #[case("日本語", 6)]
    #[case("👩‍👩‍👧", 2)]
    #[case("e\u{301}te\u{301}", 3)]
    #[case("plain text", 10)]
    fn is_as_wide_as_its_cells(#[case] text: &str, #[case] columns: usize) {
        assert_eq!(width(text), columns);
    }

    #[rstest]
    #[case("plain", 5, "plain")]
    #[case("plainer", 5, "plai…")]
    #[case("日本語学校", 5, "日本…")]
    #[case("日本語学校", 6, "日本…")]
    #[case("👩‍👩‍👧 family", 4, "👩‍👩‍👧 …")]
    #[case("a", 0, "")]
    fn fits(#[case] text: &str, #[case] columns: usize, #[case] fitted: &str) {
        assert_eq!(fit(text, columns), fitted);
    }

    #[rstest]
    #[case("North Campus", "camp", &["Camp"])]
    #[case("ÖSTERREICH östlich", "öst", &["ÖST", "öst"])]
    #[case("İstanbul", "i", &["İ"])]
    #[case("日本語学校", "語", &["語"])]
    #[case("aaa", "aa", &["aa", "aa"])]
    #[case("anything", "", &[])]
    #[case("end", "ending", &[])]
    fn finds(#[case] text: &str, #[case] word: &str, #[case] found: &[&str]) {
        let ranges = find(text, &[word.to_owned()]);
        assert_eq!(ranges.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), found);
    }

    #[rstest]
    #[case("👩‍👩‍👧 family, 👩🏽‍🚀 and 🏳️‍🌈", "👩 family, 👩🏽 and 🏳️")]
    #[case("क्‍ष and می‌خواهم", "क्‍ष and می‌خواهم")]
    #[case("plain", "plain")]
    fn what_is_joined_is_as_wide_apart(#[case] text: &str, #[case] apart: &str) {
        assert_eq!(unjoined(text), apart);
        assert_eq!(width(text), width(apart));
    }

    #[rstest]
    #[case("one two three", 7, &["one two", "three"])]
    #[case("one\n\ntwo", 7, &["one", "", "two"])]
    #[case("incomprehensible words", 8, &["incompre", "hensible", "words"])]
    #[case("日本語学校", 4, &["日本", "語学", "校"])]
    #[case("", 4, &[""])]
    fn wraps(#[case] text: &str, #[case] columns: usize, #[case] lines: &[&str]) {
        assert_eq!(wrap(text, columns), lines);
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing_but_space(text in "[a-z日本 👋\n]{0,80}", columns in 2_usize..20) {
            let lines = wrap(&text, columns);
            prop_assert!(lines.iter().all(|line| width(line) <= columns));
            let visible = |text: &str| text.chars().filter(|char| !char.is_whitespace()).collect::<String>();
            prop_assert_eq!(visible(&lines.concat()), visible(&text));
        }

        #[test]
        fn fitting_fits(text in "[a-z日本 👋]{0,40}", columns in 2_usize..20) {
            prop_assert!(width(&fit(&text, columns)) <= columns);
        }
    }
}
