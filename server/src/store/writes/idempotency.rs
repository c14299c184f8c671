//! Idempotency keys: each is its sender's own, and is claimed in the transaction of what it is used for.

use diesel::prelude::*;

use crate::domain::entry::Idempotency;
use crate::domain::id::{BroadcastId, Seq, UserId};
use crate::store::appends::Use;
use crate::store::convert::to_column;
use crate::store::transaction::Transaction;

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
    let new = new_use(tx, key, seq, None);
    let Some(used) = tx.appends.claim(tx.conn, sender, key, &new)? else { return Ok(Claim::New) };
    if used.is_gone || used.at <= to_column(tx.now - Idempotency::KEPT) {
        // Not swept yet, or used for what has been deleted since.
        tx.appends.use_key(tx.conn, sender, key, &new)?;
        return Ok(Claim::New);
    }
    Ok(match (used.fingerprint == key.fingerprint, used.broadcast) {
        (false, _) => Claim::Conflict,
        (true, Some(id)) => Claim::Scheduled(BroadcastId(id)),
        (true, None) => Claim::Published(Seq(used.seq)),
    })
}

/// Gives a key back that was just claimed.
pub(super) fn release(tx: &mut Transaction<'_>, sender: UserId, key: &Idempotency) -> QueryResult<()> {
    tx.appends.release(tx.conn, sender, key)
}

/// Says that a key, just claimed, is used for a broadcast that waits.
pub(super) fn use_for_scheduled(
    tx: &mut Transaction<'_>,
    sender: UserId,
    key: &Idempotency,
    broadcast: BroadcastId,
) -> QueryResult<()> {
    let new = new_use(tx, key, Seq::ZERO, Some(broadcast));
    tx.appends.use_key(tx.conn, sender, key, &new)
}

fn new_use(tx: &Transaction<'_>, key: &Idempotency, seq: Seq, broadcast: Option<BroadcastId>) -> Use {
    Use {
        fingerprint: key.fingerprint.to_vec(),
        seq: seq.0,
        broadcast: broadcast.map(|id| id.0),
        at: to_column(tx.now),
        is_gone: false,
    }
}
