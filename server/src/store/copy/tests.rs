//! Which databases are alike, and what is said to each of them. That it is understood, tests over real databases show.

use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;

use super::catalogue::{Column, Kind, Table, agree};

fn table(name: &str, columns: &[(&str, Kind)]) -> Table {
    let column =
        |(name, kind): &(&str, Kind)| Column { name: (*name).to_owned(), kind: *kind, numbered: false };
    Table { name: name.to_owned(), columns: columns.iter().map(column).collect() }
}

fn postgres() -> Vec<Table> {
    vec![
        table("__diesel_schema_migrations", &[("version", Kind::Text)]),
        table("notification_text", &[("rowid", Kind::Number), ("terms", Kind::Words)]),
        table("reader", &[("user_id", Kind::Number), ("revision", Kind::Number)]),
    ]
}

fn sqlite() -> BTreeMap<String, BTreeSet<String>> {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    [
        ("__diesel_schema_migrations".to_owned(), named(&["version", "run_on"])),
        ("reader".to_owned(), named(&["revision", "user_id"])),
    ]
    .into()
}

#[test]
fn what_both_have_is_copied() {
    let tables = agree(sqlite(), postgres()).unwrap();
    assert_eq!(
        tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(),
        ["notification_text", "reader"]
    );
}

#[rstest]
#[case::a_table_in_sqlite(|sqlite: &mut BTreeMap<String, BTreeSet<String>>, _: &mut Vec<Table>| {
    sqlite.insert("lease".to_owned(), BTreeSet::new());
}, "cannot copy lease: only SQLite has it")]
#[case::a_column_in_sqlite(|sqlite: &mut BTreeMap<String, BTreeSet<String>>, _: &mut Vec<Table>| {
    sqlite.entry("reader".to_owned()).or_default().insert("mood".to_owned());
}, "cannot copy reader: only one of the databases has mood")]
#[case::a_table_in_postgres(|_: &mut BTreeMap<String, BTreeSet<String>>, postgres: &mut Vec<Table>| {
    postgres.push(table("lease", &[("id", Kind::Number)]));
}, "cannot copy lease: only one of the databases has id")]
#[case::other_words(|_: &mut BTreeMap<String, BTreeSet<String>>, postgres: &mut Vec<Table>| {
    postgres[2].columns[1].kind = Kind::Words;
}, "cannot copy reader, for its words")]
fn what_only_one_has_is_refused(
    #[case] change: fn(&mut BTreeMap<String, BTreeSet<String>>, &mut Vec<Table>),
    #[case] expected: &str,
) {
    let (mut sqlite, mut postgres) = (sqlite(), postgres());
    change(&mut sqlite, &mut postgres);
    assert_eq!(agree(sqlite, postgres).unwrap_err().to_string(), expected);
}

#[rstest]
#[case("bigint", Some(Kind::Number))]
#[case("timestamp without time zone", Some(Kind::Timestamp))]
#[case("timestamp with time zone", None)]
#[case("jsonb", None)]
fn a_type_that_nobody_wrote_a_rule_for_is_not_guessed_at(#[case] name: &str, #[case] expected: Option<Kind>) {
    assert_eq!(Kind::from_type(name), expected);
}

#[test]
fn names_are_quoted() {
    let odd = table("user\"s", &[("key", Kind::Bool)]);
    assert!(odd.postgres_sum().ends_with("FROM \"user\"\"s\""), "{}", odd.postgres_sum());
    assert_eq!(odd.copy_in(), "COPY \"user\"\"s\" (\"key\") FROM STDIN WITH (FORMAT text, FREEZE)");
}
