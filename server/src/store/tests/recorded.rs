//! Records the statements that the store makes, and asks the database how it goes about them.

use std::sync::Mutex;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::*;

/// The statements that any test in this process has made and marked, as SQL.
static STATEMENTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A type that nothing is of, and how positions and other numbers begin that nothing has: marks a statement whose plan is
/// asked for.
pub(super) const NO_TYPE: i32 = 987_654;

/// How a database goes about a statement: each step on tables of it.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) sql: String,
    pub(super) steps: Vec<String>,
}

impl Plan {
    pub(super) fn has(&self, words: &str) -> bool {
        self.steps.iter().any(|step| step.contains(words))
    }

    /// That each step finds its rows by a key, in the order that is wanted.
    #[track_caller]
    pub(super) fn assert_searches(&self) {
        assert!(self.scans().is_empty(), "{self:#?}");
        assert!(!self.sorts(), "{self:#?}");
    }

    /// The steps that look at every row of a table of many.
    pub(super) fn scans(&self) -> Vec<&String> {
        let is_scan = |step: &&String| {
            // One row; and what was just gathered.
            let small = ["log_head", "text_index", "CONSTANT ROW"].iter().any(|small| step.contains(small));
            let in_a_file = step.starts_with("SCAN");
            let on_a_server = step.starts_with("Seq Scan")
                || step.starts_with("Index") && step.contains("Scan") && !step.contains("Cond:");
            !small && (in_a_file || on_a_server)
        };
        self.steps.iter().filter(is_scan).collect()
    }

    /// Whether it puts rows into another order than that in which it finds them.
    pub(super) fn sorts(&self) -> bool {
        let sorts = |step: &String| step.contains("TEMP B-TREE") || step.starts_with("Sort");
        self.steps.iter().any(sorts)
    }
}

fn note(event: &InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        let query = query.to_string();
        if query.contains(&NO_TYPE.to_string()) {
            STATEMENTS.lock().unwrap().push(query);
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "diesel takes a function that may have none to give")]
fn recorder() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| note(&event)))
}

/// A store whose statements are recorded, and what marks those of one test.
pub(super) async fn recorded() -> (Database, Store, String) {
    recorded_in(Database::new()).await
}

/// The same, of this database.
pub(super) async fn recorded_in(database: Database) -> (Database, Store, String) {
    set_default_instrumentation(recorder).unwrap();
    let store = database.open(noon()).await.unwrap();
    (database, store, format!("{NO_TYPE}{:010}", rand::random::<u32>()))
}

/// How the database goes about the first statement that bears this mark.
pub(super) fn plan_of(database: &Database, mark: &str) -> Plan {
    let statement = STATEMENTS.lock().unwrap().iter().find(|statement| statement.contains(mark)).cloned();
    plan(database, &statement.expect("the statement was made"))
}

/// How the database goes about each statement that bears this mark.
pub(super) fn plans_of(database: &Database, mark: &str) -> Vec<Plan> {
    let statements = STATEMENTS.lock().unwrap().clone();
    let marked = statements
        .into_iter()
        .filter(|statement| statement.contains(mark) && statement.contains(" -- binds"));
    marked.map(|statement| plan(database, &statement)).collect()
}

fn plan(database: &Database, statement: &str) -> Plan {
    let (sql, _) = statement.split_once(" -- binds").unwrap();
    let steps = match database.url() {
        DatabaseUrl::Sqlite(_) => database.texts(&format!("EXPLAIN QUERY PLAN {sql}")),
        DatabaseUrl::Postgres(_) => {
            let numbers = sql
                .split('$')
                .skip(1)
                .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<usize>().ok());
            let nothings = vec!["NULL"; numbers.max().unwrap_or(0)].join(", ");
            let execute = if nothings.is_empty() { "walk".to_owned() } else { format!("walk ({nothings})") };
            // An index of words is asked for all rows at once, or not at all.
            let bitmaps = if sql.contains("@@") { "on" } else { "off" };
            // Whatever the values, and as if there were many rows: then a row at a time by its key is what it would do.
            nodes(&database.texts(&format!(
                "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_sort = off;
                 SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_bitmapscan = {bitmaps};
                 PREPARE walk AS {sql};
                 EXPLAIN (COSTS OFF) EXECUTE {execute}"
            )))
        }
    };
    Plan { sql: sql.to_owned(), steps }
}

/// PostgreSQL's lines put together: a step, and behind it what it says of it.
fn nodes(lines: &[String]) -> Vec<String> {
    let mut nodes: Vec<String> = Vec::new();
    for line in lines {
        let text = line.trim_start();
        match (text.strip_prefix("->  "), nodes.last_mut()) {
            (Some(node), _) => nodes.push(node.to_owned()),
            (None, Some(node)) => node.extend([" | ", text]),
            (None, None) => nodes.push(text.to_owned()),
        }
    }
    nodes
}
