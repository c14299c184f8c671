//! Who is listening, and what of the log is theirs.
//!
//! - [`Hub`] follows the tail, and opens feeds.
//! - `router` takes each entry to the live subscriptions that it is addressed to: a few threads, each with subscribers of
//!   its own, that write straight to their [`Sink`]s, what waits sharing a write.
//! - `catch_up` is what a subscriber does who is not live: replay the log, wait for room, hear of their own receipts.
//! - `pages` is the log as those read it who catch up.
//! - [`Shape`] and [`Viewer`] make of an event what a subscriber asked for, once for all who asked for the same.
//! - [`Figures`] says what goes on, in numbers.
//! - [`History`] is the same view of the log, as pages and counts.
//! - `elsewhere` follows what other servers say of their part.
//! - `broadcasts` counts how many a broadcast has come to, and who has read it.
//!
//! What of an entry is whose is said by the domain, [`Scope::hear`](crate::domain::visibility::Scope::hear), on every path.

mod broadcasts;
mod catch_up;
mod elsewhere;
mod event;
mod figures;
mod history;
mod hub;
mod inbox;
mod pages;
mod presence;
mod router;
mod shape;
mod sink;
mod subscription;

pub use broadcasts::{Fared, Watched};
pub use event::{CopyState, FeedEvent};
pub use figures::{Counted, Figures, Latency, Overall, Percentiles, Snapshot};
pub use history::{History, HistoryFilter, Page, PageRequest, PageRow};
pub use hub::{Bounds, Hub};
pub use shape::{Ending, Shape, Viewer};
pub use sink::{Encoded, Gone, Offer, Sink};
pub use subscription::{FeedError, FeedRequest, Lifetime, Subscription};

#[cfg(test)]
pub(crate) mod tests;
