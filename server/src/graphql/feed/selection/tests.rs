//! What counts as the same selection, and what is refused.

use async_graphql::{Request, ServerError, Variables};
use rstest::rstest;
use serde_json::{Value, json};

use super::*;

fn root(document: &str, variables: &Value) -> Result<(Root, Request), ServerError> {
    let mut request = Request::new(document).variables(Variables::from_json(variables.clone()));
    flatten(&mut request).map(|root| (root, request))
}

fn selection(document: &str, variables: &Value) -> Selection {
    let (root, mut request) = root(document, variables).unwrap();
    assert_eq!(root, Root::Feed, "{document}");
    let parsed = request.parsed_query().unwrap().clone();
    Selection::of(&parsed, None, &request.variables).unwrap()
}

fn digest(document: &str, variables: &Value) -> [u8; 32] {
    selection(document, variables).digest
}

const PLAIN: &str = "subscription { feed { cursor __typename } }";

#[rstest]
#[case::layout("subscription Named {\n  feed {\n cursor, __typename # all\n } }", json!({}))]
#[case::after("subscription { feed(after: \"x\") { cursor __typename } }", json!({}))]
#[case::filter("subscription($a: String, $f: FeedFilter) { feed(after: $a, filter: $f) { cursor __typename } }", json!({ "a": "x", "f": { "types": [] } }))]
#[case::root_fragment("subscription { ...F } fragment F on Subscription { feed { cursor __typename } }", json!({}))]
#[case::inline_fragment("subscription { ... on Subscription { feed { cursor __typename } } }", json!({}))]
#[case::merged("subscription { feed { cursor } feed { __typename } }", json!({}))]
fn the_same_is_shared(#[case] document: &str, #[case] variables: Value) {
    assert_eq!(digest(document, &variables), digest(PLAIN, &json!({})));
}

#[rstest]
#[case::less("subscription { feed { cursor } }", json!({}))]
#[case::order("subscription { feed { __typename cursor } }", json!({}))]
#[case::alias("subscription { f: feed { cursor __typename } }", json!({}))]
#[case::inner_alias("subscription { feed { c: cursor __typename } }", json!({}))]
#[case::skipped("subscription($no: Boolean!) { feed { cursor @skip(if: $no) __typename } }", json!({ "no": true }))]
fn another_is_not(#[case] document: &str, #[case] variables: Value) {
    assert_ne!(digest(document, &variables), digest(PLAIN, &json!({})));
}

#[test]
fn what_a_variable_says_counts_and_its_name_does_not() {
    let document =
        |name: &str| format!("subscription(${name}: Boolean!) {{ feed {{ cursor @skip(if: ${name}) }} }}");
    let yes = digest(&document("a"), &json!({ "a": true }));
    assert_eq!(yes, digest(&document("b"), &json!({ "b": true })));
    assert_ne!(yes, digest(&document("a"), &json!({ "a": false })));
    let default = "subscription($a: Boolean = true) { feed { cursor @skip(if: $a) } }";
    assert_eq!(yes, digest(default, &json!({})));
}

#[test]
fn a_fragments_content_counts() {
    let document =
        |field: &str| format!("subscription {{ feed {{ ...F }} }} fragment F on FeedEvent {{ {field} }}");
    assert_ne!(digest(&document("cursor"), &json!({})), digest(&document("__typename"), &json!({})));
}

#[rstest]
#[case("subscription { feed { cursor } metrics { connections } }")]
#[case("subscription { a: feed { cursor } b: feed { cursor } }")]
#[case("subscription { feed { cursor } ...F } fragment F on Subscription { x: feed { cursor } }")]
fn more_than_one_field_at_the_root_is_refused(#[case] document: &str) {
    assert!(root(document, &json!({})).is_err());
}

#[rstest]
#[case::unknown("subscription { ...Nothing }")]
#[case::itself("subscription { ...F } fragment F on Subscription { ...F }")]
#[case::another_field("subscription { metrics { connections } }")]
fn what_is_wrong_is_for_the_schema_to_say(#[case] document: &str) {
    assert_eq!(root(document, &json!({})).unwrap().0, Root::Other);
}

#[rstest]
#[case::nested_fragments(
    "subscription { ...F } fragment F on Subscription { ...G } fragment G on Subscription { feed { cursor } }",
    0
)]
#[case::used_below_too(
    "subscription { ...F } fragment F on Subscription { feed { ...E } } fragment E on FeedEvent { cursor }",
    1
)]
#[case::unused("subscription { feed { cursor } } fragment E on FeedEvent { cursor }", 1)]
fn fragments_that_are_written_out_are_gone(#[case] document: &str, #[case] left: usize) {
    let (_, mut request) = root(document, &json!({})).unwrap();
    assert_eq!(request.parsed_query().unwrap().fragments.len(), left);
}

#[rstest]
#[case::condition("subscription { ... on Notification { feed { cursor } } }")]
#[case::its_own_directive(
    "subscription { ...F } fragment F on Subscription @skip(if: true) { feed { cursor } }"
)]
fn what_is_not_valid_stays_for_validation_to_see(#[case] document: &str) {
    assert_eq!(root(document, &json!({})).unwrap().0, Root::Other);
}

#[test]
fn directives_of_a_fragment_at_the_root_are_refused() {
    let document = "subscription($a: Boolean!) { ... on Subscription @skip(if: $a) { feed { cursor } } }";
    assert!(root(document, &json!({ "a": false })).is_err());
}

#[test]
fn what_others_share_holds_nothing_but_the_selection() {
    let document = "subscription($a: String, $unused: JSON, $yes: Boolean!) { feed(after: $a) { cursor @include(if: $yes) ...E } }
                    fragment E on FeedEvent { __typename } fragment Unused on FeedEvent { cursor }";
    let selection = selection(document, &json!({ "a": "x", "unused": [1, 2], "yes": true }));
    assert_eq!(selection.variables.keys().map(async_graphql::Name::as_str).collect::<Vec<_>>(), ["yes"]);
    assert_eq!(selection.document.fragments.len(), 1);
    let DocumentOperations::Single(operation) = &selection.document.operations else { panic!() };
    assert_eq!(operation.node.variable_definitions.len(), 1);
}
