//! How sockets end: each close code of `graphql-transport-ws`, and what nobody answers any more.
//!
//! 1012 is in `shut_down.rs`.

use anyhow::Result;
use base64::{Engine, prelude::BASE64_STANDARD};
use campanile_tests::{
    caller::Caller,
    directory, publish,
    server::Server,
    socket::{Frame, Socket},
    wait::{until, within},
};
use http_body_util::Empty;
use hyper::{Request, StatusCode, body::Bytes};
use jsonwebtoken::{EncodingKey, Header, encode};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

const INIT: &str = r#"{"type":"connection_init"}"#;
const QUERY: &str = r#"{"id":"1","type":"subscribe","payload":{"query":"{ viewer { id } }"}}"#;
const FEED: &str = r#"{"id":"1","type":"subscribe","payload":{"query":"subscription { feed { cursor } }"}}"#;

async fn with_ada(options: &[&str]) -> Result<(Server, Caller)> {
    let server = Server::start_with(options).await?;
    let ada = server.member("ada").await?;
    Ok((server, ada))
}

/// The code that a socket is closed with, whatever comes before.
async fn ending(socket: &mut Socket) -> Result<Frame> {
    loop {
        match socket.next().await? {
            Frame::Message(_) => {}
            ended => return Ok(ended),
        }
    }
}

#[rstest]
#[case::no_json("hello")]
#[case::no_object("[]")]
#[case::without_type("{}")]
#[case::unknown(r#"{"type":"start","id":"1","payload":{"query":"{ viewer { id } }"}}"#)]
#[case::a_servers(r#"{"type":"connection_ack"}"#)]
#[case::without_id(r#"{"type":"subscribe","payload":{"query":"{ viewer { id } }"}}"#)]
#[case::an_empty_id(r#"{"id":"","type":"subscribe","payload":{"query":"{ viewer { id } }"}}"#)]
#[case::without_payload(r#"{"id":"1","type":"subscribe"}"#)]
#[case::a_query_of_another_type(r#"{"id":"1","type":"subscribe","payload":{"query":1}}"#)]
#[case::a_payload_of_another_type(r#"{"type":"ping","payload":"hello"}"#)]
#[tokio::test]
async fn what_is_no_message_ends_the_socket_with_4400(#[case] text: &str) -> Result<()> {
    let (server, ada) = with_ada(&[]).await?;
    let mut stranger = Socket::connect(server.address()).await?;
    let mut known = Socket::open(server.address(), ada.token.as_deref()).await?;
    for socket in [&mut stranger, &mut known] {
        socket.send_texts(&[text]).await?;
        assert_eq!(socket.next().await?, Frame::Closed(4400));
    }
    Ok(())
}

#[tokio::test]
async fn bytes_are_no_message() -> Result<()> {
    let (server, ada) = with_ada(&[]).await?;
    let mut socket = Socket::open(server.address(), ada.token.as_deref()).await?;
    socket.send_bytes(INIT.as_bytes()).await?;
    assert_eq!(socket.next().await?, Frame::Closed(4400));
    Ok(())
}

#[rstest]
#[case::an_array(json!([]), 4400)]
#[case::a_string(json!("Bearer x"), 4400)]
#[case::nothing(json!({}), 4403)]
#[case::no_bearer(json!({ "authorization": "Basic YTpi" }), 4403)]
#[case::a_number(json!({ "authorization": 1 }), 4403)]
#[case::an_object(json!({ "authorization": {} }), 4403)]
#[case::a_cursor_of_another_type(json!({ "resumeAfter": 1 }), 4400)]
#[tokio::test]
async fn a_bad_introduction_is_refused(#[case] payload: Value, #[case] code: u16) -> Result<()> {
    let (server, _ada) = with_ada(&[]).await?;
    let mut socket = Socket::connect(server.address()).await?;
    socket.send(&json!({ "type": "connection_init", "payload": payload })).await?;
    assert_eq!(socket.next().await?, Frame::Closed(code));
    Ok(())
}

#[tokio::test]
async fn an_operation_before_the_acknowledgement_is_4401() -> Result<()> {
    let (server, _ada) = with_ada(&[]).await?;
    let mut socket = Socket::connect(server.address()).await?;
    socket.send_texts(&[QUERY]).await?;
    assert_eq!(socket.next().await?, Frame::Closed(4401));
    Ok(())
}

