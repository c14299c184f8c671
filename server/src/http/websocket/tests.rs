//! Over real sockets of the loopback interface, in TCP and in TLS, against a client that sends whatever it likes.

mod client;
mod closing;
mod handshake;
mod receiving;
mod sending;
mod stalled;
mod violations;

use std::sync::Arc;
use std::time::Duration;

use rstest::rstest;

use self::client::{Security, connect};
use super::{Channel, Received, Receiver, code};
use crate::delivery::{Gone, Offer};

/// The most that a message may have here.
const MESSAGE: usize = 64 * 1024;

/// Waits, within bounds, for what has to happen.
async fn within<T>(happens: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), happens).await.expect("it happens within 30 s")
}

/// A receiver that runs by itself, and what it ends with.
fn run(mut receiver: Receiver) -> tokio::task::JoinHandle<u16> {
    tokio::spawn(async move {
        loop {
            if let Received::Closed { code } = receiver.recv().await {
                return code;
            }
        }
    })
}

/// An offer of these texts.
fn offer(channel: &Channel, texts: &[String]) -> Offer {
    channel.offer(|| true, texts.iter().map(|text| [b"<".as_slice(), text.as_bytes(), b">".as_slice()]))
}
