//! SQLite: how a file is opened, and how a group of writes becomes one transaction.
//!
//! All writes go through one connection, with plain diesel inside one blocking call per group: a statement at a time
//! through the async wrapper is ten times slower. Reads have a pool of their own (WAL lets them go on meanwhile).

mod file;
mod group;
mod setup;
pub(super) mod text;
mod transaction;

pub(super) use file::{Readers, open};
pub(super) use group::Writer;
pub(super) use setup::{epoch, sync_types};
pub(crate) use transaction::Transaction;
