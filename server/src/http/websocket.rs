//! A WebSocket connection (RFC 6455) that knows nothing of GraphQL: the handshake, the frames, and a channel that any
//! thread may write to without waiting.
//!
//! - [`handshake`] answers the request and gives the raw connection.
//! - [`Channel`] is what is written to: messages that are offered together share one `send`, and a frame that the
//!   network took only in part is always finished first.
//! - [`Receiver`] is what is read from. It answers pings and close frames by itself, refuses what breaks the protocol,
//!   and sees the connection to its end: whoever has it calls [`Receiver::recv`] until that says [`Received::Closed`].
//!
//! A connection that waits costs no buffer: what is read goes through the stack, what is written is gathered in memory
//! of the thread that writes, and only the rest of a half-written frame is the connection's own.

mod channel;
mod decoder;
mod frame;
pub mod handshake;
mod outbox;
mod receiver;
mod transport;

pub use channel::Channel;
pub use receiver::{Received, Receiver};
pub use transport::Transport;

/// Close codes of RFC 6455, section 7.4.1, that this layer uses by itself.
pub mod code {
    /// The peer broke the protocol.
    pub const PROTOCOL_ERROR: u16 = 1002;
    /// The peer closed without a code. Never sent.
    pub const NO_STATUS: u16 = 1005;
    /// The connection ended without a close frame. Never sent.
    pub const ABNORMAL: u16 = 1006;
    /// Text that is not UTF-8.
    pub const INVALID_TEXT: u16 = 1007;
    /// A message beyond the limit.
    pub const TOO_BIG: u16 = 1009;
}

#[cfg(test)]
mod tests;
