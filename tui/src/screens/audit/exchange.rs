//! What the audit asks of the network, and what it is told.

use super::{Entry, Wanted};
use crate::model::fault::Fault;

/// How many entries a page has.
pub const PAGE: u8 = 50;

/// Something to be done. Each is answered by a [`Signal`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Asks for a page.
    Page {
        /// To be told with the answer.
        generation: u64,
        /// Of which entries.
        wanted: Wanted,
        /// Where the page begins; at the newest without.
        after: Option<String>,
    },
}

/// What comes of it.
#[derive(Debug)]
pub enum Signal {
    /// The answer to [`Effect::Page`].
    Page {
        /// As asked.
        generation: u64,
        /// It was an older one, not a fresh first one.
        older: bool,
        /// What came.
        result: Result<Page, Fault>,
    },
}

/// A page, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What is on it.
    pub entries: Vec<Entry>,
    /// Where the next one begins; none on the last.
    pub end: Option<String>,
}
