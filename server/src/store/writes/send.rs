//! Sends a broadcast that was scheduled.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::broadcasts::{fail, leave_waiting};
use super::publish;
use super::recipients::StagedList;
use crate::domain::access::Caller;
use crate::domain::broadcast::{Sending, look_again};
use crate::domain::directory::{Membership, User};
use crate::domain::entry::{Audience, AudienceKind, Publication, Sender};
use crate::domain::id::{BroadcastId, CampusId, Seq, UserId};
use crate::domain::visibility::Scope;
use crate::store::convert::{self, AudienceTerm, broadcast_state, from_column};
use crate::store::rows::{MembershipRow, UnsentRow, UserRow, columns};
use crate::store::schema::{app_user, broadcast, membership, recipient_list_member, unsent};
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// Sends a broadcast whose time has come: its state and its notification in one transaction, so that it happens once. Whether
/// it may be sent is looked at again, as things are by now.
pub(crate) struct SendBroadcast(pub(crate) BroadcastId);

/// A broadcast as it waits: sender, campus, kind of audience, when, and what it says.
type Waiting = (i64, Option<i64>, i16, Option<NaiveDateTime>, UnsentRow);

impl Write for SendBroadcast {
    type Output = Sending;

    fn entries(&self) -> usize {
        1
    }

    fn bytes(&self) -> usize {
        // As much as most have; what it says is not read before it is written.
        2_048
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Sending> {
        let id = self.0;
        let waiting = broadcast::table
            .inner_join(unsent::table.on(unsent::broadcast_id.eq(broadcast::id)))
            .filter(broadcast::id.eq(id.0).and(broadcast::state.eq(broadcast_state::SCHEDULED)))
            .select((
                broadcast::sender_id,
                broadcast::campus_id,
                broadcast::audience_kind,
                broadcast::send_at,
                columns::<UnsentRow>(),
            ));
        let Some((sender, campus, kind, send_at, unsent)) =
            tx.conn.get_result::<Waiting>(waiting).optional()?
        else {
            return Ok(Sending::Passed);
        };
        if send_at.is_none_or(|at| from_column(at) > tx.now) {
            // The clock went back.
            return Ok(Sending::Passed);
        }
        let sender = sender_by_now(tx, UserId(sender), &unsent)?;
        let list = unsent.list;
        let campus = campus.map(CampusId);
        let (audience, within, gone) = match (convert::audience_kind(kind), campus) {
            (AudienceKind::System, _) => (Audience::System, None, vec![]),
            (AudienceKind::Campus, Some(campus)) => (Audience::Campus(campus), None, vec![]),
            (_, within) => {
                let (left, gone) = recipients_by_now(tx, list, within)?;
                (Audience::users(left), within, gone)
            }
        };
        let User { id: user, key, name, .. } = sender.user.clone();
        let publication = Publication {
            sender: Sender { id: user, key, name },
            audience,
            within,
            content: unsent.into_content(),
            idempotency: None,
        };
        if let Err(why) = look_again(&sender, &publication, tx.now) {
            fail(tx, id, why)?;
            return Ok(Sending::Failed(why));
        }
        if let Some(list) = list {
            take_off(tx, list, &gone)?;
        }
        let seq = tx.next_seq();
        leave_waiting(tx, id, broadcast_state::SENT)?;
        tx.conn.execute(diesel::update(broadcast::table.find(id.0)).set(broadcast::seq.eq(seq.0)))?;
        tx.conn.execute(diesel::delete(unsent::table.find(id.0)))?;
        publish::append(tx, &publication, list.map(StagedList))?;
        Ok(Sending::Sent(seq))
    }
}

/// The sender as the directory knows them by now, with what their token granted when they scheduled it.
fn sender_by_now(tx: &mut Transaction<'_>, id: UserId, unsent: &UnsentRow) -> QueryResult<Caller> {
    let user = app_user::table.find(id.0).select(columns::<UserRow>());
    let user = User::from(tx.conn.get_result::<UserRow>(user)?);
    let memberships = tx.conn.load::<MembershipRow>(
        membership::table.filter(membership::user_id.eq(id.0)).select(columns::<MembershipRow>()),
    )?;
    let memberships = memberships.into_iter().map(Membership::from).collect();
    let role = user.role.max(convert::role(unsent.token_role));
    // What they like to hear has no part in what they may say.
    let preferences = tx.resolver.preferences(None, None);
    let scope = Scope { user: id, as_of: Seq(tx.next_seq().0 - 1), memberships, preferences };
    Ok(Caller { user: User { role, ..user }, scope })
}

/// Those of a list who are on the campus within which they are told, and those who are not any more.
fn recipients_by_now(
    tx: &mut Transaction<'_>,
    list: Option<i64>,
    within: Option<CampusId>,
) -> QueryResult<(Vec<UserId>, Vec<UserId>)> {
    let Some(list) = list else { return Ok((vec![], vec![])) };
    // No campus has the number 0.
    let within_campus = membership::user_id
        .eq(recipient_list_member::user_id)
        .and(membership::campus_id.eq(convert::campus_or_zero(within)));
    let named: Vec<(i64, Option<i64>)> = tx.conn.load(
        recipient_list_member::table
            .left_join(membership::table.on(within_campus))
            .filter(recipient_list_member::audience.eq(AudienceTerm::List(list).column()))
            .select((recipient_list_member::user_id, membership::user_id.nullable())),
    )?;
    let (left, gone): (Vec<_>, Vec<_>) =
        named.into_iter().partition(|(_, member)| within.is_none() || member.is_some());
    let ids = |users: Vec<(i64, Option<i64>)>| users.into_iter().map(|(user, _)| UserId(user)).collect();
    Ok((ids(left), ids(gone)))
}

fn take_off(tx: &mut Transaction<'_>, list: i64, gone: &[UserId]) -> QueryResult<()> {
    for user in gone {
        let member = recipient_list_member::table.find((user.0, AudienceTerm::List(list).column()));
        tx.conn.execute(diesel::delete(member))?;
    }
    Ok(())
}
