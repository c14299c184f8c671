//! Long recipient lists, stored before the log is locked.

use std::sync::Arc;

use diesel::prelude::*;

use crate::domain::id::UserId;
use crate::store::connection::Connection;
use crate::store::convert::{AudienceTerm, to_column};
use crate::store::postgres;
use crate::store::schema::{recipient_list, recipient_list_member};
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// A stored list of recipients that a publish may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StagedList(pub(in crate::store) i64);

/// Stores a list of recipients, in a transaction of its own, for a publish that follows.
pub(crate) struct StageRecipients(pub(crate) Arc<[UserId]>);

impl Write for StageRecipients {
    type Output = StagedList;

    fn bytes(&self) -> usize {
        32 * self.0.len()
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<StagedList> {
        let list: i64 = tx.conn.get_result(
            diesel::insert_into(recipient_list::table)
                .values(recipient_list::created_at.eq(to_column(tx.now)))
                .returning(recipient_list::id),
        )?;
        let audience = AudienceTerm::List(list).column();
        match tx.conn {
            Connection::Postgres(conn) => postgres::insert_members(conn, audience, &self.0)?,
            Connection::Sqlite(_) => {
                for user in self.0.iter() {
                    let member = (
                        recipient_list_member::user_id.eq(user.0),
                        recipient_list_member::audience.eq(audience),
                    );
                    tx.conn.execute(diesel::insert_into(recipient_list_member::table).values(member))?;
                }
            }
        }
        Ok(StagedList(list))
    }
}

/// Takes a stored list away again whose publish came to nothing.
pub(crate) struct DropRecipients(pub(crate) StagedList);

impl Write for DropRecipients {
    type Output = ();

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<()> {
        drop_list(tx, self.0.0)
    }
}

pub(super) fn drop_list(tx: &mut Transaction<'_>, list: i64) -> QueryResult<()> {
    let members = recipient_list_member::audience.eq(AudienceTerm::List(list).column());
    tx.conn.execute(diesel::delete(recipient_list_member::table.filter(members)))?;
    tx.conn.execute(diesel::delete(recipient_list::table.find(list))).map(drop)
}
