//! Who belongs to which campus.

use diesel::prelude::*;

use crate::domain::directory::CampusRole;
use crate::domain::entry::Change;
use crate::domain::id::{CampusId, UserId};
use crate::store::convert::{campus_role_column, to_column};
use crate::store::schema::membership;
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// That a user shall have this role on that campus, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MembershipChange {
    pub(crate) user: UserId,
    pub(crate) campus: CampusId,
    pub(crate) role: Option<CampusRole>,
}

/// Changes memberships, all or none; gives how many were not so already.
pub(crate) struct SetMemberships(pub(crate) Vec<MembershipChange>);

impl Write for SetMemberships {
    type Output = usize;

    fn entries(&self) -> usize {
        self.0.len()
    }

    fn bytes(&self) -> usize {
        128 * self.0.len()
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<usize> {
        let mut changed = 0;
        for change in &self.0 {
            changed += usize::from(apply_one(tx, *change)?);
        }
        Ok(changed)
    }
}

fn apply_one(tx: &mut Transaction<'_>, change: MembershipChange) -> QueryResult<bool> {
    let row = membership::table.find((change.user.0, change.campus.0));
    let before = tx.conn.get_result::<i16>(row.select(membership::role)).optional()?;
    let after = change.role.map(campus_role_column);
    match (before, after) {
        (before, after) if before == after => return Ok(false),
        (Some(_), Some(role)) => {
            tx.conn.execute(diesel::update(row).set(membership::role.eq(role)))?;
        }
        (_, None) => {
            tx.conn.execute(diesel::delete(row))?;
            tx.appends.count_member(tx.conn, change.campus, -1)?;
        }
        (None, Some(role)) => {
            let since =
                (membership::since_seq.eq(tx.next_seq().0), membership::since_at.eq(to_column(tx.now)));
            let key = (membership::user_id.eq(change.user.0), membership::campus_id.eq(change.campus.0));
            tx.conn.execute(diesel::insert_into(membership::table).values((
                key,
                membership::role.eq(role),
                since,
            )))?;
            tx.appends.count_member(tx.conn, change.campus, 1)?;
        }
    }
    tx.append(Change::Membership { user: change.user, campus: change.campus, role: change.role })?;
    Ok(true)
}
