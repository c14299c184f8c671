//! Campanile's server as a library: what `campanile-server` runs, and what tests and benchmarks reach into.
//!
//! The layers, each of which may name only those above it (a test in `tests/layers.rs` holds that):
//!
//! - [`clock`]: the one place that reads the time.
//! - [`domain`]: plain types and rules. No I/O, no async.
//! - [`store`]: everything durable, behind plain methods; the only code that knows which database it is.
//! - [`log`]: the ordered log: group append by one writer, the wake-up, and the tail that reads it forward.
//! - [`delivery`]: who is listening, what of the log is theirs, and their feeds: replay, then live.
//! - [`graphql`]: the API's types and resolvers.
//! - [`http`]: the doors: GraphQL over HTTP and WebSocket, GraphiQL, health.
//! - [`app`]: configuration and commands, and how a server is put together, started and stopped.

pub mod app;
pub mod clock;
pub mod delivery;
pub mod domain;
pub mod graphql;
pub mod http;
pub mod log;
pub mod store;
