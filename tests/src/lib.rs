//! What the end-to-end tests share: the real binaries as processes, and clients that speak to them as anyone would.
//!
//! - [`binaries`] finds the binaries, [`program`] runs one, [`server`] runs `campanile-server`
//! - [`postgres`] is a database server that a test may stop and start, [`cluster`] several servers on one, [`balancer`] what
//!   stands before them
//! - [`caller`] asks over HTTP, [`socket`] over a WebSocket, [`stream`] for a body that goes on, and [`feed`] follows a
//!   viewer's feed on a socket
//! - [`directory`] and [`publish`] say in one line what a test is not about
//! - [`tls`] puts TLS in front of a server, as a proxy does, with an authority of its own
//! - [`network`] is a way to somewhere that can be cut
//! - [`node`] runs a script that drives what other people wrote
//! - [`tunnel`] is TLS towards a server, for clients that speak none
//! - [`terminal`] runs the terminal client in a pseudo-terminal and reads its screen, [`picture`] draws what it reads
//! - [`wait`] waits for conditions; nothing here sleeps
//!
//! Nothing here may link to the server's or the client's code: a test sees what a user sees.

pub mod balancer;
pub mod binaries;
pub mod caller;
pub mod cluster;
pub mod directory;
pub mod feed;
pub mod network;
pub mod node;
pub mod picture;
pub mod postgres;
pub mod program;
pub mod publish;
pub mod server;
pub mod socket;
pub mod stream;
pub mod terminal;
pub mod tls;
pub mod tunnel;
pub mod wait;
