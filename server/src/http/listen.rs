//! The accept loop: connections are taken, secured where that is asked for, and handed to the router; and it is seen to
//! that neither a slow peer nor a full table of descriptors nor a panic in one of them ends the others.

mod patient;
mod stream;
mod tls;

use std::io::{self, ErrorKind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::{http1, http2};
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(super) use patient::Patient;
pub use stream::Stream;
pub use tls::{Tls, TlsError, TlsFiles};

/// How long nothing is accepted after that failed for want of something.
const PAUSE: Duration = Duration::from_millis(100);
/// Bytes that may wait to be written on a connection, or on a stream of one; and the longest head of a request.
const BUFFER: usize = 64 * 1024;

/// Time-outs of connections.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// How long the head of a request may take to arrive, which is also how long a connection may wait for one.
    pub head: Duration,
    /// How long TLS's handshake may take.
    pub tls_handshake: Duration,
    /// How long a peer may take nothing of what is written to it.
    pub write: Duration,
}

/// Serves until `closing` is cancelled; then accepts nothing more, and returns when what was under way is answered.
///
/// A connection that became something else, a WebSocket say, is not waited for.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    timeouts: Timeouts,
    closing: CancellationToken,
) {
    let connections = TaskTracker::new();
    let acceptor = tls.as_ref().map(Tls::acceptor);
    let following = async {
        match tls {
            Some(tls) => tls.follow().await,
            None => std::future::pending().await,
        }
    };
    let accepting = async {
        let mut failing = false;
        loop {
            match listener.accept().await {
                Ok((tcp, _)) => {
                    failing = false;
                    connections.spawn(welcome(
                        tcp,
                        acceptor.clone(),
                        router.clone(),
                        timeouts,
                        closing.clone(),
                    ));
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
        () = following => {}
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

/// Secures a connection, if that is asked for, and serves it.
async fn welcome(
    tcp: TcpStream,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    timeouts: Timeouts,
    closing: CancellationToken,
) {
    // What is written is a whole answer; it must not wait for company.
    let _ = tcp.set_nodelay(true);
    let Some(acceptor) = acceptor else {
        return converse(Stream::Plain(tcp), router, timeouts, closing).await;
    };
    let handshake = tokio::time::timeout(timeouts.tls_handshake, acceptor.accept(tcp));
    let shaken = tokio::select! {
        shaken = handshake => shaken,
        () = closing.cancelled() => return,
    };
    match shaken {
        Ok(Ok(tls)) if tls.get_ref().1.alpn_protocol() == Some(tls::HTTP_2) => {
            converse_in_http2(Stream::Tls(Box::new(tls)), router, timeouts, closing).await;
        }
        Ok(Ok(tls)) => converse(Stream::Tls(Box::new(tls)), router, timeouts, closing).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

/// Serves a connection that speaks HTTP/1.
async fn converse(stream: Stream, router: Router, timeouts: Timeouts, closing: CancellationToken) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(timeouts.head).max_buf_size(BUFFER);
    let connection = builder.serve_connection(patient(stream, timeouts), TowerToHyperService::new(router));
    drive(connection.with_upgrades(), http1::UpgradeableConnection::graceful_shutdown, closing).await;
}

/// Serves a connection that speaks HTTP/2.
async fn converse_in_http2(stream: Stream, router: Router, timeouts: Timeouts, closing: CancellationToken) {
    let asked = Arc::new(AtomicBool::new(false));
    let noting = Arc::clone(&asked);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        noting.store(true, Ordering::Relaxed);
        router.call(request)
    });
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.timer(TokioTimer::new()).keep_alive_interval(Some(timeouts.head)).max_send_buf_size(BUFFER);
    let connection = builder.serve_connection(patient(stream, timeouts), service);
    // A peer that goes away is found out by its silence to pings, but there are none before it has said anything.
    let silent = async {
        tokio::time::sleep(timeouts.head).await;
        if asked.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = drive(connection, http2::Connection::graceful_shutdown, closing) => {}
        () = silent => {}
    }
}

fn patient(stream: Stream, timeouts: Timeouts) -> TokioIo<Patient<Stream>> {
    TokioIo::new(Patient::new(stream, timeouts.write))
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
