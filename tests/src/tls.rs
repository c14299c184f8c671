//! Certificates of a private authority, and TLS in front of a server, as an operator's proxy puts it there.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    date_time_ymd,
};
use tempfile::TempDir;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::AbortHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    },
};

/// A private authority, as a campus may have one.
#[derive(Debug)]
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
    _folder: TempDir,
}

/// A certificate, and the key that belongs to it.
#[derive(Debug)]
pub struct Issued {
    certificate: CertificateDer<'static>,
    key: PrivatePkcs8KeyDer<'static>,
    certificate_pem: String,
    key_pem: String,
}

impl Issued {
    /// Itself, as a client sees it.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        &self.certificate
    }

    /// Itself, as it stands in a file.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Its key, as it stands in a file.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }
}

impl Authority {
    /// A new one. Two of the same name are two all the same.
    pub fn new(name: &str) -> Result<Self> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("authority.pem");
        std::fs::write(&file, issuer.pem())?;
        Ok(Self { issuer, file, _folder: folder })
    }

    /// Its own certificate, in PEM.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Its own certificate, as a client is given it.
    pub fn certificate(&self) -> &CertificateDer<'static> {
        self.issuer.der()
    }

    /// A certificate for a name or an IP address.
    pub fn issue(&self, name: &str) -> Result<Issued> {
        self.sign(&CertificateParams::new([name.to_owned()])?)
    }

    /// The same, but run out long ago.
    pub fn issue_expired(&self, name: &str) -> Result<Issued> {
        let mut params = CertificateParams::new([name.to_owned()])?;
        params.not_after = date_time_ymd(2020, 1, 1);
        self.sign(&params)
    }

    /// Not a server's certificate at all, but its own.
    pub fn as_issued(&self) -> Issued {
        Issued {
            certificate: self.issuer.der().clone(),
            key: self.issuer.key().serialize_der().into(),
            certificate_pem: self.issuer.pem(),
            key_pem: self.issuer.key().serialize_pem(),
        }
    }

    fn sign(&self, params: &CertificateParams) -> Result<Issued> {
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Issued {
            certificate: certificate.der().clone(),
            key: key.serialize_der().into(),
            certificate_pem: certificate.pem(),
            key_pem: key.serialize_pem(),
        })
    }
}

/// Accepts TLS, and hands what was said to a server that speaks none. Dropping it ends it.
#[derive(Debug)]
pub struct TlsProxy {
    address: SocketAddr,
    accepting: AbortHandle,
}

impl TlsProxy {
    /// Starts one on a free port.
    pub async fn start(server: SocketAddr, issued: Issued) -> Result<Self> {
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![issued.certificate], issued.key.into())?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // What goes wrong there, the client says.
                tokio::spawn(pass_on(acceptor.clone(), client, server));
            }
        });
        Ok(Self { address, accepting: accepting.abort_handle() })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for TlsProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn pass_on(acceptor: TlsAcceptor, client: TcpStream, server: SocketAddr) -> Result<()> {
    let mut client = acceptor.accept(client).await?;
    let mut server = TcpStream::connect(server).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
