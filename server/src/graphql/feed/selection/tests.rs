//! What counts as the same selection, and what is refused.

use async_graphql::Variables;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;

fn root(document: &str, variables: Value) -> Result<Root, ServerError> {
    root_of(&mut Request::new(document).variables(Variables::from_json(variables)))
}

fn digest(document: &str, variables: Value) -> [u8; 32] {
    match root(document, variables).unwrap() {
        Root::Feed(digest) => digest,
        Root::Other => panic!("{document} is no feed"),
    }
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
    assert_eq!(digest(document, variables), digest(PLAIN, json!({})));
}

#[rstest]
#[case::less("subscription { feed { cursor } }", json!({}))]
#[case::order("subscription { feed { __typename cursor } }", json!({}))]
#[case::alias("subscription { f: feed { cursor __typename } }", json!({}))]
#[case::inner_alias("subscription { feed { c: cursor __typename } }", json!({}))]
#[case::skipped("subscription($no: Boolean!) { feed { cursor @skip(if: $no) __typename } }", json!({ "no": true }))]
fn another_is_not(#[case] document: &str, #[case] variables: Value) {
    assert_ne!(digest(document, variables), digest(PLAIN, json!({})));
}

#[test]
fn what_a_variable_says_counts_and_its_name_does_not() {
    let document =
        |name: &str| format!("subscription(${name}: Boolean!) {{ feed {{ cursor @skip(if: ${name}) }} }}");
    let yes = digest(&document("a"), json!({ "a": true }));
    assert_eq!(yes, digest(&document("b"), json!({ "b": true })));
    assert_ne!(yes, digest(&document("a"), json!({ "a": false })));
    let default = "subscription($a: Boolean = true) { feed { cursor @skip(if: $a) } }";
    assert_eq!(yes, digest(default, json!({})));
}

#[test]
fn a_fragments_content_counts() {
    let document =
        |field: &str| format!("subscription {{ feed {{ ...F }} }} fragment F on FeedEvent {{ {field} }}");
    assert_ne!(digest(&document("cursor"), json!({})), digest(&document("__typename"), json!({})));
}

#[rstest]
#[case("subscription { feed { cursor } metrics { connections } }")]
#[case("subscription { a: feed { cursor } b: feed { cursor } }")]
#[case("subscription { feed { cursor } ...F } fragment F on Subscription { x: feed { cursor } }")]
fn more_than_one_field_at_the_root_is_refused(#[case] document: &str) {
    assert!(root(document, json!({})).is_err());
}

#[rstest]
#[case::unknown("subscription { ...Nothing }")]
#[case::itself("subscription { ...F } fragment F on Subscription { ...F }")]
#[case::another_field("subscription { metrics { connections } }")]
fn what_is_wrong_is_for_the_schema_to_say(#[case] document: &str) {
    assert!(matches!(root(document, json!({})), Ok(Root::Other)));
}
