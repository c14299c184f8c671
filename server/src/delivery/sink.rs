//! Where one subscriber's events go: an operation of a socket, or the body of a response that goes on and on. Delivery
//! knows no more of the doors than this.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;

/// Bytes that share a write, at most, where there is more than one event.
pub(super) const MOST_BYTES: usize = 64 * 1024;

/// One event as its subscriber's selection asks for it. Many subscribers share one.
#[derive(Debug, Clone)]
pub struct Encoded {
    /// The execution's result, `{"data":…}`, as JSON.
    pub payload: Bytes,
    /// Where to resume once this has been dealt with; `None` where the event has no place in the log.
    pub cursor: Option<Arc<str>>,
}

/// What became of events that were offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// All were taken.
    Taken,
    /// The first so many were taken, the last of them perhaps written in part, which the sink will finish by itself.
    /// The others have to be offered again once there is room.
    Full(usize),
    /// Nobody is there any more.
    Gone,
}

/// Nobody is there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the subscriber has gone")]
pub struct Gone;

/// Takes one subscriber's events, in the order of calls.
pub trait Sink: Send + Sync + 'static {
    /// Takes as many of these events as there is room for, in order, without waiting: called from the thread that fans
    /// out. What is offered together shares a write.
    fn offer(&self, events: &[&Encoded]) -> Offer;

    /// Looks at what [`Self::offer`] is about to need, and changes nothing. Each offer's write pushes what the next one needs
    /// out of the nearest cache, and waiting for that, one thing after the other, costs more than all else that a sink does;
    /// whoever looks at several sinks first, and then offers to them, waits for all of it at once.
    fn approach(&self) {}

    /// Waits until what was taken is written as far as there being room for more.
    fn room(&self) -> BoxFuture<'_, Result<(), Gone>>;

    /// Ends the subscription from our side. `errors` is a JSON array of GraphQL errors; `None` where it just ended.
    fn end(&self, errors: Option<Bytes>);
}
