//! Full text as SQLite has it: FTS5.

use diesel::dsl::AsExprOf;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use diesel::sqlite::Sqlite;

use crate::domain::id::Seq;
use crate::domain::search::{Clause, SearchQuery};
use crate::store::schema::{notification_text, notification_text_words};
use crate::store::text;

/// Pages of the index that are merged with each batch: about a millisecond of work, and as much as batches of this size make
/// necessary in the long run.
const PAGES: i32 = 12;

diesel::infix_operator!(Matches, " MATCH ", backend: Sqlite);

/// What finds the texts that were sent to this audience and match, in FTS5's language. Words are letters and digits, so
/// that in quotes nothing of them is taken for an operator.
pub(in crate::store) fn matching(audience: i64, query: &SearchQuery) -> String {
    let list = |clauses: &[Clause], operator: &str| {
        let clauses: Vec<String> = clauses.iter().map(|clause| phrase(audience, clause)).collect();
        clauses.join(operator)
    };
    let all = match query.all() {
        [] => format!("\"{}\"", text::prefix(audience)),
        all => list(all, " AND "),
    };
    match query.none() {
        [] => all,
        none => format!("({all}) NOT ({})", list(none, " OR ")),
    }
}

/// What finds the texts that were sent to this audience and are too long for the index.
pub(in crate::store) fn too_long(audience: i64) -> String {
    format!("\"{}\"", text::too_long(audience))
}

/// That a row of the index is among what `expression` finds.
pub(in crate::store) fn found_by(
    expression: String,
) -> Matches<notification_text::whole, AsExprOf<String, Text>> {
    Matches::new(notification_text::whole, expression.into_sql::<Text>())
}

/// Where words stand that begin so, at most so many.
#[diesel::dsl::auto_type]
pub(in crate::store) fn places(beginning: String, most: i64) -> _ {
    // No word has this character in it, and none that would come after it.
    let end: String = format!("{beginning}{}", char::MAX);
    notification_text_words::table
        .filter(notification_text_words::term.ge(beginning))
        .filter(notification_text_words::term.lt(end))
        .select(notification_text_words::doc)
        .limit(most)
}

/// Puts what `documents` say into the index.
pub(in crate::store) fn insert<'d>(
    conn: &mut SqliteConnection,
    documents: impl Iterator<Item = &'d (Seq, String)>,
) -> QueryResult<()> {
    for (seq, terms) in documents {
        diesel::insert_into(notification_text::table)
            .values((notification_text::rowid.eq(seq.0), notification_text::terms.eq(terms)))
            .execute(conn)?;
    }
    merge_some(conn)
}

/// Merges a few pages of what has been written, so that a search has few places to look at.
fn merge_some(conn: &mut SqliteConnection) -> QueryResult<()> {
    diesel::sql_query("INSERT INTO notification_text (notification_text, rank) VALUES ('merge', ?)")
        .bind::<Integer, _>(PAGES)
        .execute(conn)
        .map(drop)
}

fn phrase(audience: i64, clause: &Clause) -> String {
    let star = if clause.is_prefix() { " *" } else { "" };
    format!("\"{}\"{star}", text::clause(audience, clause))
}
