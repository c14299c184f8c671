//! Someone who asks over HTTP, with or without a token. One connection per question, so that none outlives a server.

use std::{convert::Infallible, net::SocketAddr};

use anyhow::{Context, Result, bail, ensure};
use http_body_util::{BodyExt, Empty, Full};
use hyper::{
    Request, Response, StatusCode,
    body::{Body, Bytes, Incoming},
    client::conn::http1,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap},
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::wait::within;

/// Who asks, and whom.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The server's.
    pub address: SocketAddr,
    /// Theirs, if they have one.
    pub token: Option<String>,
}

/// What came back, whatever it was.
#[derive(Debug)]
pub struct Reply {
    /// HTTP's.
    pub status: StatusCode,
    /// HTTP's.
    pub headers: HeaderMap,
    /// The body, or null if it is not JSON.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

/// A GraphQL error, as far as clients rely on it.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `extensions.code`.
    pub code: String,
    /// `extensions.field`: what to correct.
    pub field: Option<String>,
    /// For people.
    pub message: String,
}

impl Caller {
    /// Asks nothing yet.
    pub fn new(address: SocketAddr, token: Option<String>) -> Self {
        Self { address, token }
    }

    /// The answer's `data`; any error is one here, too.
    pub async fn ask(&self, query: &str, variables: Value) -> Result<Value> {
        let mut reply = self.post(query, variables).await?;
        if let Some(errors) = reply.body.get("errors") {
            bail!("refused with status {}: {errors}", reply.status);
        }
        Ok(reply.body["data"].take())
    }

    /// The error that the answer consists of; being answered is an error here.
    pub async fn refusal(&self, query: &str, variables: Value) -> Result<Refusal> {
        self.post(query, variables).await?.refusal()
    }

    /// Posts an operation, as GraphQL over HTTP has it.
    pub async fn post(&self, query: &str, variables: Value) -> Result<Reply> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = Request::post("/graphql").header(CONTENT_TYPE, "application/json");
        self.send(request.body(Full::new(Bytes::from(body)))?).await
    }

    /// Gets a page.
    pub async fn get(&self, path: &str) -> Result<Reply> {
        self.send(Request::get(path).body(Empty::new())?).await
    }

    /// Sends any request; the host and the token are added to it.
    pub async fn send<B>(&self, request: Request<B>) -> Result<Reply>
    where
        B: Body<Data = Bytes, Error = Infallible> + Send + 'static,
    {
        let (head, body) = self.begin(request).await?.into_parts();
        let body = within("the answer ends", body.collect()).await??.to_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Ok(Reply { status: head.status, headers: head.headers, body, text })
    }

    /// As [`Self::send`], and waits for no more than the head of the answer.
    pub async fn begin<B>(&self, mut request: Request<B>) -> Result<Response<Incoming>>
    where
        B: Body<Data = Bytes, Error = Infallible> + Send + 'static,
    {
        let headers = request.headers_mut();
        headers.insert(HOST, self.address.to_string().parse()?);
        if let Some(token) = &self.token {
            headers.insert(AUTHORIZATION, format!("Bearer {token}").parse()?);
        }
        within("the server answers", async {
            let stream = TcpStream::connect(self.address).await?;
            let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
            // It ends with the exchange; what is wrong with it, `send_request` says.
            tokio::spawn(connection);
            Ok(sender.send_request(request).await?)
        })
        .await?
    }
}

impl Reply {
    /// The first of its errors.
    pub fn refusal(&self) -> Result<Refusal> {
        let error = self.body["errors"].get(0).with_context(|| format!("not refused: {self:?}"))?;
        Refusal::try_from(error)
    }
}

impl TryFrom<&Value> for Refusal {
    type Error = anyhow::Error;

    fn try_from(error: &Value) -> Result<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let code =
            text(&error["extensions"]["code"]).with_context(|| format!("an error without code: {error}"))?;
        let message =
            text(&error["message"]).with_context(|| format!("an error without message: {error}"))?;
        ensure!(!message.is_empty(), "an error with an empty message: {error}");
        Ok(Self { code, field: text(&error["extensions"]["field"]), message })
    }
}
