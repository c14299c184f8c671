//! The index of texts: what it has, and what it forgets.

use diesel::prelude::*;

use crate::domain::id::Seq;
use crate::store::schema::{log_head, notification_text, text_index};
use crate::store::sqlite::{self, Transaction};
use crate::store::write::Write;

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
            diesel::update(at).set(text_index::indexed_through.eq(self.through.0)).execute(tx.conn)?;
        if moved == 0 {
            return Ok(());
        }
        // What was deleted since it was read must not come in after it was forgotten.
        let deleted: i64 = log_head::table.select(log_head::deleted_through).get_result(tx.conn)?;
        for (seq, terms) in self.documents.iter().filter(|(seq, _)| seq.0 > deleted) {
            diesel::insert_into(notification_text::table)
                .values((notification_text::rowid.eq(seq.0), notification_text::terms.eq(terms)))
                .execute(tx.conn)?;
        }
        sqlite::text::merge_some(tx.conn)
    }
}

/// Takes the texts of these notifications out of the index, those that are there.
pub(super) fn forget_text(tx: &mut Transaction<'_>, seqs: impl IntoIterator<Item = Seq>) -> QueryResult<()> {
    for seq in seqs {
        diesel::delete(notification_text::table.find(seq.0)).execute(tx.conn)?;
    }
    Ok(())
}
