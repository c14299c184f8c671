//! The index of texts: what it has, and what it forgets.

use diesel::prelude::*;

use crate::domain::id::Seq;
use crate::store::connection::Connection;
use crate::store::schema::{log_head, notification_text, text_index};
use crate::store::transaction::Transaction;
use crate::store::write::Write;
use crate::store::{postgres, sqlite};

/// Puts the texts of some notifications into the index, and says how far that has come. Changes nothing where it has come
/// elsewhere meanwhile.
pub(crate) struct IndexText {
    /// The index has everything up to here.
    pub(in crate::store) after: Seq,
    /// And then up to here.
    pub(in crate::store) through: Seq,
    /// What the index takes of each notification.
    pub(in crate::store) documents: Vec<(Seq, String)>,
    /// Whether there was more that did not go into it.
    pub(crate) more: bool,
}

impl Write for IndexText {
    type Output = ();

    fn bytes(&self) -> usize {
        self.documents.iter().map(|(_, terms)| terms.len()).sum()
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<()> {
        let at = text_index::table.filter(text_index::indexed_through.eq(self.after.0));
        let moved =
            tx.conn.execute(diesel::update(at).set(text_index::indexed_through.eq(self.through.0)))?;
        if moved == 0 {
            return Ok(());
        }
        // What was deleted since it was read must not come in after it was forgotten.
        let deleted: i64 = tx.conn.get_result(log_head::table.select(log_head::deleted_through))?;
        let documents = self.documents.iter().filter(|(seq, _)| seq.0 > deleted);
        match tx.conn {
            Connection::Sqlite(conn) => sqlite::text::insert(conn, documents),
            Connection::Postgres(conn) => postgres::text::insert(conn, documents),
        }
    }
}

/// Takes the texts of these notifications out of the index, those that are there.
pub(super) fn forget_text(tx: &mut Transaction<'_>, seqs: impl IntoIterator<Item = Seq>) -> QueryResult<()> {
    match tx.conn {
        // Of a virtual table one at a time is how it is done.
        Connection::Sqlite(_) => seqs.into_iter().try_for_each(|seq| {
            tx.conn.execute(diesel::delete(notification_text::table.find(seq.0))).map(drop)
        }),
        Connection::Postgres(_) => {
            let these = notification_text::rowid.eq_any(seqs.into_iter().map(|seq| seq.0));
            tx.conn.execute(diesel::delete(notification_text::table.filter(these))).map(drop)
        }
    }
}
