//! Ending on a signal: what was begun is finished, what is open is closed properly, and nothing is lost.

use anyhow::{Context, Result, bail, ensure};
use campanile_tests::{
    caller::Caller,
    directory, publish,
    server::Server,
    socket::{Frame, Socket},
    wait::{until, within},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

/// "Service Restart", of the registry that RFC 6455 section 11.7 asks for: the client may come back.
const SERVICE_RESTART: u16 = 1012;

#[tokio::test]
async fn a_publish_in_flight_is_answered_and_kept() -> Result<()> {
    let mut server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;

    let in_flight = InFlight::begin(&platform).await?;
    server.ask_to_end()?;
    until("new connections are refused", async || TcpStream::connect(server.address()).await.err()).await?;
    let answer = in_flight.finish().await?;

    let id = answer["data"]["publish"]["notification"]["id"].clone();
    assert!(id.is_string(), "{answer}");
    assert_eq!(server.ended().await?.code(), Some(0));
    server.restart().await?;
    let page = ada.ask("{ notifications { nodes { id } } }", Value::Null).await?;
    assert_eq!(page["notifications"]["nodes"], json!([{ "id": id }]));
    Ok(())
}

#[tokio::test]
async fn sockets_are_closed_with_a_code_that_invites_to_come_back() -> Result<()> {
    let mut server = Server::start().await?;
    let ada = server.member("ada").await?;
    let mut idle = Socket::open(server.address(), ada.token.as_deref()).await?;
    let mut subscribed = Socket::open(server.address(), ada.token.as_deref()).await?;
    subscribed.subscribe("feed", "subscription { feed { cursor } }", &Value::Null).await?;
    subscribed.next().await?;

    let status = server.terminate().await?;

    assert_eq!(status.code(), Some(0));
    for socket in [&mut idle, &mut subscribed] {
        let mut last = socket.next().await?;
        while let Frame::Message(_) = last {
            last = socket.next().await?;
        }
        assert_eq!(last, Frame::Closed(SERVICE_RESTART));
    }
    Ok(())
}

#[tokio::test]
async fn what_is_under_way_on_a_socket_is_answered_before_it_is_closed() -> Result<()> {
    let mut server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let mut socket = Socket::open(server.address(), platform.token.as_deref()).await?;
    // Whoever holds the database keeps the publish waiting.
    let intruder = server.database()?.hold();
    let input = json!({ "campusKey": "north", "content": publish::content("in flight") });
    socket.subscribe("1", publish::BROADCAST_TO_CAMPUS, &json!({ "input": input })).await?;
    socket.send(&json!({ "type": "ping" })).await?;
    assert_eq!(socket.next().await?, Frame::Message(json!({ "type": "pong" })), "it has been read");

    server.ask_to_end()?;
    until("new connections are refused", async || TcpStream::connect(server.address()).await.err()).await?;
    drop(intruder);

    let Frame::Message(answer) = socket.next().await? else { bail!("closed without an answer") };
    assert_eq!((&answer["id"], &answer["type"]), (&json!("1"), &json!("next")), "{answer}");
    assert_eq!(socket.next().await?, Frame::Message(json!({ "id": "1", "type": "complete" })));
    assert_eq!(socket.next().await?, Frame::Closed(SERVICE_RESTART));
    assert_eq!(server.ended().await?.code(), Some(0));
    Ok(())
}

/// A publish of which the server has seen the head, and waits for the body.
struct InFlight {
    connection: BufReader<TcpStream>,
    body: String,
}

impl InFlight {
    /// Sends the head, and waits until the server asks for the body (RFC 9110, section 10.1.1).
    async fn begin(platform: &Caller) -> Result<Self> {
        let input = json!({ "campusKey": "north", "content": publish::content("in flight") });
        let body =
            json!({ "query": publish::BROADCAST_TO_CAMPUS, "variables": { "input": input } }).to_string();
        let token = platform.token.as_deref().unwrap_or_default();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
            platform.address,
            body.len(),
        );
        let mut connection = BufReader::new(TcpStream::connect(platform.address).await?);
        connection.write_all(head.as_bytes()).await?;
        let mut line = String::new();
        within("the server asks for the body", connection.read_line(&mut line)).await??;
        ensure!(line.starts_with("HTTP/1.1 100 "), "asked for the body with {line:?}");
        connection.read_line(&mut line).await?;
        Ok(Self { connection, body })
    }

    /// Sends the body, and reads the answer's.
    async fn finish(mut self) -> Result<Value> {
        self.connection.write_all(self.body.as_bytes()).await?;
        let mut answer = String::new();
        within("the publish is answered", self.connection.read_to_string(&mut answer)).await??;
        let (_, body) = answer.split_once("\r\n\r\n").with_context(|| format!("no body: {answer:?}"))?;
        Ok(serde_json::from_str(body)?)
    }
}
