//! The accept loop: connections are taken, secured where that is asked for, and handed to the router; and it is seen to
//! that neither a slow peer nor a full table of descriptors nor a panic in one of them ends the others.

mod stream;

use std::io::{self, ErrorKind};
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1::{self, UpgradeableConnection};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use stream::Stream;

/// How long nothing is accepted after that failed for want of something.
const PAUSE: Duration = Duration::from_millis(100);

/// Time-outs of connections.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// How long the head of a request may take to arrive, which is also how long a connection may wait for one.
    pub head: Duration,
}

/// Serves until `closing` is cancelled; then accepts nothing more, and returns when what was under way is answered.
///
/// A connection that became something else, a WebSocket say, is not waited for.
pub async fn serve(listener: TcpListener, router: Router, timeouts: Timeouts, closing: CancellationToken) {
    let connections = TaskTracker::new();
    let accepting = async {
        let mut failing = false;
        loop {
            match listener.accept().await {
                Ok((tcp, _)) => {
                    failing = false;
                    connections.spawn(converse(tcp, router.clone(), timeouts, closing.clone()));
                }
                Err(error) if is_the_peers(&error) => {}
                Err(error) => {
                    // Most likely there is no descriptor left. Said once, not ten times a second.
                    if !failing {
                        tracing::error!(%error, "cannot accept connections; going on trying");
                    }
                    failing = true;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        () = accepting => {}
        () = closing.cancelled() => {}
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// Whether it was the one connection that failed.
fn is_the_peers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    )
}

/// Serves one connection.
async fn converse(tcp: TcpStream, router: Router, timeouts: Timeouts, closing: CancellationToken) {
    // What is written is a whole answer; it must not wait for company.
    let _ = tcp.set_nodelay(true);
    let io = TokioIo::new(Stream::Plain(tcp));
    let service = TowerToHyperService::new(router);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(timeouts.head);
    let connection = builder.serve_connection(io, service).with_upgrades();
    drive(connection, UpgradeableConnection::graceful_shutdown, closing).await;
}

/// Serves until the peer has enough, or `closing` has it wound up.
async fn drive<C: Future<Output = hyper::Result<()>>>(
    connection: C,
    wind_up: impl FnOnce(Pin<&mut C>),
    closing: CancellationToken,
) {
    let mut connection = pin!(connection);
    let served = tokio::select! {
        served = &mut connection => served,
        () = closing.cancelled() => {
            wind_up(connection.as_mut());
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection failed");
    }
}

#[cfg(test)]
mod tests;
