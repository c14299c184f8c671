//! Full text as PostgreSQL has it: `tsvector`, of words of ours.

use std::collections::HashMap;
use std::fmt::Write as _;

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};

use super::Connection;
use super::insert::Texts;
use crate::domain::id::Seq;
use crate::domain::search::{Clause, SearchQuery};
use crate::store::text;

/// Positions that a `tsvector` keeps of one word, at most 256.
const MOST_POSITIONS: usize = 255;
/// Bytes of a `tsvector`, of which PostgreSQL takes less than 1 MiB: words, and for each where it stands.
const MOST_OF_ALL: usize = 900_000;
/// Bytes that PostgreSQL takes for a word beside its letters, and for each place, at most.
const BESIDE: usize = 8;
/// Bytes of a word, at most 2,046.
const MOST_BYTES: usize = 2_000;
/// Notifications of an audience that are looked at one by one before the index is asked: a frequent word is soon found so,
/// where the index would name all that have it.
pub(in crate::store) const NEAREST: i64 = 512;
/// As many as tell a rare word: where none of these has it, few of all have, and the index is asked. Of a word that half of all
/// have, a chunk is found among them.
pub(in crate::store) const FIRST: i64 = 192;

/// Puts what `documents` say into the index.
pub(in crate::store) fn insert<'d>(
    conn: &mut Connection,
    documents: impl Iterator<Item = &'d (Seq, String)>,
) -> QueryResult<()> {
    let (rowid, terms): (Vec<i64>, Vec<String>) =
        documents.map(|(seq, terms)| (seq.0, vector(terms))).unzip();
    if rowid.is_empty() {
        return Ok(());
    }
    Texts { rowid, terms }.execute(conn).map(drop)
}

/// What the index keeps of `terms`, as [`text::terms`] gives them: each word with its positions. What it could not keep whole
/// is marked as too long.
pub(in crate::store) fn vector(terms: &str) -> String {
    let mut positions: HashMap<&str, usize> = HashMap::new();
    let mut vector = String::with_capacity(2 * terms.len());
    let (mut fits, mut bytes) = (true, 0);
    for (position, term) in terms.split(' ').enumerate() {
        let seen = positions.entry(term).or_default();
        *seen += 1;
        bytes += term.len() + BESIDE;
        fits = fits && *seen <= MOST_POSITIONS && term.len() <= MOST_BYTES && bytes <= MOST_OF_ALL;
        // Writing to a string cannot fail.
        let _ = write!(vector, "'{term}':{} ", position + 1);
    }
    if fits {
        return vector;
    }
    let mut marks: Vec<String> =
        positions.keys().filter_map(|term| audience_of(term)).map(text::too_long).collect();
    marks.sort_unstable();
    marks.dedup();
    marks.iter().map(|mark| format!("'{mark}'")).collect::<Vec<_>>().join(" ")
}

/// The audience in front of a word.
fn audience_of(term: &str) -> Option<i64> {
    term.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What finds the texts that were sent to this audience and match, in the language of `tsquery`. Words are letters and digits,
/// so that in quotes nothing of them is taken for an operator.
pub(in crate::store) fn matching(audience: i64, query: &SearchQuery) -> String {
    let phrases =
        |clauses: &[Clause]| clauses.iter().map(|clause| phrase(audience, clause)).collect::<Vec<_>>();
    let mut all = phrases(query.all());
    if all.is_empty() {
        all.push(format!("'{}'", text::prefix(audience)));
    }
    all.extend(phrases(query.none()).into_iter().map(|phrase| format!("!{phrase}")));
    all.join(" & ")
}

/// What finds the texts that were sent to this audience and are too long for the index.
pub(in crate::store) fn too_long(audience: i64) -> String {
    format!("'{}'", text::too_long(audience))
}

fn phrase(audience: i64, clause: &Clause) -> String {
    let terms = text::clause(audience, clause);
    let words: Vec<String> = terms.split(' ').map(|term| format!("'{term}'")).collect();
    let star = if clause.is_prefix() { ":*" } else { "" };
    format!("({}{star})", words.join(" <-> "))
}

/// Where [`Find`] looks.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) enum Among {
    /// Everywhere, by the index.
    All,
    /// Only at so much of what an audience, as `feed_entry` numbers it, was told, the first in that order, one by one.
    Nearest { of: i64, most: i64 },
    /// Only at so much of what this user was told on long lists, the first in that order, one by one.
    NearestLists { of: i64, most: i64 },
    /// Only at what this user was told on long lists, by the index.
    Lists { of: i64 },
}

