//! However large the log is, a page reads only rows of its own: every walk searches `feed_entry` by its key, and so does a
//! count; what is searched for is looked up in the index of texts.

use std::sync::Arc;

use rstest::rstest;

use super::recorded::{NO_TYPE, plan_of, plans_of, recorded, recorded_in};
use super::*;
use crate::domain::content::Priority;
use crate::domain::id::{CampusId, Seq, TypeId, UserId};
use crate::domain::search::SearchQuery;
use crate::store::{FeedScan, Source, TextLookup};

/// A walk of the first user's that bears this mark, where it says from where on.
fn walk(source: Source, mark: &str) -> FeedScan {
    FeedScan {
        user: UserId(1),
        source,
        above: Seq(0),
        below: Seq(mark.parse().unwrap()),
        among: None,
        types: Some(vec![TypeId(NO_TYPE)]),
        except_types: vec![TypeId(1), TypeId(2)],
        min_priority: Some(Priority::Low),
        unexpired_at: Some(noon().now()),
        unarchived: true,
        newest_first: true,
        limit: 64,
    }
}

#[rstest]
#[case::everyones(Source::System)]
#[case::of_a_campus(Source::Campus(CampusId(1)))]
#[case::ones_own(Source::User)]
#[tokio::test]
async fn a_walk_searches_by_the_audience_and_the_position(
    #[case] source: Source,
    #[values(true, false)] newest_first: bool,
    #[values(true, false)] unarchived: bool,
) {
    let (database, store, mark) = recorded().await;
    let scan = FeedScan { unarchived, newest_first, ..walk(source, &mark) };
    store.scan_feed(scan).await.unwrap();
    assert_searches_by_key(&database, &mark);
}

// With many at once SQLite might rather walk a range of positions, and test each.
#[rstest]
#[case::of_a_campus(
    Source::Campus(CampusId(1)),
    "feed_entry USING PRIMARY KEY (audience=? AND seq=?)",
    "feed_entry_pkey on feed_entry | Index Cond: ((audience = $4) AND (seq = ANY"
)]
#[case::long_lists(
    Source::Lists,
    "feed_entry USING INDEX feed_entry_by_seq (seq=?)",
    "feed_entry_by_seq on feed_entry | Index Cond: (seq = ANY"
)]
#[tokio::test]
async fn known_positions_are_looked_up_each_by_itself(
    #[case] source: Source,
    #[case] in_a_file: &str,
    #[case] on_a_server: &str,
    #[values(1, 1_024, 10_000)] many: i64,
) {
    let (database, store, mark) = recorded().await;
    let last: i64 = mark.parse().unwrap();
    let among = (last - many..last).map(Seq).collect();
    store.scan_feed(FeedScan { among: Some(among), ..walk(source, &mark) }).await.unwrap();
    let plan = plan_of(&database, &(last - 1).to_string());
    assert!(plan.has(in_a_file) || plan.has(on_a_server), "{plan:#?}");
    assert!(plan.scans().is_empty(), "{plan:#?}");
}

#[rstest]
#[tokio::test]
async fn ones_long_lists_are_found_by_their_keys(#[values(true, false)] newest_first: bool) {
    let (database, store, mark) = recorded().await;
    store.scan_feed(FeedScan { newest_first, ..walk(Source::Lists, &mark) }).await.unwrap();
    let plan = plan_of(&database, &mark);
    assert!(
        plan.has("SEARCH recipient_list_member USING PRIMARY KEY (user_id=?)")
            || plan.has("recipient_list_member_pkey on recipient_list_member | Index Cond: (user_id = "),
        "{plan:#?}"
    );
    assert!(
        plan.has("SEARCH recipient_list USING INTEGER PRIMARY KEY (rowid=?)")
            || plan.has("recipient_list_pkey on recipient_list | Index Cond: (id = "),
        "{plan:#?}"
    );
    assert!(plan.scans().is_empty(), "{plan:#?}");
}

#[tokio::test]
async fn however_many_lists_each_is_looked_up_by_its_key() {
    let (database, store, mark) = recorded().await;
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";
    database.run_unchecked(&format!(
        "INSERT INTO recipient_list (id, created_at, seq) {numbers} SELECT i, '2026-11-21', i FROM n;
         INSERT INTO recipient_list_member (user_id, audience) {numbers} SELECT 1, 4 * i + 3 FROM n;"
    ));
    store.scan_feed(FeedScan { limit: 1_024, ..walk(Source::Lists, &mark) }).await.unwrap();
    // The first part of the walk still bears the mark.
    let mut of_the_lists =
        plans_of(&database, &mark).into_iter().filter(|plan| plan.sql.contains("feed_entry"));
    let plan = of_the_lists.next_back().expect("lists were looked up");
    assert!(plan.sql.matches('?').count() > 200 || plan.sql.contains("ANY"), "many at once");
    assert!(
        plan.has("feed_entry USING PRIMARY KEY (audience=?")
            || plan.has("feed_entry_pkey on feed_entry | Index Cond: ((audience = ANY"),
        "{plan:#?}"
    );
    assert!(plan.scans().is_empty(), "{plan:#?}");
}

// What a list tells stands with its members, so that lists of other types cost nothing but being passed.
#[tokio::test]
async fn lists_that_are_not_asked_for_are_not_looked_up() {
    let (database, store, mark) = recorded().await;
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";
    database.run_unchecked(&format!(
        "INSERT INTO recipient_list (id, created_at, seq) {numbers} SELECT i, '2026-11-21', i FROM n;
         INSERT INTO recipient_list_member (user_id, audience, type_id, priority)
            {numbers} SELECT 1, 4 * i + 3, 5, 1 FROM n;"
    ));
    let rows = store.scan_feed(FeedScan { limit: 1_024, ..walk(Source::Lists, &mark) }).await.unwrap();
    assert_eq!(rows, []);
    let statements = plans_of(&database, &mark);
    assert!(matches!(statements.as_slice(), [plan] if !plan.sql.contains("feed_entry")), "{statements:#?}");
}

