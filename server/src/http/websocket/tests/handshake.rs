//! The opening handshake, through the accept loop.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::any;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::http::listen::{self, Timeouts};
use crate::http::websocket::handshake;

/// RFC 6455's own example, section 1.3.
const GOOD: &str = "GET / HTTP/1.1\r\nHost: here\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\
                    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Echoes one text.
async fn echo(mut request: Request) -> Response {
    let accepted = match handshake::accept(&mut request, &["ours", "alsoours"]) {
        Ok(accepted) => accepted,
        Err(refusal) => return refusal,
    };
    tokio::spawn(async move {
        let (channel, mut receiver) = accepted.pending.open(MESSAGE).await.unwrap();
        while let Received::Text(text) = receiver.recv().await {
            channel.send_text(text.as_bytes()).await.unwrap();
        }
    });
    accepted.response
}

async fn start() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let minute = Duration::from_mins(1);
    let timeouts = Timeouts { head: minute, tls_handshake: minute, write: minute };
    tokio::spawn(listen::serve(
        listener,
        None,
        Router::new().route("/", any(echo)),
        timeouts,
        CancellationToken::new(),
    ));
    address
}

/// The head of the answer to this, in lower case; the connection; and what came with it.
async fn ask(request: &[u8]) -> (String, TcpStream) {
    let mut client = TcpStream::connect(start().await).await.unwrap();
    client.write_all(request).await.unwrap();
    let mut head = vec![];
    while !head.ends_with(b"\r\n\r\n") {
        head.push(within(client.read_u8()).await.unwrap());
    }
    (String::from_utf8(head).unwrap().to_lowercase(), client)
}

#[tokio::test]
async fn a_good_one_opens_the_connection() {
    // The first message arrives with the handshake.
    let request = [format!("{GOOD}\r\n").as_bytes(), &client::frame(0x81, b"early")].concat();

    let (head, mut client) = ask(&request).await;

    assert!(head.starts_with("http/1.1 101 "), "{head}");
    for line in
        ["connection: upgrade", "upgrade: websocket", "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="]
    {
        assert!(head.contains(&format!("\r\n{line}\r\n")), "{head}");
    }
    assert!(!head.contains("sec-websocket-protocol"), "{head}");
    let mut answer = [0; 7];
    within(client.read_exact(&mut answer)).await.unwrap();
    assert_eq!(&answer, b"\x81\x05early");
}

#[rstest]
#[case::none("foreign", None)]
#[case::the_clients_first("foreign, alsoours,ours", Some("alsoours"))]
#[case::over_two_headers("foreign\r\nSec-WebSocket-Protocol: ours", Some("ours"))]
#[case::case_matters("OURS", None)]
#[tokio::test]
async fn a_subprotocol_is_picked(#[case] wanted: &str, #[case] picked: Option<&str>) {
    let (head, _) = ask(format!("{GOOD}Sec-WebSocket-Protocol: {wanted}\r\n\r\n").as_bytes()).await;

    let line = head.lines().find_map(|line| line.strip_prefix("sec-websocket-protocol: "));
    assert_eq!(line, picked, "{head}");
}

#[rstest]
#[case::post("GET", "POST", "405", "allow: get")]
#[case::old_http("HTTP/1.1", "HTTP/1.0", "400", "")]
#[case::no_upgrade("Upgrade: WebSocket\r\n", "", "426", "upgrade: websocket")]
#[case::another_upgrade("Upgrade: WebSocket", "Upgrade: h2c", "426", "upgrade: websocket")]
#[case::no_connection("Connection: keep-alive, Upgrade\r\n", "", "426", "upgrade: websocket")]
#[case::no_version("Sec-WebSocket-Version: 13\r\n", "", "426", "sec-websocket-version: 13")]
#[case::old_version("Version: 13", "Version: 8", "426", "sec-websocket-version: 13")]
#[case::no_key("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", "400", "")]
#[case::short_key("dGhlIHNhbXBsZSBub25jZQ==", "dGhl", "400", "")]
#[case::not_base64("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==!", "400", "")]
#[tokio::test]
async fn a_bad_one_is_refused(
    #[case] good: &str,
    #[case] bad: &str,
    #[case] status: &str,
    #[case] header: &str,
) {
    let (head, _) = ask(format!("{}\r\n", GOOD.replace(good, bad)).as_bytes()).await;

    assert_eq!(head.split(' ').nth(1), Some(status), "{head}");
    assert!(head.lines().any(|line| line == header) || header.is_empty(), "{head}");
}
