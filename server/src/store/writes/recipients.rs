//! Long recipient lists, stored before the log is locked.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::domain::content::{Content, Priority};
use crate::domain::id::{TypeId, UserId};
use crate::store::connection::Connection;
use crate::store::convert::{AudienceTerm, priority_column, to_column};
use crate::store::postgres;
use crate::store::schema::{recipient_list, recipient_list_member};
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// A stored list of recipients that a publish may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StagedList(pub(in crate::store) i64);

/// Stores a list of recipients, in a transaction of its own, for a publish that follows.
pub(crate) struct StageRecipients {
    users: Arc<[UserId]>,
    /// What they are told, as far as a walk over somebody's lists looks at it.
    type_id: TypeId,
    priority: Priority,
    expires_at: Option<DateTime<Utc>>,
}

impl StageRecipients {
    /// Those who are told this.
    pub(crate) fn of(users: &Arc<[UserId]>, content: &Content) -> Self {
        let Content { type_id, priority, expires_at, .. } = *content;
        Self { users: Arc::clone(users), type_id, priority, expires_at }
    }
}

impl Write for StageRecipients {
    type Output = StagedList;

    fn bytes(&self) -> usize {
        48 * self.users.len()
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<StagedList> {
        let list: i64 = tx.conn.get_result(
            diesel::insert_into(recipient_list::table)
                .values(recipient_list::created_at.eq(to_column(tx.now)))
                .returning(recipient_list::id),
        )?;
        let audience = AudienceTerm::List(list).column();
        let (type_id, priority) = (self.type_id.0, priority_column(self.priority));
        let expires_at = self.expires_at.map(to_column);
        match tx.conn {
            Connection::Postgres(conn) => {
                postgres::insert_members(conn, audience, &self.users, (type_id, priority, expires_at))?;
            }
            Connection::Sqlite(_) => {
                for user in self.users.iter() {
                    let member = (
                        recipient_list_member::user_id.eq(user.0),
                        recipient_list_member::audience.eq(audience),
                        recipient_list_member::type_id.eq(type_id),
                        recipient_list_member::priority.eq(priority),
                        recipient_list_member::expires_at.eq(expires_at),
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