/// The positions between two others at which something matches, the first of them in that order.
#[derive(Debug, Clone)]
pub(in crate::store) struct Find {
    /// In the language of `tsquery`.
    pub(in crate::store) expression: String,
    pub(in crate::store) above: i64,
    pub(in crate::store) below: i64,
    pub(in crate::store) newest_first: bool,
    pub(in crate::store) limit: i64,
    pub(in crate::store) among: Among,
}

impl Query for Find {
    type SqlType = BigInt;
}

impl QueryId for Find {
    type QueryId = ();
    // It is not one statement but several.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Find {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        // How it is best found is another matter for a word of many texts than for one of few.
        out.unsafe_to_cache_prepared();
        // What the index has is sorted once all of it is found: in order PostgreSQL might rather walk the whole table.
        let by_index = matches!(self.among, Among::All | Among::Lists { .. });
        if by_index {
            out.push_sql("WITH found AS MATERIALIZED (");
        }
        match &self.among {
            Among::All => self.by_index(&mut out)?,
            Among::Lists { of } => {
                out.push_sql("SELECT seq FROM (");
                self.by_index(&mut out)?;
                // That comes first: PostgreSQL thinks alike of all words that are not among the most frequent.
                out.push_sql(
                    " OFFSET 0) text JOIN feed_entry USING (seq) \
                     JOIN recipient_list_member USING (audience) WHERE user_id = ",
                );
                out.push_bind_param::<BigInt, _>(of)?;
            }
            Among::Nearest { of, most } => {
                self.one_by_one(&mut out, "SELECT seq FROM feed_entry WHERE audience = ", of, most)?;
            }
            Among::NearestLists { of, most } => self.one_by_one(
                &mut out,
                "SELECT seq FROM recipient_list_member JOIN recipient_list ON id = audience / 4 WHERE user_id = ",
                of,
                most,
            )?,
        }
        if by_index {
            out.push_sql(") SELECT seq FROM found");
        }
        self.first(&mut out, &self.limit)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "a statement borrows what is bound to it")]
impl Find {
    fn by_index<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("SELECT rowid AS seq FROM notification_text WHERE ");
        self.matches(out)?;
        // A sum is in no index: by its own key PostgreSQL might rather walk the whole table.
        self.within(out, "rowid + 0")
    }

    fn one_by_one<'b>(
        &'b self,
        out: &mut AstPass<'_, 'b, Pg>,
        positions_of: &str,
        of: &'b i64,
        most: &'b i64,
    ) -> QueryResult<()> {
        out.push_sql("SELECT seq FROM (");
        out.push_sql(positions_of);
        out.push_bind_param::<BigInt, _>(of)?;
        self.within(out, "seq")?;
        self.first(out, most)?;
        // Each by itself, in order, and none once there are enough.
        out.push_sql(") near CROSS JOIN LATERAL (SELECT FROM notification_text WHERE rowid = near.seq AND ");
        self.matches(out)?;
        out.push_sql(" OFFSET 0) text");
        Ok(())
    }

    fn matches<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("terms @@ ");
        out.push_bind_param::<Text, _>(&self.expression)?;
        out.push_sql("::tsquery");
        Ok(())
    }

    fn first<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>, most: &'b i64) -> QueryResult<()> {
        out.push_sql(if self.newest_first { " ORDER BY seq DESC LIMIT " } else { " ORDER BY seq LIMIT " });
        out.push_bind_param::<BigInt, _>(most)
    }

    fn within<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>, seq: &str) -> QueryResult<()> {
        out.push_sql(&format!(" AND {seq} > "));
        out.push_bind_param::<BigInt, _>(&self.above)?;
        out.push_sql(&format!(" AND {seq} < "));
        out.push_bind_param::<BigInt, _>(&self.below)
    }
}
