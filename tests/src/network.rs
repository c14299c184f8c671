//! A network that can be cut: what is said through it waits, as packets do that are sent again and again, and nobody is told.

use std::net::SocketAddr;

use anyhow::Result;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::AbortHandle,
};

/// The way to one address. Dropping it takes no new connections; those that are open go on.
#[derive(Debug)]
pub struct Network {
    address: SocketAddr,
    whole: watch::Sender<bool>,
    accepting: AbortHandle,
}

impl Network {
    /// One to that address, on a free port.
    pub async fn to(there: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (whole, is_whole) = watch::channel(true);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // What goes wrong there, the client sees: its connection ends.
                tokio::spawn(pass_on(client, there, is_whole.clone()));
            }
        });
        Ok(Self { address, whole, accepting: accepting.abort_handle() })
    }

    /// Where it begins.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on nothing gets through.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// What waited gets through, and so does all that comes.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn pass_on(here: TcpStream, there: SocketAddr, is_whole: watch::Receiver<bool>) -> Result<()> {
    let (from_here, to_here) = here.into_split();
    let (from_there, to_there) = TcpStream::connect(there).await?.into_split();
    tokio::try_join!(carry(from_here, to_there, is_whole.clone()), carry(from_there, to_here, is_whole))?;
    Ok(())
}

/// One direction, until whoever speaks there is done.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut is_whole: watch::Receiver<bool>,
) -> Result<()> {
    let mut said = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut said).await?;
        is_whole.wait_for(|whole| *whole).await?;
        if length == 0 {
            return Ok(to.shutdown().await?);
        }
        to.write_all(&said[..length]).await?;
    }
}
