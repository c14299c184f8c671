//! One keep-alive connection to a server's GraphQL over HTTP.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

/// A connection, with the token of whoever calls over it.
pub struct Connection {
    requests: SendRequest<Full<Bytes>>,
    address: SocketAddr,
    tls: Option<Arc<ClientConfig>>,
    bearer: String,
}

#[derive(serde::Deserialize)]
struct Answer<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Vec<Value>,
}

impl Connection {
    /// Connects, over TLS where a configuration is given. The connection ends when it is dropped.
    pub async fn open(address: SocketAddr, tls: Option<&Arc<ClientConfig>>, token: &str) -> Result<Self> {
        let requests = connect(address, tls).await?;
        Ok(Self { requests, address, tls: tls.cloned(), bearer: format!("Bearer {token}") })
    }

    /// Executes an operation, whose answer must hold no error.
    pub async fn execute<T: DeserializeOwned>(&mut self, query: &str, variables: &Value) -> Result<T> {
        let body = serde_json::to_vec(&json!({ "query": query, "variables": variables }))?;
        let request = Request::post("/graphql")
            .header(HOST, self.address.to_string())
            .header(AUTHORIZATION, &self.bearer)
            .header(ACCEPT, "application/graphql-response+json")
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))?;
        if self.requests.ready().await.is_err() {
            // A server may close what was idle for a while.
            self.requests = connect(self.address, self.tls.as_ref()).await?;
        }
        let response = self.requests.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        ensure!(status == StatusCode::OK, "answered {status}: {}", String::from_utf8_lossy(&body));
        let answer: Answer<T> = serde_json::from_slice(&body).context("failed to read an answer")?;
        ensure!(answer.errors.is_empty(), "answered {:?}", answer.errors);
        answer.data.context("answered without data")
    }
}

async fn connect(address: SocketAddr, tls: Option<&Arc<ClientConfig>>) -> Result<SendRequest<Full<Bytes>>> {
    let stream =
        TcpStream::connect(address).await.with_context(|| format!("failed to connect to {address}"))?;
    stream.set_nodelay(true)?;
    let Some(config) = tls else {
        return handshake(stream).await;
    };
    let name = ServerName::IpAddress(address.ip().into());
    handshake(TlsConnector::from(Arc::clone(config)).connect(name, stream).await?).await
}

async fn handshake<S>(stream: S) -> Result<SendRequest<Full<Bytes>>>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (requests, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(requests)
}
