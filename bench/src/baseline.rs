//! What the server's delivery is measured beside. Both are processes of their own (`campanile-bench-baseline`), take what
//! is published over a [`control`] connection, and send it to every socket that subscribed, in the shape that the server
//! gives it. Neither has rights, a log, cursors that mean anything, or limits.
//!
//! - [`bare`]: the least that any program could do. Resolves nothing, writes one frame to everyone.
//! - [`textbook`]: the GraphQL library's own subscription on a broadcast channel, as its documentation shows it.

pub mod bare;
pub mod control;
pub mod notification;
pub mod process;
pub mod textbook;
