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
    tungstenite::{ClientRequestBuilder, Error, Message, error::ProtocolError, http::Uri},
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
        Self::shake_hands(address, Some("graphql-transport-ws"), None).await
    }

    /// Connects with another subprotocol, or none, and perhaps with a header `Authorization`.
    pub async fn shake_hands(
        address: SocketAddr,
        protocol: Option<&str>,
        authorization: Option<&str>,
    ) -> Result<Self> {
        let uri = Uri::builder()
            .scheme("ws")
            .authority(address.to_string())
            .path_and_query("/graphql/ws")
            .build()?;
        let mut request = ClientRequestBuilder::new(uri);
        if let Some(protocol) = protocol {
            request = request.with_sub_protocol(protocol);
        }
        if let Some(authorization) = authorization {
            request = request.with_header("Authorization", authorization);
        }
        let stream = TcpStream::connect(address).await?;
        let (stream, _) = match within("the socket opens", client_async(request, stream)).await? {
            // The library would have the server speak a subprotocol that the client has not heard of.
            Err(Error::Protocol(ProtocolError::SecWebSocketSubProtocolError(_))) => {
                bail!("no subprotocol was agreed upon")
            }
            shaken => shaken?,
        };
        Ok(Self { stream })
    }

    /// The connection itself, to be misused.
    pub fn into_inner(self) -> TcpStream {
        self.stream.into_inner()
    }

    /// Sends texts, messages or not, with one write.
    pub async fn send_texts(&mut self, texts: &[&str]) -> Result<()> {
        for text in texts {
            self.stream.feed(Message::text(*text)).await?;
        }
        self.stream.flush().await.context("failed to send on the socket")
    }

    /// Sends a message of bytes.
    pub async fn send_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.send(Message::binary(bytes.to_vec())).await.context("failed to send on the socket")
    }

    /// Reads on, and answers, until the server has asked so often whether somebody is there.
    pub async fn answer_pings(&mut self, count: usize) -> Result<()> {
        for _ in 0..count {
            let message = within("a ping comes", self.stream.next()).await?;
            let Some(Ok(Message::Ping(_))) = message else { bail!("{message:?} instead of a ping") };
        }
        self.stream.flush().await.context("failed to answer")
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
