//! Takes a notification back.

use std::sync::Arc;

use diesel::prelude::*;

use super::text::forget_text;
use crate::domain::entry::{Appended, Change, Notification};
use crate::store::schema::{feed_entry, notification};
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// Takes a notification out of every feed. The second time changes nothing.
pub(crate) struct Recall(pub(crate) Arc<Notification>);

impl Write for Recall {
    type Output = Appended;

    fn entries(&self) -> usize {
        1
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Appended> {
        tx.flush()?;
        let target = notification::table.find(self.0.seq.0).filter(notification::recalled_seq.is_null());
        let taken_back =
            tx.conn.execute(diesel::update(target).set(notification::recalled_seq.eq(tx.next_seq().0)))?;
        if taken_back == 0 {
            return Ok(Appended::Unchanged);
        }
        tx.conn.execute(
            diesel::update(feed_entry::table.filter(feed_entry::seq.eq(self.0.seq.0)))
                .set(feed_entry::recalled.eq(true)),
        )?;
        forget_text(tx, [self.0.seq])?;
        let recalled = Notification { recalled: true, ..(*self.0).clone() };
        tx.append(Change::Recalled(Arc::new(recalled))).map(Appended::New)
    }
}
