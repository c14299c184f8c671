//! Documents and what is said of them.

use async_graphql::Variables;
use rstest::rstest;
use serde_json::json;

use super::*;

fn refusal(document: &str) -> Option<String> {
    refusal_with(document, json!({}))
}

fn refusal_with(document: &str, variables: serde_json::Value) -> Option<String> {
    let mut request = Request::new(document).variables(Variables::from_json(variables));
    let error = check(&mut request, Limits::default()).err()?;
    match error.extensions?.get("code")? {
        Value::String(code) => Some(code.clone()),
        _ => None,
    }
}

/// Fragments of which each spreads the next one twice.
fn doubling(levels: usize) -> String {
    let spreads = |n: usize| format!("fragment F{n} on Query {{ ...F{m} ...F{m} }}\n", m = n + 1);
    let chain: String = (0..levels).map(spreads).collect();
    format!("{{ ...F0 }}\n{chain}fragment F{levels} on Query {{ viewer {{ id }} }}")
}

#[rstest]
#[case::plain("{ viewer { id } }", None)]
#[case::a_few_doublings(&doubling(3), None)]
#[case::many_doublings(&doubling(30), Some("TOO_COMPLEX"))]
#[case::many_tokens(&format!("{{ {} }}", "a ".repeat(30_001)), Some("TOO_COMPLEX"))]
#[case::many_aliases(&format!("{{ {} }}", "a: b ".repeat(65)), Some("TOO_COMPLEX"))]
#[case::many_directives(&format!("{{ a {} }}", "@skip(if: true) ".repeat(65)), Some("TOO_COMPLEX"))]
#[case::a_cycle(
    "{ ...F } fragment F on Query { ...G ...G } fragment G on Query { ...F ...F }",
    Some("GRAPHQL_VALIDATION_FAILED")
)]
#[case::unknown_fragment("{ ...F }", None)]
#[case::not_graphql("{", None)]
fn what_costs_too_much_is_refused(#[case] document: &str, #[case] code: Option<&str>) {
    assert_eq!(refusal(document).as_deref(), code);
}

#[rstest]
#[case::given("query($a: Int!) { b(c: $a) }", json!({ "a": 1 }), None)]
#[case::missing("query($a: Int!) { b(c: $a) }", json!({}), Some("BAD_USER_INPUT"))]
#[case::null("query($a: Int!) { b(c: $a) }", json!({ "a": null }), Some("BAD_USER_INPUT"))]
#[case::with_a_default("query($a: Int! = 2) { b(c: $a) }", json!({}), None)]
#[case::nullable("query($a: Int) { b(c: $a) }", json!({}), None)]
fn a_variable_that_is_needed_is_missed_at_once(
    #[case] document: &str,
    #[case] variables: serde_json::Value,
    #[case] code: Option<&str>,
) {
    assert_eq!(refusal_with(document, variables).as_deref(), code);
}
