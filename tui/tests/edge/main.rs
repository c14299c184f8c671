//! The client's edges, over real sockets, against a server that says exactly what a test wants it to.

#![expect(clippy::unwrap_used, reason = "all of this is tests")]

mod audit;
mod bad_days;
mod identity;
mod interactive;
mod screen;
mod scripts;
mod server;