#[tokio::test]
async fn a_count_of_what_was_sent_searches_by_the_audience_and_the_position() {
    let (database, store, mark) = recorded().await;
    let after = Seq(mark.parse().unwrap());
    store.sent_to_campuses(vec![CampusId(1), CampusId(2)], after).await.unwrap();
    assert_searches_by_key(&database, &mark);
}

#[rstest]
#[case::matching(TextLookup::Matching(Arc::new(SearchQuery::parse("", "open -day \"the new lib*\"").unwrap().unwrap())))]
#[case::too_long(TextLookup::TooLong)]
#[tokio::test]
async fn a_search_looks_words_up(
    #[case] lookup: TextLookup,
    #[values(Source::User, Source::Campus(CampusId(1)), Source::Lists)] source: Source,
    #[values(true, false)] newest_first: bool,
) {
    let (database, store, mark) = recorded().await;
    let scan = FeedScan { newest_first, ..walk(source, &mark) };
    store.find_text(&scan, &lookup).await.unwrap();
    let plan = plan_of(&database, &mark);
    if campanile_test_database::is_postgres() {
        // One by one among the nearest, each by its key and no more than are needed; then by the index of words.
        let plans = plans_of(&database, &mark);
        assert!(plans.iter().all(|plan| plan.scans().is_empty()), "{plans:#?}");
        let (by_index, near): (Vec<_>, Vec<_>) =
            plans.iter().partition(|plan| plan.has("notification_text_terms | Index Cond: (terms @@"));
        assert_eq!(by_index.len(), 1, "{plans:#?}");
        assert_eq!(near.len(), usize::from(matches!(lookup, TextLookup::Matching(_))), "{plans:#?}");
        for plan in near {
            assert!(
                plan.has("notification_text_pkey on notification_text | Index Cond: (rowid = "),
                "{plan:#?}"
            );
            assert!(plan.steps[1].starts_with("Nested Loop"), "what is found is not sorted: {plan:#?}");
        }
        return;
    }
    // By what matches (M), between two rows (> and <), which come in order by themselves (64), backwards (128).
    let order = if newest_first { 192 } else { 64 };
    assert_eq!(plan.steps, [format!("SCAN notification_text VIRTUAL TABLE INDEX {order}:M1><")]);
}

// In a file: FTS5 gathers every place of every such word before it names the first text.
#[rstest]
#[case::few(100, "lib* museum -arc*", Some("lib* museum -arc*"))]
#[case::many_of_one_word(5_000, "lib* museum -arc*", Some("museum -arc*"))]
#[case::at_the_end_of_a_phrase(5_000, "\"the new lib*\" -mus*", Some("-mus*"))]
#[case::excluded(5_000, "museum -lib*", Some("museum"))]
#[case::nothing_else(5_000, "lib* -libr*", None)]
#[tokio::test]
async fn beginnings_that_many_words_have_are_not_looked_up(
    #[case] many: i64,
    #[case] text: &str,
    #[case] expected: Option<&str>,
) {
    let (database, store, mark) = recorded_in(Database::file()).await;
    // The first user's words, and another one's.
    database.run(&format!(
        "INSERT INTO notification_text (rowid, terms) WITH RECURSIVE n (i) AS
            (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) SELECT i, '6xlibr' || i || ' 10xmuse' || i FROM n"
    ));
    let query = |text: &str| SearchQuery::parse("", text).unwrap().map(Arc::new);
    let narrowed = store.narrowed(&walk(Source::User, &mark), &query(text).unwrap()).await.unwrap();
    assert_eq!(narrowed, expected.and_then(query));
}

#[tokio::test]
async fn words_are_counted_only_from_where_they_begin_so() {
    let (database, store, mark) = recorded_in(Database::file()).await;
    let query = SearchQuery::parse("", &format!("lib{mark}*")).unwrap().map(Arc::new);
    store.narrowed(&walk(Source::User, &mark), &query.unwrap()).await.unwrap();
    let plans = plans_of(&database, &mark);
    let [plan] = plans.as_slice() else { panic!("{plans:#?}") };
    assert!(plan.sql.contains("LIMIT"), "{plan:#?}");
    // From a word (512) to a word (1,024); the rest says which columns are read.
    assert_eq!(plan.steps, ["SCAN notification_text_words VIRTUAL TABLE INDEX 1539:"]);
}

#[tokio::test]
async fn texts_are_read_by_their_key() {
    let (database, store, mark) = recorded().await;
    store.texts(vec![Seq(1), Seq(mark.parse().unwrap())]).await.unwrap();
    let plan = plan_of(&database, &mark);
    assert!(
        plan.has("SEARCH notification USING INTEGER PRIMARY KEY")
            || plan.has("notification_pkey on notification | Index Cond: (seq = ANY"),
        "{plan:#?}"
    );
    plan.assert_searches();
}

fn assert_searches_by_key(database: &Database, mark: &str) {
    let plan = plan_of(database, mark);
    let is_of_the_index =
        |step: &&String| step.contains("feed_entry USING") || step.contains(" on feed_entry");
    let of_the_index: Vec<&String> = plan.steps.iter().filter(is_of_the_index).collect();
    let by_key = |step: &str| {
        step.contains("USING PRIMARY KEY (audience=? AND seq")
            || step.contains("feed_entry_pkey on feed_entry | Index Cond: ((audience = ")
                && step.contains("(seq ")
    };
    assert!(matches!(of_the_index.as_slice(), [step] if by_key(step)), "{plan:#?}");
    plan.assert_searches();
}
