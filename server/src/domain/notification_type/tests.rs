//! Types of the platform's own are held to what a type is.

use rstest::rstest;

use super::*;

fn stated() -> TypeStatement {
    TypeStatement {
        name: "LIBRARY_LOAN_DUE".to_owned(),
        category: "ACCOUNT".to_owned(),
        label: "Loan due".to_owned(),
        default: true,
        mandatory: false,
    }
}

#[rstest]
#[case::as_it_is(stated())]
#[case::the_shortest_name(TypeStatement { name: "L".to_owned(), ..stated() })]
#[case::the_longest_name(TypeStatement { name: "L".repeat(64), ..stated() })]
#[case::digits(TypeStatement { name: "L2_".to_owned(), ..stated() })]
#[case::the_longest_label(TypeStatement { label: "é".repeat(80), ..stated() })]
#[case::unheard_unless_asked_for(TypeStatement { default: false, ..stated() })]
#[case::mandatory(TypeStatement { mandatory: true, ..stated() })]
fn takes_what_is_well_formed(#[case] stated: TypeStatement) {
    let definition = stated.clone().checked(&built_in()).unwrap();
    assert_eq!(definition.name, stated.name);
    assert_eq!(definition.category.name(), stated.category);
    assert_eq!(definition.label, stated.label);
    assert_eq!((definition.default_enabled, definition.mandatory), (stated.default, stated.mandatory));
}

#[rstest]
#[case::no_name(TypeStatement { name: String::new(), ..stated() }, "name")]
#[case::a_long_name(TypeStatement { name: "L".repeat(65), ..stated() }, "name")]
#[case::small_letters(TypeStatement { name: "Loan".to_owned(), ..stated() }, "name")]
#[case::a_digit_first(TypeStatement { name: "2L".to_owned(), ..stated() }, "name")]
#[case::letters_beyond_ascii(TypeStatement { name: "PRÊT".to_owned(), ..stated() }, "name")]
#[case::a_name_that_is_built_in(TypeStatement { name: "EVENT_CREATED".to_owned(), ..stated() }, "name")]
#[case::no_such_category(TypeStatement { category: "LIBRARY".to_owned(), ..stated() }, "category")]
#[case::a_small_category(TypeStatement { category: "account".to_owned(), ..stated() }, "category")]
#[case::no_label(TypeStatement { label: " ".to_owned(), ..stated() }, "label")]
#[case::a_long_label(TypeStatement { label: "L".repeat(81), ..stated() }, "label")]
#[case::two_lines(TypeStatement { label: "Loan\ndue".to_owned(), ..stated() }, "label")]
#[case::mandatory_and_unheard(TypeStatement { default: false, mandatory: true, ..stated() }, "default")]
fn refuses_what_is_not(#[case] stated: TypeStatement, #[case] field: &str) {
    assert_eq!(stated.checked(&built_in()).unwrap_err().field, field);
}

#[test]
fn what_is_retired_is_found_but_nothing_is_published_with_it() {
    let of = |id, name: &str, retired| NotificationType {
        id: TypeId(id),
        definition: TypeStatement { name: name.to_owned(), ..stated() }.checked(&[]).unwrap(),
        retired,
    };
    let types = TypeRegistry::new(vec![of(1, "OLD", true), of(2, "NEW", false)]);
    assert_eq!(types.current().map(|known| known.id).collect::<Vec<_>>(), [TypeId(2)]);
    assert_eq!(types.require("type", "OLD").unwrap().id, TypeId(1));
    assert_eq!(types.require_current("type", "OLD").unwrap_err().field, "type");
    assert_eq!(types.require_current("type", "NEW").unwrap().id, TypeId(2));
}
