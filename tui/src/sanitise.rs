//! Takes out of a text whatever a terminal would obey instead of showing.
//!
//! Every text that a server sends passes through here once, on its way into the model, and no text reaches a terminal
//! otherwise: an escape sequence in a title could move the cursor, set the window's title or answer for the user.

use serde_json::Value;

/// A text of possibly several lines: lines end in `\n`, tabs are spaces, and no other control character is left.
pub fn text(raw: &str) -> String {
    let mut clean = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\n' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push_str("    "),
            char if is_obeyed(char) => {}
            char => clean.push(char),
        }
    }
    clean
}

/// A text of one line.
pub fn line(raw: &str) -> String {
    text(raw).replace('\n', " ")
}

/// The texts inside a JSON value, names of fields included.
pub fn json(raw: Value) -> Value {
    match raw {
        Value::String(string) => Value::String(text(&string)),
        Value::Array(items) => items.into_iter().map(json).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (line(&name), json(value))).collect(),
        other => other,
    }
}

/// C0, DEL and C1, and the bidirectional embeddings, overrides and isolates (Unicode UAX #9), which reorder what
/// stands around them.
fn is_obeyed(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("plain", "plain")]
    #[case("\u{1b}[31mred\u{1b}[0m", "[31mred[0m")]
    #[case("\u{9b}31m", "31m")]
    #[case("a\r\nb\rc\nd\u{2028}e", "a\nb\nc\nd\ne")]
    #[case("a\tb\u{7f}\u{0}", "a    b")]
    #[case("user\u{202e}gnp.exe\u{2066}", "usergnp.exe")]
    #[case("日本 👩‍👩‍👧 שלום", "日本 👩‍👩‍👧 שלום")]
    fn shows_and_does_not_obey(#[case] raw: &str, #[case] clean: &str) {
        assert_eq!(text(raw), clean);
    }

    #[test]
    fn cleans_json_all_the_way_down() {
        let raw = serde_json::json!({"a\u{1b}": ["b\u{7f}", {"c": "d\u{9b}"}, 1]});
        assert_eq!(json(raw), serde_json::json!({"a": ["b", {"c": "d"}, 1]}));
    }

    proptest! {
        #[test]
        fn leaves_nothing_that_a_terminal_obeys(raw in "\\PC*|(?s).*|[\\x00-\\x1f\\x7f-\\x9f\u{202a}-\u{202e}\u{2066}-\u{2069}a]*") {
            let clean = text(&raw);
            prop_assert!(!clean.chars().any(|char| char != '\n' && is_obeyed(char)));
            prop_assert!(!line(&raw).chars().any(is_obeyed));
            prop_assert_eq!(text(&clean), clean);
        }

        #[test]
        fn leaves_harmless_text_alone(raw in "[a-zA-Z0-9 äß日本👋שלום.,!?-]*") {
            prop_assert_eq!(text(&raw), raw);
        }
    }
}
