//! Echoes WebSocket messages through the server's own socket code, so that a test-suite such as Autobahn's can be
//! pointed at that code:
//!
//! ```sh
//! cargo run --release -p campanile-server --example websocket_echo -- --listen 127.0.0.1:9001
//! wstest --mode fuzzingclient --spec '{"servers": [{"url": "ws://127.0.0.1:9001"}], "cases": ["*"]}'
//! ```
//!
//! Sections 12 and 13 are about compression, which is not offered.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use campanile_server::http::listen::{self, Timeouts, Tls, TlsFiles};
use campanile_server::http::websocket::{Received, handshake};
use clap::Parser;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Echoes WebSocket messages.
#[derive(Debug, Parser)]
struct Options {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:9001", value_name = "HOST:PORT")]
    listen: SocketAddr,
    /// Bytes of a message
    #[arg(long, default_value_t = 64 * 1024 * 1024, value_name = "N")]
    max_message_bytes: usize,
    /// A certificate, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<std::path::PathBuf>,
    /// Its private key, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<std::path::PathBuf>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let files = options.tls_cert.zip(options.tls_key).map(|(cert, key)| TlsFiles { cert, key });
    let tls = files.map(Tls::load).transpose()?;
    let listener = TcpListener::bind(options.listen).await?;
    let scheme = if tls.is_some() { "wss" } else { "ws" };
    println!("{scheme}://{}", listener.local_addr()?);

    let most = options.max_message_bytes;
    let router = Router::new().fallback(move |request| async move { open(request, most) });
    let patience = Duration::from_secs(10);
    let timeouts = Timeouts { head: patience, tls_handshake: patience, write: patience };
    listen::serve(listener, tls, router, timeouts, CancellationToken::new()).await;
    Ok(())
}

fn open(mut request: Request, max_message_bytes: usize) -> Response {
    match handshake::accept(&mut request, &[]) {
        Ok(accepted) => {
            tokio::spawn(echo(accepted.pending, max_message_bytes));
            accepted.response
        }
        Err(refusal) => refusal,
    }
}

async fn echo(pending: handshake::Pending, max_message_bytes: usize) {
    let Some((channel, mut receiver)) = pending.open(max_message_bytes).await else { return };
    loop {
        let echoed = match receiver.recv().await {
            Received::Text(text) => channel.send_text(text.as_bytes()).await,
            Received::Binary(bytes) => channel.send_binary(&bytes).await,
            Received::Closed { .. } => return,
        };
        // Otherwise it has been closed, of which the receiver sees the end.
        let _ = echoed;
    }
}
