//! What kind of operation a request would run, known before anything runs. Decides nothing itself.

use async_graphql::Request;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};

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
    pub(crate) fn of(request: &mut Request) -> Option<Self> {
        let name = request.operation_name.clone();
        let document = request.parsed_query().ok()?;
        let kind = match chosen(document, name.as_deref())?.ty {
            OperationType::Query => Self::Query,
            OperationType::Mutation => Self::Mutation,
            OperationType::Subscription => Self::Subscription,
        };
        Some(kind)
    }
}

/// The operation that async-graphql's executor would take, rule for rule: another choice here would let a
/// mutation through by GET.
pub(super) fn chosen<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Option<&'d OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => operation,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name)?,
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next()?
        }
        _ => return None,
    };
    Some(&operation.node)
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
