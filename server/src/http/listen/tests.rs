//! The accept loop, over real sockets.

use std::net::SocketAddr;

use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::*;

const REQUEST: &str = "GET / HTTP/1.1\r\nhost: here\r\n\r\n";
const LAST_REQUEST: &str = "GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n";

struct Server {
    address: SocketAddr,
    closing: CancellationToken,
    serving: JoinHandle<()>,
}

async fn start(router: Router, head: Duration) -> Server {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let (address, closing) = (listener.local_addr().unwrap(), CancellationToken::new());
    let timeouts = Timeouts { head, tls_handshake: head, write: Duration::from_mins(1) };
    let serving = tokio::spawn(serve(listener, None, router, timeouts, closing.clone()));
    Server { address, closing, serving }
}

fn patient() -> Duration {
    Duration::from_mins(1)
}

async fn within<T>(happens: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), happens).await.expect("it happens within 30 s")
}

/// Sends this, and reads until the server ends the connection.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    within(client.read_to_string(&mut answer)).await.unwrap();
    answer
}

#[tokio::test]
async fn a_head_that_does_not_arrive_is_not_waited_for() {
    let server = start(Router::new(), Duration::from_millis(50)).await;

    assert_eq!(ask(server.address, "").await, "");
    assert_eq!(ask(server.address, "GET / HTTP/1.1\r\nhost:").await, "");
    assert!(ask(server.address, REQUEST).await.starts_with("HTTP/1.1 404 "));
}

async fn panic() -> &'static str {
    panic!("as asked")
}

#[tokio::test]
async fn a_panic_ends_its_own_connection_only() {
    let router = Router::new().route("/panic", get(panic)).route("/", get(|| async { "well" }));
    let server = start(router, patient()).await;
    let mut before = TcpStream::connect(server.address).await.unwrap();

    assert_eq!(ask(server.address, &REQUEST.replace("/ ", "/panic ")).await, "");

    assert!(ask(server.address, LAST_REQUEST).await.ends_with("well"));
    before.write_all(LAST_REQUEST.as_bytes()).await.unwrap();
    let mut answer = String::new();
    within(before.read_to_string(&mut answer)).await.unwrap();
    assert!(answer.ends_with("well"), "{answer}");
}

#[tokio::test]
async fn what_is_under_way_is_finished() {
    let (begun, mut is_begun) = mpsc::channel::<()>(1);
    let finish = CancellationToken::new();
    let finished = finish.clone();
    let router = Router::new().route(
        "/",
        get(move || async move {
            begun.send(()).await.unwrap();
            finished.cancelled().await;
            "done"
        }),
    );
    let server = start(router, patient()).await;
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    let under_way = tokio::spawn(ask(server.address, REQUEST));
    within(is_begun.recv()).await.unwrap();

    server.closing.cancel();

    assert_eq!(within(idle.read(&mut [0])).await.unwrap(), 0);
    assert!(within(refused(server.address)).await);
    assert!(!server.serving.is_finished());
    finish.cancel();
    assert!(within(under_way).await.unwrap().ends_with("done"));
    within(server.serving).await.unwrap();
}

/// Waits until the address takes no connection.
async fn refused(address: SocketAddr) -> bool {
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    true
}
