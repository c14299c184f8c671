//! Who is listening, and what of the log is theirs.
//!
//! - [`Hub`] follows the tail and hands every entry to every live [`Feed`], strictly in order.
//! - [`Feed`] is one subscription: what it missed from the log, then live; it holds its own [`Scope`] and applies the
//!   domain's rules to each entry, on both paths alike.
//! - [`History`] is the same view of the log, as pages and counts.
//!
//! [`Scope`]: crate::domain::visibility::Scope

mod feed;
mod history;
mod hub;
mod presence;
mod sink;
mod subscription;

pub use feed::{Feed, FeedError, FeedEvent, FeedRequest};
pub use history::{History, HistoryFilter, Page, PageRequest};
pub use hub::Hub;
pub use sink::{Encoded, Gone, Offer, Sink};
pub use subscription::Subscription;

/// The state of one reader's copy of a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CopyState {
    /// When they read it.
    pub read_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Whether a client of theirs has had it.
    pub delivered: bool,
}

#[cfg(test)]
mod tests;
