//! Counts a document's tokens without parsing it.

/// Whether a document has more than `limit` lexical tokens.
///
/// Stops at the limit, allocates nothing, and needs no valid document: what it cannot make sense of counts as
/// one token a byte. So a hostile text costs one pass at most, and the parser, which costs a hundred times as
/// much, never sees it.
pub(crate) fn has_more_tokens_than(document: &str, limit: usize) -> bool {
    let bytes = document.as_bytes();
    let mut at = 0;
    let mut tokens = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let (length, counts) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => (1, false),
            b'#' => (rest.iter().take_while(|byte| !matches!(byte, b'\r' | b'\n')).count(), false),
            b'"' => (string_length(rest), true),
            b'.' if rest.starts_with(b"...") => (3, true),
            _ if is_word(byte) => (rest.iter().take_while(|byte| is_word(**byte)).count(), true),
            _ => (1, true),
        };
        tokens += usize::from(counts);
        if tokens > limit {
            return true;
        }
        at += length;
    }
    false
}

/// Names and numbers; a number's sign and dot may count extra.
fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// The length of a string, block string or not, from its opening quote on; to the end where it is never
/// closed.
fn string_length(text: &[u8]) -> usize {
    let block = text.starts_with(b"\"\"\"");
    let quote: &[u8] = if block { b"\"\"\"" } else { b"\"" };
    let escaped_quote: &[u8] = if block { b"\\\"\"\"" } else { b"\\\"" };
    let mut at = quote.len();
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(quote) {
            return at + quote.len();
        }
        if !block && matches!(rest[0], b'\r' | b'\n') {
            return at;
        }
        at += if rest.starts_with(escaped_quote) {
            escaped_quote.len()
        } else if !block && rest.starts_with(b"\\\\") {
            2
        } else {
            1
        };
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::empty("", 0)]
    #[case::ignored(" \t\r\n,,,", 0)]
    #[case::comment("# one { two }\n a", 1)]
    #[case::comment_at_the_end("a # b", 1)]
    #[case::selection("{ a b }", 4)]
    #[case::arguments("{ a(b: 12, c: $d) }", 12)]
    #[case::spread("{ ...F }", 4)]
    #[case::string(r#"{ a(b: "c d e \" { f") }"#, 8)]
    #[case::escaped_backslash(r#"{ a(b: "\\") c }"#, 9)]
    #[case::block_string(r#"{ a(b: """c " d \""" e""") }"#, 8)]
    #[case::open_string("{ a(b: \"c d", 6)]
    #[case::open_block_string("\"\"\" a b c", 1)]
    #[case::string_ends_with_its_line("\"a\n b", 2)]
    #[case::not_ascii("é", 2)]
    fn tokens_are_counted_up_to_the_limit(#[case] document: &str, #[case] tokens: usize) {
        assert!(!has_more_tokens_than(document, tokens), "has more than {tokens}");
        assert!(tokens == 0 || has_more_tokens_than(document, tokens - 1), "has fewer than {tokens}");
    }

    proptest! {
        #[test]
        fn counting_survives_any_text(document in "(\\PC|[\"\\\\\n{}#.])*", limit in 0_usize..20) {
            has_more_tokens_than(&document, limit);
        }
    }
}
