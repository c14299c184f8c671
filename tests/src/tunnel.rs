//! TLS towards a server, for clients that speak none: what they say to a port of the tunnel's arrives there encrypted.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context, Result};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{CertificateDer, ServerName},
    },
};

use crate::{tls::Authority, wait::within};

/// A way in. Dropping it takes no new connections; those that are open go on.
#[derive(Debug)]
pub struct Tunnel {
    address: SocketAddr,
    accepting: AbortHandle,
}

impl Tunnel {
    /// Starts one on a free port.
    pub async fn start(server: SocketAddr, authority: &Authority) -> Result<Self> {
        let connector = connector(authority, &[])?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // What goes wrong there, the client sees: its connection ends.
                tokio::spawn(pass_on(client, connector.clone(), server));
            }
        });
        Ok(Self { address, accepting: accepting.abort_handle() })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn pass_on(mut client: TcpStream, connector: TlsConnector, server: SocketAddr) -> Result<()> {
    let mut server = reach(server, &connector).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// Connects to a server that this authority vouches for, and asks for these protocols by ALPN.
pub async fn connect(
    server: SocketAddr,
    authority: &Authority,
    protocols: &[&str],
) -> Result<TlsStream<TcpStream>> {
    within("the server shakes hands", reach(server, &connector(authority, protocols)?)).await?
}

/// The certificate that a server shows.
pub async fn certificate(server: SocketAddr, authority: &Authority) -> Result<CertificateDer<'static>> {
    let stream = connect(server, authority, &[]).await?;
    let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
    Ok(certificates.first().context("a certificate")?.clone())
}

async fn reach(server: SocketAddr, connector: &TlsConnector) -> Result<TlsStream<TcpStream>> {
    let tcp = TcpStream::connect(server).await?;
    Ok(connector.connect(ServerName::from(server.ip()), tcp).await?)
}

fn connector(authority: &Authority, protocols: &[&str]) -> Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate().clone())?;
    let mut config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    Ok(TlsConnector::from(Arc::new(config)))
}
