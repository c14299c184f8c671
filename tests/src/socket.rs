//! A client of `/graphql/ws` that speaks `graphql-transport-ws`, message by message.
//!
//! Source: <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{ClientRequestBuilder, Error, Message, http::Uri},
};

use crate::wait::within;

/// A connection.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

/// What came over it.
#[derive(Debug, PartialEq)]
pub enum Frame {
    /// A message of the protocol.
    Message(Value),
    /// The server closed it with this code.
    Closed(u16),
    /// It broke off, as it does when the server is killed.
    Lost,
}

impl Socket {
    /// Connects, and says nothing.
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        let uri = Uri::builder()
            .scheme("ws")
            .authority(address.to_string())
            .path_and_query("/graphql/ws")
            .build()?;
        let request = ClientRequestBuilder::new(uri).with_sub_protocol("graphql-transport-ws");
        let stream = TcpStream::connect(address).await?;
        let (stream, _) = within("the socket opens", client_async(request, stream)).await??;
        Ok(Self { stream })
    }

    /// Connects and introduces itself. Returns what the server says to that.
    pub async fn introduce(address: SocketAddr, token: Option<&str>) -> Result<(Self, Frame)> {
        let mut socket = Self::connect(address).await?;
        let payload =
            token.map_or_else(|| json!({}), |token| json!({ "authorization": format!("Bearer {token}") }));
        socket.send(&json!({ "type": "connection_init", "payload": payload })).await?;
        let answer = socket.next().await?;
        Ok((socket, answer))
    }

    /// Connects, introduces itself, and is let in.
    pub async fn open(address: SocketAddr, token: Option<&str>) -> Result<Self> {
        match Self::introduce(address, token).await? {
            (socket, Frame::Message(message)) if message["type"] == "connection_ack" => Ok(socket),
            (_, frame) => bail!("not acknowledged: {frame:?}"),
        }
    }

    /// Sends a message of the protocol.
    pub async fn send(&mut self, message: &Value) -> Result<()> {
        self.stream.send(Message::text(message.to_string())).await.context("failed to send on the socket")
    }

    /// Starts an operation under an id of the caller's choice.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: &Value) -> Result<()> {
        let payload = json!({ "query": query, "variables": variables });
        self.send(&json!({ "id": id, "type": "subscribe", "payload": payload })).await
    }

    /// What comes next, other than pings, which are answered.
    pub async fn next(&mut self) -> Result<Frame> {
        within("something comes over the socket", self.next_frame()).await?
    }

    async fn next_frame(&mut self) -> Result<Frame> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    let message: Value = serde_json::from_str(&text)?;
                    if message["type"] == "ping" {
                        self.send(&json!({ "type": "pong" })).await?;
                    } else {
                        return Ok(Frame::Message(message));
                    }
                }
                Some(Ok(Message::Close(Some(close)))) => return Ok(Frame::Closed(close.code.into())),
                Some(Ok(Message::Binary(_))) => bail!("a binary message, of which the protocol has none"),
                Some(Ok(_)) => {}
                Some(Err(Error::Io(_) | Error::Protocol(_) | Error::ConnectionClosed)) | None => {
                    return Ok(Frame::Lost);
                }
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }
}
