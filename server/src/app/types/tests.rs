//! A file of types is taken whole, or its first error is named with its line.

use rstest::rstest;

use super::*;
use crate::domain::notification_type::{Category, built_in};

#[test]
fn a_file_adds_types() {
    let text = r#"
        [[type]]
        name = "LIBRARY_LOAN_DUE"
        category = "ACCOUNT"
        label = "Loan due"

        [[type]]
        name = "CANTEEN_MENU"
        category = "EVENTS"
        label = "Today's menu"
        default = false

        [[type]]
        name = "FIRE_ALARM"
        category = "SYSTEM"
        label = "Fire alarm"
        default = true
        mandatory = true
    "#;
    let of = |name: &str, category, label: &str, default_enabled, mandatory| {
        let (name, label) = (name.to_owned(), label.to_owned());
        TypeDefinition { name, category, label, default_enabled, mandatory }
    };
    let expected = vec![
        of("LIBRARY_LOAN_DUE", Category::Account, "Loan due", true, false),
        of("CANTEEN_MENU", Category::Events, "Today's menu", false, false),
        of("FIRE_ALARM", Category::System, "Fire alarm", true, true),
    ];
    assert_eq!(own(text, &built_in()), Ok(expected));
}

#[rstest]
#[case::empty("")]
#[case::a_comment("# none yet\n")]
fn a_file_may_add_none(#[case] text: &str) {
    assert_eq!(own(text, &built_in()), Ok(vec![]));
}

const NAME: &str = "name = \"LOAN_DUE\"\n";
const CATEGORY: &str = "category = \"ACCOUNT\"\n";
const LABEL: &str = "label = \"Loan due\"\n";

#[rstest]
#[case::not_toml("[[type]]\nname: LOAN_DUE\n".to_owned(), 2, "key")]
#[case::a_quote_that_does_not_end(format!("[[type]]\n{CATEGORY}name = \"LOAN\n"), 3, "string")]
#[case::another_table("\n[types]\n".to_owned(), 2, "types")]
#[case::one_table_only(format!("[type]\n{NAME}"), 1, "sequence")]
#[case::an_unknown_field(format!("[[type]]\n{NAME}{CATEGORY}{LABEL}colour = \"red\"\n"), 5, "colour")]
#[case::no_label(format!("\n[[type]]\n{NAME}{CATEGORY}"), 2, "label")]
#[case::a_label_of_another_kind(format!("[[type]]\n{NAME}{CATEGORY}label = 7\n"), 4, "string")]
#[case::a_bad_name(format!("[[type]]\n{CATEGORY}name = \"Loan due\"\n{LABEL}"), 3, "name must be")]
#[case::a_built_in_name(format!("[[type]]\n{CATEGORY}{LABEL}name = \"EVENT_CREATED\"\n"), 4, "EVENT_CREATED")]
#[case::a_name_twice(format!("[[type]]\n{NAME}{CATEGORY}{LABEL}\n[[type]]\n{NAME}{CATEGORY}{LABEL}"), 7, "LOAN_DUE")]
#[case::no_such_category(format!("[[type]]\n{NAME}category = \"LIBRARY\"\n{LABEL}"), 3, "category must be one of EVENTS")]
#[case::an_empty_label(format!("[[type]]\n{NAME}{CATEGORY}label = \"\"\n"), 4, "label must not be empty")]
#[case::mandatory_and_unheard(format!("[[type]]\n{NAME}{CATEGORY}{LABEL}mandatory = true\ndefault = false\n"), 6, "default")]
#[case::yes_for_true(format!("[[type]]\n{NAME}{CATEGORY}{LABEL}mandatory = \"yes\"\n"), 5, "boolean")]
fn the_first_error_is_named_with_its_line(#[case] text: String, #[case] line: usize, #[case] word: &str) {
    let wrong = own(&text, &built_in()).unwrap_err();
    assert_eq!(wrong.line, line, "{wrong:?}");
    assert!(wrong.problem.contains(word) && !wrong.problem.contains('\n'), "{wrong:?}");
}

#[test]
fn one_too_many_is_named_with_its_line() {
    let of = |i: usize| format!("[[type]]\nname = \"TYPE_{i}\"\n{CATEGORY}{LABEL}");
    let most: String = (0..MOST_OWN).map(of).collect();
    assert_eq!(own(&most, &built_in()).unwrap().len(), MOST_OWN);
    let wrong = own(&(most + &of(MOST_OWN)), &built_in()).unwrap_err();
    assert_eq!((wrong.line, wrong.problem.as_str()), (4 * MOST_OWN + 1, "at most 200 types"));
}
