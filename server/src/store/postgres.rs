//! PostgreSQL: how it is reached, and what it is told in its own way.
//!
//! Writes go through one connection, in one blocking call per group, like SQLite's; every statement of it is a round trip, so
//! that what a group has many of is written together. Reads have a pool of their own.

mod address;
mod connect;
mod insert;
mod line;
mod setup;
pub(super) mod text;
mod together;
mod transaction;

use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::pooled_connection::deadpool::Pool;

pub use address::Address;
pub(super) use connect::{connect_client, connect_writer};
pub(super) use insert::{insert_members, mark_delivered};
pub(crate) use line::Line;
pub(super) use setup::{PATIENT, SETTING_UP, make_tables, open};
pub(super) use together::Together;
pub(super) use transaction::{is_committed, lock_head};

/// The connection that writes. Blocks, and so is not for use in a task.
pub(super) type Connection = AsyncConnectionWrapper<AsyncPgConnection>;

/// The connections that only read.
pub(super) type Readers = Pool<AsyncPgConnection>;
