//! Idempotency keys: each is its sender's own, and is claimed in the transaction of what it is used for.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::domain::entry::Idempotency;
use crate::domain::id::{BroadcastId, Seq, UserId};
use crate::store::convert::to_column;
use crate::store::schema::{broadcast, idempotency, log_head};
use crate::store::sqlite::Transaction;

/// What a key that was to be claimed had been used for.
pub(super) enum Claim {
    /// Nothing that is still remembered: it is claimed.
    New,
    /// The same, which stands at this position.
    Published(Seq),
    /// The same, which was scheduled as this broadcast.
    Scheduled(BroadcastId),
    /// Something else.
    Conflict,
}

/// Takes the key for what will stand at `seq`.
pub(super) fn claim(
    tx: &mut Transaction<'_>,
    sender: UserId,
    key: &Idempotency,
    seq: Seq,
) -> QueryResult<Claim> {
    let claim = (
        idempotency::fingerprint.eq(key.fingerprint.as_slice()),
        idempotency::seq.eq(seq.0),
        idempotency::broadcast_id.eq(None::<i64>),
        idempotency::created_at.eq(to_column(tx.now)),
    );
    let claimed = diesel::insert_or_ignore_into(idempotency::table)
        .values((idempotency::sender_id.eq(sender.0), idempotency::key.eq(&key.key), claim))
        .execute(tx.conn)?;
    if claimed > 0 {
        return Ok(Claim::New);
    }
    let used = idempotency::table.find((sender.0, &key.key));
    let (seq, scheduled, fingerprint, at) = used
        .select((
            idempotency::seq,
            idempotency::broadcast_id,
            idempotency::fingerprint,
            idempotency::created_at,
        ))
        .get_result::<(i64, Option<i64>, Vec<u8>, NaiveDateTime)>(tx.conn)?;
    let deleted_through: i64 = log_head::table.select(log_head::deleted_through).get_result(tx.conn)?;
    let is_gone = match scheduled {
        None => seq <= deleted_through,
        // While it waits, or came to nothing, it has no position.
        Some(id) => {
            let of_broadcast = broadcast::table.find(id).select(broadcast::seq);
            let there = of_broadcast.get_result::<Option<i64>>(tx.conn).optional()?;
            there.is_none_or(|seq| seq.is_some_and(|seq| seq <= deleted_through))
        }
    };
    if at <= to_column(tx.now - Idempotency::KEPT) || is_gone {
        // Not swept yet, or used for what has been deleted since.
        diesel::update(used).set(claim).execute(tx.conn)?;
        return Ok(Claim::New);
    }
    Ok(match (fingerprint == key.fingerprint, scheduled) {
        (false, _) => Claim::Conflict,
        (true, Some(id)) => Claim::Scheduled(BroadcastId(id)),
        (true, None) => Claim::Published(Seq(seq)),
    })
}

/// Gives a key back that was just claimed.
pub(super) fn release(tx: &mut Transaction<'_>, sender: UserId, key: &Idempotency) -> QueryResult<()> {
    diesel::delete(idempotency::table.find((sender.0, &key.key))).execute(tx.conn).map(drop)
}

/// Says that a key, just claimed, is used for a broadcast that waits.
pub(super) fn use_for_scheduled(
    tx: &mut Transaction<'_>,
    sender: UserId,
    key: &Idempotency,
    broadcast: BroadcastId,
) -> QueryResult<()> {
    diesel::update(idempotency::table.find((sender.0, &key.key)))
        .set((idempotency::seq.eq(Seq::ZERO.0), idempotency::broadcast_id.eq(broadcast.0)))
        .execute(tx.conn)
        .map(drop)
}
