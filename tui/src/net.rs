//! The edge towards the server: one WebSocket, on which everything is asked and told.
//!
//! [`session`] is one connection while it lasts; [`link`] performs the effects of the interactive client over one
//! session after the other, each screen's in a file of its own. Neither decides anything: whether to come back, and from where, is `update`'s to say, and
//! the script commands'. [`endpoint`] says where the server is, and [`trust`] which one is believed to be it. What leaves
//! here has been through [`crate::sanitise`].

mod audit;
mod broadcasts;
mod compose;
pub mod convert;
mod dashboard;
pub mod endpoint;
mod feed;
mod history;
pub mod link;
pub mod operation;
pub(crate) mod preferences;
pub mod publish;
mod relay;
pub mod session;
mod triage;
pub mod trust;
mod wire;
