//! TLS: a certificate and its key from two PEM files, read anew when they change. Connections that are open keep what
//! they began with.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, InconsistentKeys, ServerConfig};

/// The protocols that are offered by ALPN (RFC 7301), dearest first.
const PROTOCOLS: [&[u8]; 2] = [HTTP_2, b"http/1.1"];
pub(super) const HTTP_2: &[u8] = b"h2";
/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// The permission to read, for those who neither own a file nor are of its group.
const OTHERS_READ: u32 = 0o004;

/// Where the certificate and its key are.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The certificate and, behind it, those that vouch for it, in PEM.
    pub cert: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

/// Why there is no TLS. Each is one line for whoever configured it.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate's file.
    #[error("cannot read the TLS certificate {0}: {1}")]
    Cert(PathBuf, io::Error),
    /// The key's file.
    #[error("cannot read the TLS key {0}: {1}")]
    Key(PathBuf, io::Error),
    /// There is no certificate in it.
    #[error("{0} has no certificate in PEM")]
    NoCert(PathBuf),
    /// There is no key in it.
    #[error("{0} has no private key in PEM")]
    NoKey(PathBuf),
    /// It is not PEM.
    #[error("{0} is not good PEM: {1}")]
    Pem(PathBuf, pem::Error),
    /// They are of two pairs.
    #[error("the TLS key {key} is not that of the certificate {cert}")]
    Mismatch {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// Whatever else rustls has against them.
    #[error("cannot use the TLS certificate {cert} with the key {key}: {error}")]
    Unusable {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What rustls says.
        error: rustls::Error,
    },
}

/// TLS for those who connect.
pub struct Tls {
    files: TlsFiles,
    /// Which state of the files was looked at last, good or bad.
    seen: Stamps,
    current: Arc<Current>,
    acceptor: TlsAcceptor,
}

impl Tls {
    /// Reads the files.
    pub fn load(files: TlsFiles) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        // Before the files: what changes meanwhile is seen as a change.
        let seen = files.stamps();
        let current = Arc::new(Current(RwLock::new(Arc::new(files.load(&provider)?))));
        let config = config(provider, Arc::clone(&current)).map_err(|error| files.unusable(error))?;
        Ok(Self { files, seen, current, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }

    /// Looks at the files for ever, and takes what they become. What is no pair is said in the log, and the last good pair
    /// goes on.
    pub(super) async fn follow(self) {
        let mut tls = self;
        loop {
            tokio::time::sleep(LOOK).await;
            // Elsewhere: a disk may take its time.
            let looking = tokio::task::spawn_blocking(move || {
                tls.look();
                tls
            });
            match looking.await {
                Ok(looked) => tls = looked,
                Err(error) => {
                    tracing::error!(%error, "the TLS certificate is not followed any more");
                    return std::future::pending().await;
                }
            }
        }
    }

    fn look(&mut self) {
        let stamps = self.files.stamps();
        if stamps == self.seen {
            return;
        }
        self.seen = stamps;
        match self.files.load(self.acceptor.config().crypto_provider()) {
            Ok(pair) => {
                self.current.set(pair);
                tracing::info!(cert = %self.files.cert.display(), "took the new TLS certificate");
            }
            Err(error) => tracing::warn!(%error, "going on with the old TLS certificate"),
        }
    }
}

fn config(provider: Arc<CryptoProvider>, current: Arc<Current>) -> Result<ServerConfig, rustls::Error> {
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(current);
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).into();
    // Clients keep what it takes to come back cheaply; the server would need room for each of them.
    config.ticketer = ring::Ticketer::new()?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(config)
}

impl TlsFiles {
    fn load(&self, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let (cert, key) = (self.cert.clone(), self.key.clone());
        let text = fs::read(&cert).map_err(|error| TlsError::Cert(cert.clone(), error))?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
        let chain = chain.map_err(|error| TlsError::Pem(cert.clone(), error))?;
        if chain.is_empty() {
            return Err(TlsError::NoCert(cert));
        }
        let text = fs::read(&key).map_err(|error| TlsError::Key(key.clone(), error))?;
        let private = PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
            pem::Error::NoItemsFound => TlsError::NoKey(key.clone()),
            error => TlsError::Pem(key.clone(), error),
        })?;
        let pair = CertifiedKey::from_der(chain, private, provider).map_err(|error| match error {
            rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                TlsError::Mismatch { cert, key }
            }
            error => self.unusable(error),
        })?;
        if fs::metadata(&self.key).is_ok_and(|file| file.mode() & OTHERS_READ != 0) {
            tracing::warn!(key = %self.key.display(), "every user of this machine may read the TLS key");
        }
        Ok(pair)
    }

    fn unusable(&self, error: rustls::Error) -> TlsError {
        TlsError::Unusable { cert: self.cert.clone(), key: self.key.clone(), error }
    }

    fn stamps(&self) -> Stamps {
        [Stamp::of(&self.cert), Stamp::of(&self.key)]
    }
}

/// What tells one state of the two files from another.
type Stamps = [Option<Stamp>; 2];

/// What changes with a file's content, be it written anew, replaced, or a link that leads elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Stamp {
    fn of(path: &Path) -> Option<Self> {
        let file = fs::metadata(path).ok()?;
        Some(Self {
            inode: file.ino(),
            size: file.size(),
            modified: (file.mtime(), file.mtime_nsec()),
            changed: (file.ctime(), file.ctime_nsec()),
        })
    }
}

/// The pair that new connections get.
#[derive(Debug)]
struct Current(RwLock<Arc<CertifiedKey>>);

impl Current {
    fn set(&self, pair: CertifiedKey) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
