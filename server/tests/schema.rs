//! The exported schema is current, described throughout, and keeps the contract that clients are written against.

mod sdl;

use std::collections::BTreeSet;

use sdl::Element;

/// What the contract has and the server does not yet. It only shrinks: an element that has come must leave the list.
const STILL_TO_COME: &str = include_str!("contract/still_to_come.txt");
const CONTRACT: &str = include_str!("contract/contract.graphql");
const EXPORTED: &str = include_str!("../../schema.graphql");

#[test]
fn the_exported_file_is_what_the_server_says() {
    assert!(
        EXPORTED == campanile_server::graphql::sdl(),
        "schema.graphql is stale: run `cargo run -p campanile-server -- schema > schema.graphql`"
    );
}

#[test]
fn every_element_has_a_description() {
    let without: Vec<_> = sdl::elements(EXPORTED).into_iter().filter(|element| !element.described).collect();
    assert!(without.is_empty(), "without a description: {without:#?}");
}

#[test]
fn what_there_is_of_the_contract_bears_its_names_and_nullability() {
    let exported = sdl::elements(EXPORTED);
    for promised in sdl::elements(CONTRACT) {
        if let Some(found) = exported.iter().find(|element| element.path == promised.path) {
            assert_eq!(found.signature, promised.signature, "{}", promised.path);
        }
    }
}

#[test]
fn what_is_missing_of_the_contract_is_known() {
    let paths =
        |elements: Vec<Element>| elements.into_iter().map(|element| element.path).collect::<BTreeSet<_>>();
    let exported = paths(sdl::elements(EXPORTED));
    let missing: BTreeSet<String> = paths(sdl::elements(CONTRACT)).difference(&exported).cloned().collect();
    let listed: BTreeSet<String> =
        STILL_TO_COME.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    assert_eq!(missing, listed);
}
