//! What waits to be written: each write is a value that can be applied to a transaction, more than once if need be.

use tokio::sync::oneshot;

use super::error::StoreError;
use super::transaction::Transaction;
use crate::domain::id::UserId;

/// One thing to be written, whole or not at all. Applied inside the transaction of its group; applied again in another
/// transaction when a neighbour spoilt the first.
pub(crate) trait Write: Send + 'static {
    /// What the caller learns once it is committed.
    type Output: Send + 'static;

    /// How many entries it may append.
    fn entries(&self) -> usize {
        0
    }

    /// About how many bytes it writes.
    fn bytes(&self) -> usize {
        0
    }

    /// Whose idempotency key it will ask for, and which.
    fn idempotency(&self) -> Option<(UserId, &str)> {
        None
    }

    /// Whether it makes a broadcast.
    fn is_broadcast(&self) -> bool {
        false
    }

    /// Does it.
    fn apply(&self, tx: &mut Transaction<'_>) -> diesel::QueryResult<Self::Output>;
}

/// A write with somebody waiting for it, or not any more: that makes no difference.
pub(crate) struct Pending<W: Write> {
    write: W,
    output: Option<W::Output>,
    reply: oneshot::Sender<Result<W::Output, StoreError>>,
}

/// Where the caller waits for what came of a write.
pub(crate) type Answer<T> = oneshot::Receiver<Result<T, StoreError>>;

impl<W: Write> Pending<W> {
    /// Makes `write` ready for the writer.
    pub(crate) fn job(write: W) -> (Box<dyn Job>, Answer<W::Output>) {
        let (reply, answer) = oneshot::channel();
        (Box::new(Self { write, output: None, reply }), answer)
    }
}

/// A [`Pending`] write of whatever kind.
pub(crate) trait Job: Send {
    fn entries(&self) -> usize;
    fn bytes(&self) -> usize;
    fn idempotency(&self) -> Option<(UserId, &str)>;
    fn is_broadcast(&self) -> bool;
    /// Applies it and keeps what came of it until the commit is known.
    fn apply(&mut self, tx: &mut Transaction<'_>) -> diesel::QueryResult<()>;
    /// Answers the caller: with what came of it, once committed, or with why not.
    fn settle(self: Box<Self>, committed: Result<(), StoreError>);
}

impl<W: Write> Job for Pending<W> {
    fn entries(&self) -> usize {
        self.write.entries()
    }

    fn bytes(&self) -> usize {
        self.write.bytes()
    }

    fn idempotency(&self) -> Option<(UserId, &str)> {
        self.write.idempotency()
    }

    fn is_broadcast(&self) -> bool {
        self.write.is_broadcast()
    }

    fn apply(&mut self, tx: &mut Transaction<'_>) -> diesel::QueryResult<()> {
        self.output = Some(self.write.apply(tx)?);
        Ok(())
    }

    fn settle(self: Box<Self>, committed: Result<(), StoreError>) {
        let never_applied = || StoreError::Unavailable("a write was settled before it was applied".into());
        let Self { output, reply, .. } = *self;
        let answer = committed.and_then(|()| output.ok_or_else(never_applied));
        // A caller that went away changes nothing: what is committed stays.
        let _ = reply.send(answer);
    }
}
