//! The log's promises: positions without holes, in the order of the answers; each publish once; groups in which one bad
//! write fails alone; and a tail that gives every entry once.

pub(crate) mod fixture;

mod aging;
mod broadcasts;
mod callers;
mod directory;
mod groups;
mod idempotency;
mod recipients;
mod servers;
mod tail;
mod unchanged;
