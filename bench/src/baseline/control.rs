//! How a baseline is told what to publish: lines of JSON over TCP, each of some notifications, each answered by an empty
//! line once they are on their way.

use std::io;
use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::notification::Notification;

/// A connection to a baseline.
pub struct Control(BufReader<TcpStream>);

impl Control {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("failed to connect to a baseline")?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Publishes.
    pub async fn publish(&mut self, notifications: &[Notification]) -> Result<()> {
        let mut line = serde_json::to_vec(notifications)?;
        line.push(b'\n');
        self.0.get_mut().write_all(&line).await?;
        let mut answer = String::new();
        self.0.read_line(&mut answer).await?;
        anyhow::ensure!(answer == "\n", "a baseline has ended");
        Ok(())
    }
}

/// Hands what is to be published to `publish`, for ever, one connection after the other.
pub(super) async fn listen(listener: TcpListener, publish: impl Fn(Vec<Notification>)) -> Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            publish(serde_json::from_str(&line).map_err(io::Error::other)?);
            stream.get_mut().write_all(b"\n").await?;
            line.clear();
        }
    }
}