#[rstest]
#[case::none(None)]
#[case::the_older_one(Some("graphql-ws"))]
#[tokio::test]
async fn another_subprotocol_is_4406(#[case] protocol: Option<&str>) -> Result<()> {
    let (server, _ada) = with_ada(&[]).await?;
    // tungstenite takes no answer without the subprotocol that it asked for; browsers do.
    let protocol =
        protocol.map_or(String::new(), |protocol| format!("Sec-WebSocket-Protocol: {protocol}\r\n"));
    let key = BASE64_STANDARD.encode([7; 16]);
    let request = format!(
        "GET /graphql/ws HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{protocol}\r\n",
        server.address()
    );
    let mut connection = tokio::net::TcpStream::connect(server.address()).await?;
    tokio::io::AsyncWriteExt::write_all(&mut connection, request.as_bytes()).await?;
    let mut answer = Vec::new();
    within("the server closes", connection.read_to_end(&mut answer)).await??;

    let head = answer.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |at| at + 4);
    assert!(answer.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&answer));
    // A close frame: its length, its code, and the reason.
    assert_eq!((answer[head], &answer[head + 2..head + 4]), (0x88, &4406_u16.to_be_bytes()[..]));
    Ok(())
}

#[rstest]
#[case::silent(false)]
#[case::chatty(true)]
#[tokio::test]
async fn who_does_not_introduce_themselves_in_time_is_4408(#[case] pings: bool) -> Result<()> {
    let (server, _ada) = with_ada(&["--init-timeout", "1s"]).await?;
    let mut socket = Socket::connect(server.address()).await?;
    let ended = loop {
        if pings {
            // Each is answered; none buys time.
            let _ = socket.send_texts(&[r#"{"type":"ping"}"#]).await;
        }
        match socket.next().await? {
            Frame::Message(message) => assert_eq!(message, json!({ "type": "pong" })),
            ended => break ended,
        }
    };
    assert_eq!(ended, Frame::Closed(4408));
    Ok(())
}

#[tokio::test]
async fn a_second_operation_with_a_live_id_is_4409() -> Result<()> {
    let (server, ada) = with_ada(&[]).await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let input = json!({ "campusKey": "north", "content": publish::content("hello") });
    let payload = json!({ "query": publish::BROADCAST_TO_CAMPUS, "variables": { "input": input } });
    let mutation = json!({ "id": "1", "type": "subscribe", "payload": payload }).to_string();

    // Whatever its kind. What is answered once takes a while, so that not each of these can be done before the next.
    for (caller, first) in [(&ada, FEED), (&ada, QUERY), (&platform, mutation.as_str())] {
        for second in [FEED, QUERY, mutation.as_str()] {
            let mut socket = Socket::open(server.address(), caller.token.as_deref()).await?;
            socket.send_texts(&[first, second, first, second, first, second, first, second]).await?;
            assert_eq!(ending(&mut socket).await?, Frame::Closed(4409), "{first} {second}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_second_introduction_is_4429() -> Result<()> {
    let (server, ada) = with_ada(&[]).await?;
    let mut late = Socket::open(server.address(), ada.token.as_deref()).await?;
    late.send_texts(&[INIT]).await?;
    assert_eq!(late.next().await?, Frame::Closed(4429));

    let mut at_once = Socket::connect(server.address()).await?;
    let payload = json!({ "authorization": format!("Bearer {}", ada.token.unwrap_or_default()) });
    let init = json!({ "type": "connection_init", "payload": payload }).to_string();
    at_once.send_texts(&[&init, &init]).await?;
    assert_eq!(ending(&mut at_once).await?, Frame::Closed(4429));
    Ok(())
}

#[tokio::test]
async fn a_message_that_is_too_long_is_1009() -> Result<()> {
    let (server, ada) = with_ada(&[]).await?;
    let message = |length: usize| r#"{"type":"ping"}"#.to_owned() + &" ".repeat(length - 15);
    let mut socket = Socket::open(server.address(), ada.token.as_deref()).await?;
    socket.send_texts(&[&message(64 * 1024)]).await?;
    assert_eq!(socket.next().await?, Frame::Message(json!({ "type": "pong" })));
    socket.send_texts(&[&message(64 * 1024 + 1)]).await?;
    assert_eq!(socket.next().await?, Frame::Closed(1009));
    Ok(())
}

#[tokio::test]
async fn a_user_may_have_so_many_sockets_and_no_more() -> Result<()> {
    let (server, ada) = with_ada(&["--max-sockets-per-user", "2"]).await?;
    let first = Socket::open(server.address(), ada.token.as_deref()).await?;
    let _second = Socket::open(server.address(), ada.token.as_deref()).await?;

    let (_, refused) = Socket::introduce(server.address(), ada.token.as_deref()).await?;
    let bea = server.member("bea").await?;
    Socket::open(server.address(), bea.token.as_deref()).await?;
    drop(first);

    assert_eq!(refused, Frame::Closed(1013));
    until("a place is free again", async || Socket::open(server.address(), ada.token.as_deref()).await.ok())
        .await?;
    Ok(())
}

#[tokio::test]
async fn so_many_sockets_may_be_nobodys_and_no_more() -> Result<()> {
    let (server, ada) = with_ada(&["--max-unacknowledged-sockets", "1"]).await?;
    let mut nobodys = Socket::connect(server.address()).await?;

    let upgrade = Request::get("/graphql/ws")
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", BASE64_STANDARD.encode([7; 16]))
        .header("sec-websocket-protocol", "graphql-transport-ws");
    let refused = ada.send(upgrade.body(Empty::<Bytes>::new())?).await?;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers.contains_key("retry-after"), "{refused:?}");

    // Once it is known whose it is, there is room for another.
    let payload = json!({ "authorization": format!("Bearer {}", ada.token.clone().unwrap_or_default()) });
    nobodys.send(&json!({ "type": "connection_init", "payload": payload })).await?;
    assert_eq!(nobodys.next().await?, Frame::Message(json!({ "type": "connection_ack" })));
    Socket::open(server.address(), ada.token.as_deref()).await?;
    Ok(())
}

#[tokio::test]
async fn a_token_that_runs_out_ends_the_socket_with_4403() -> Result<()> {
    const SECRET: &str = "a secret that the platform and its server share";
    let server = Server::start_with(&["--jwt-secret", SECRET]).await?;
    let exp = std::time::UNIX_EPOCH.elapsed()?.as_secs() + 3;
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let token = encode(&Header::default(), &json!({ "sub": "ada", "exp": exp }), &key)?;
    let mut idle = Socket::open(server.address(), Some(&token)).await?;
    let mut subscribed = Socket::open(server.address(), Some(&token)).await?;
    subscribed.send_texts(&[FEED]).await?;

    assert_eq!(idle.next().await?, Frame::Closed(4403));
    // No error, no completion: the client subscribes again once it has another token.
    loop {
        match subscribed.next().await? {
            Frame::Message(message) => {
                assert!(message["payload"]["data"]["feed"]["cursor"].is_string(), "{message}");
            }
            ended => break assert_eq!(ended, Frame::Closed(4403)),
        }
    }
    Ok(())
}

#[tokio::test]
async fn who_answers_pings_stays_and_who_does_not_is_dropped() -> Result<()> {
    let (server, ada) = with_ada(&["--ping-interval", "1s"]).await?;
    let mut well = Socket::open(server.address(), ada.token.as_deref()).await?;
    let mut dead = Socket::open(server.address(), ada.token.as_deref()).await?.into_inner();

    well.answer_pings(3).await?;
    let mut heard = Vec::new();
    // In order or not: there is nobody to tell.
    let _ = within("the server gives up", dead.read_to_end(&mut heard)).await?;

    assert_eq!(heard, [0x89, 0], "it is asked once whether it is there");
    well.send(&json!({ "type": "ping" })).await?;
    assert_eq!(well.next().await?, Frame::Message(json!({ "type": "pong" })));
    Ok(())
}

#[tokio::test]
async fn who_never_reads_is_cut() -> Result<()> {
    let (server, ada) = with_ada(&[
        "--drain-timeout=1s",
        "--max-sockets-per-user=1",
        "--max-operations-per-socket=1000",
        "--ping-interval=10m",
    ])
    .await?;
    let mut socket = Socket::open(server.address(), ada.token.as_deref()).await?;
    // Answers of some 30 KiB each: together far more than the kernel holds.
    let query = "{ __schema { types { name description fields { name description args { name } } } } }";
    for id in 0..400 {
        let message = json!({ "id": id.to_string(), "type": "subscribe", "payload": { "query": query } });
        // Sooner or later the server reads no more, and then it is gone.
        if within("it is sent", socket.send(&message)).await?.is_err() {
            break;
        }
    }
    until("its place is free", async || Socket::open(server.address(), ada.token.as_deref()).await.ok())
        .await?;
    Ok(())
}
