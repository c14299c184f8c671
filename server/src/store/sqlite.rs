//! SQLite: how a file is opened, and what it is told in its own way.
//!
//! All writes go through one connection, with plain diesel inside one blocking call per group: a statement at a time
//! through the async wrapper is ten times slower. Reads have a pool of their own (WAL lets them go on meanwhile).

mod file;
pub(super) mod text;
mod transaction;

pub(super) use file::{Readers, connect_writer, open, open_unserved};
pub(super) use transaction::{is_committed, lock_head};
