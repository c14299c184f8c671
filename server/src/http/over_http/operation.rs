//! What kind of operation a request would run, known before anything runs. Decides nothing itself.

use async_graphql::Request;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationType};

/// The kind of the operation that a request names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperationKind {
    /// Reads; allowed by GET.
    Query,
    /// Changes something; by POST only.
    Mutation,
    /// Goes on and on; not answered by a plain response.
    Subscription,
}

impl OperationKind {
    /// Parses the document, leaves it in the request so that it is parsed once only, and looks up the
    /// operation. None where the document does not parse or has no such operation: the executor says that in
    /// its own words.
    pub(super) fn of(request: &mut Request) -> Option<Self> {
        let name = request.operation_name.clone();
        let document = request.parsed_query().ok()?;
        let kind = match find(document, name.as_deref())? {
            OperationType::Query => Self::Query,
            OperationType::Mutation => Self::Mutation,
            OperationType::Subscription => Self::Subscription,
        };
        Some(kind)
    }
}

/// The operation that async-graphql's executor would take, rule for rule: another choice here would let a
/// mutation through by GET.
fn find(document: &ExecutableDocument, name: Option<&str>) -> Option<OperationType> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => operation,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name)?,
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next()?
        }
        _ => return None,
    };
    Some(operation.node.ty)
}

/// Whether a document has more than `limit` lexical tokens.
///
/// Stops at the limit, allocates nothing, and needs no valid document: what it cannot make sense of counts as
/// one token a byte. So a hostile text costs one pass at most, and the parser, which costs a hundred times as
/// much, never sees it.
pub(super) fn has_more_tokens_than(document: &str, limit: usize) -> bool {
    let bytes = document.as_bytes();
    let mut at = 0;
    let mut tokens = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let (length, counts) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => (1, false),
            b'#' => (
                rest.iter()
                    .take_while(|byte| !matches!(byte, b'\r' | b'\n'))
                    .count(),
                false,
            ),
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
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::shorthand("{ a }", None, Some(OperationKind::Query))]
    #[case::query("query Q { a }", None, Some(OperationKind::Query))]
    #[case::mutation("mutation { a }", None, Some(OperationKind::Mutation))]
    #[case::named_mutation("mutation M { a }", Some("M"), Some(OperationKind::Mutation))]
    #[case::subscription("subscription { a }", None, Some(OperationKind::Subscription))]
    #[case::second_of_two("query Q { a } mutation M { b }", Some("M"), Some(OperationKind::Mutation))]
    #[case::first_of_two("query Q { a } mutation M { b }", Some("Q"), Some(OperationKind::Query))]
    #[case::undecided("query Q { a } mutation M { b }", None, None)]
    #[case::no_such("mutation M { a }", Some("N"), None)]
    #[case::name_for_nameless("mutation { a }", Some("M"), None)]
    #[case::a_fragment_only("fragment F on Query { a }", None, None)]
    #[case::no_document("{", None, None)]
    #[case::empty("", None, None)]
    fn the_named_operation_has_a_kind(
        #[case] document: &str,
        #[case] name: Option<&str>,
        #[case] expected: Option<OperationKind>,
    ) {
        let mut request = Request::new(document);
        request.operation_name = name.map(str::to_owned);
        assert_eq!(OperationKind::of(&mut request), expected);
    }

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
        assert!(
            tokens == 0 || has_more_tokens_than(document, tokens - 1),
            "has fewer than {tokens}"
        );
    }

    proptest! {
        #[test]
        fn counting_survives_any_text(document in "(\\PC|[\"\\\\\n{}#.])*", limit in 0_usize..20) {
            has_more_tokens_than(&document, limit);
        }
    }
}
