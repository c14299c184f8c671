//! Broadcasts: sent at once or scheduled, and called off. A scheduled one is sent by `send`.

use diesel::prelude::*;

use super::idempotency::{Claim, claim, release, use_for_scheduled};
use super::publish;
use super::recipients::StagedList;
use crate::domain::broadcast::{Announced, Announcement, Cancelled, Failure, When};
use crate::domain::id::{BroadcastId, Seq, UserId};
use crate::store::appends::NewBroadcast;
use crate::store::convert::{audience_kind_column, broadcast_state, priority_column, role_column, to_column};
use crate::store::schema::{broadcast, recipient_list, unsent};
use crate::store::transaction::Transaction;
use crate::store::write::Write;

/// A broadcast, together with the notification that it becomes at once or with what waits for its time; unless its
/// idempotency key says that it is there already.
pub(crate) struct Announce {
    pub(crate) announcement: Announcement,
    /// The recipients, where they are too many to be written while the log is locked, or have to wait.
    pub(crate) staged: Option<StagedList>,
}

impl Write for Announce {
    type Output = Announced;

    fn entries(&self) -> usize {
        usize::from(self.announcement.when == Ok(When::Now))
    }

    fn bytes(&self) -> usize {
        publish::bytes(&self.announcement.publication)
    }

    fn idempotency(&self) -> Option<(UserId, &str)> {
        publish::key(&self.announcement.publication)
    }

    fn is_broadcast(&self) -> bool {
        true
    }

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Announced> {
        let publication = &self.announcement.publication;
        let sender = publication.sender.id;
        let key = publication.idempotency.as_ref();
        if let Some(key) = key {
            match claim(tx, sender, key, tx.next_seq())? {
                Claim::New => {}
                Claim::Published(seq) => return self.sent_as(tx, seq).map(Announced::Known),
                Claim::Scheduled(id) => return Ok(Announced::Known(id)),
                Claim::Conflict => return Ok(Announced::Conflict),
            }
        }
        let when = match &self.announcement.when {
            Ok(when) => *when,
            Err(invalid) => {
                key.map_or(Ok(()), |key| release(tx, sender, key))?;
                return Ok(Announced::Refused(invalid.clone()));
            }
        };
        if when == When::Now {
            let id = self.insert(tx, broadcast_state::SENT, Some(tx.next_seq()))?;
            let (_, notification) = publish::append(tx, publication, self.staged)?;
            return Ok(Announced::New { id, notification: Some(notification) });
        }
        let id = self.insert(tx, broadcast_state::SCHEDULED, None)?;
        self.insert_unsent(tx, id)?;
        if let Some(key) = key {
            use_for_scheduled(tx, sender, key, id)?;
        }
        Ok(Announced::New { id, notification: None })
    }
}

impl Announce {
    /// The same broadcast, which became the notification at this position. Sent as a domain event, or by a server that kept no
    /// broadcasts, it has been none so far.
    fn sent_as(&self, tx: &mut Transaction<'_>, seq: Seq) -> QueryResult<BroadcastId> {
        tx.flush()?;
        let known = broadcast::table.filter(broadcast::seq.eq(seq.0)).select(broadcast::id);
        match tx.conn.get_result(known).optional()? {
            Some(id) => Ok(BroadcastId(id)),
            None => self.insert(tx, broadcast_state::SENT, Some(seq)),
        }
    }

    fn insert(&self, tx: &mut Transaction<'_>, state: i16, seq: Option<Seq>) -> QueryResult<BroadcastId> {
        let Announcement { publication, send_at, .. } = &self.announcement;
        let row = NewBroadcast {
            created_at: to_column(tx.now),
            sender_id: publication.sender.id.0,
            campus_id: publication.responsible_campus().map(|campus| campus.0),
            audience_kind: audience_kind_column(&publication.audience),
            state,
            send_at: send_at.map(to_column),
            seq: seq.map(|seq| seq.0),
        };
        tx.appends.broadcast(tx.conn, row)
    }

    fn insert_unsent(&self, tx: &mut Transaction<'_>, id: BroadcastId) -> QueryResult<()> {
        let content = &self.announcement.publication.content;
        tx.flush()?;
        if let Some(StagedList(list)) = self.staged {
            tx.conn.execute(
                diesel::update(recipient_list::table.find(list)).set(recipient_list::broadcast_id.eq(id.0)),
            )?;
        }
        tx.conn
            .execute(diesel::insert_into(unsent::table).values((
                unsent::broadcast_id.eq(id.0),
                unsent::token_role.eq(role_column(self.announcement.token_role)),
                unsent::list.eq(self.staged.map(|StagedList(list)| list)),
                unsent::type_id.eq(content.type_id.0),
                unsent::priority.eq(priority_column(content.priority)),
                unsent::title.eq(&content.title),
                unsent::message.eq(&content.message),
                unsent::event_id.eq(&content.data.event_id),
                unsent::attendance_id.eq(&content.data.attendance_id),
                unsent::action_url.eq(&content.data.action_url),
                unsent::metadata.eq(content.data.metadata.as_ref().map(ToString::to_string)),
                unsent::expires_at.eq(content.expires_at.map(to_column)),
            )))
            .map(drop)
    }
}

/// Calls a broadcast off, unless its time has come. The second time changes nothing.
pub(crate) struct CancelBroadcast(pub(crate) BroadcastId);

impl Write for CancelBroadcast {
    type Output = Cancelled;

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<Cancelled> {
        if leave_waiting(tx, self.0, broadcast_state::CANCELLED)? {
            return Ok(Cancelled::Yes);
        }
        let state = tx.conn.get_result::<i16>(broadcast::table.find(self.0.0).select(broadcast::state))?;
        Ok(if state == broadcast_state::CANCELLED { Cancelled::Yes } else { Cancelled::TooLate })
    }
}

/// Gives a broadcast up that waits.
pub(crate) struct FailBroadcast(pub(crate) BroadcastId, pub(crate) Failure);

impl Write for FailBroadcast {
    type Output = ();

    fn apply(&self, tx: &mut Transaction<'_>) -> QueryResult<()> {
        fail(tx, self.0, self.1)
    }
}

pub(super) fn fail(tx: &mut Transaction<'_>, id: BroadcastId, why: Failure) -> QueryResult<()> {
    if leave_waiting(tx, id, broadcast_state::FAILED)? {
        tx.conn.execute(
            diesel::update(broadcast::table.find(id.0)).set(broadcast::failure.eq(why.to_string())),
        )?;
    }
    Ok(())
}

/// Takes a broadcast that waits into another state. False where it does not wait: somebody else was first.
pub(super) fn leave_waiting(tx: &mut Transaction<'_>, id: BroadcastId, state: i16) -> QueryResult<bool> {
    let waiting = broadcast::table.find(id.0).filter(broadcast::state.eq(broadcast_state::SCHEDULED));
    Ok(tx.conn.execute(diesel::update(waiting).set(broadcast::state.eq(state)))? > 0)
}
