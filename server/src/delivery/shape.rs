//! How events become what a subscriber asked for. Delivery routes; the words are the schema's, behind these two traits.

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::{Encoded, FeedEvent};

/// One selection, with everybody who asks for it. An event is executed once for all of them: without a viewer.
pub trait Shape: Send + Sync + 'static {
    /// The same for every subscriber of this shape, and for no other.
    fn id(&self) -> u64;

    /// This event, as this selection has it. Not for [`FeedEvent::ReadState`], which is one viewer's own.
    fn encode<'s>(&'s self, event: &'s FeedEvent) -> BoxFuture<'s, Encoded>;
}

/// One subscriber, as the schema knows them.
pub trait Viewer: Send + Sync + 'static {
    /// This event, as their selection has it, executed for them alone.
    fn encode(&self, event: FeedEvent) -> BoxFuture<'_, Encoded>;

    /// Whether they may still have a feed; a JSON array of GraphQL errors where they may not.
    fn may_go_on(&self) -> BoxFuture<'_, Result<(), Bytes>>;

    /// A JSON array of GraphQL errors that says why their feed ends.
    fn ending(&self, why: Ending) -> Bytes;
}

/// Why a feed ends from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The subscriber's token has run out.
    TokenExpired,
    /// What they have yet to be told has been deleted for its age.
    Deleted,
    /// The log has begun another life: what they were told before counts no more.
    Renewed,
    /// Our fault.
    Failed,
}
