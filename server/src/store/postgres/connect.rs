//! Connects, with or without TLS, and says how long anything may take.

use std::sync::Arc;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{self, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::{Address, Connection};

/// Whoever holds the head of the log and falls silent is cut off, so that the other servers can go on; a commit is on the
/// disk before it is acknowledged, unless the database asks for even more.
const WRITER: &str = "
    SET idle_in_transaction_session_timeout = '5s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
";

const READER: &str = "SET default_transaction_read_only = on;";

/// What bounds each statement: waiting for a lock is part of it.
fn bounded(address: &Address, first: &str) -> String {
    format!("SET statement_timeout = {}; {first}", address.timeout.as_millis().max(1))
}

/// A connection for the writer. Blocks.
pub(in crate::store) fn connect_writer(address: &Address) -> ConnectionResult<Connection> {
    let first = bounded(address, WRITER);
    let connecting = connect(address, &first);
    tokio::runtime::Handle::try_current()
        .map_err(|error| ConnectionError::BadConnection(error.to_string()))?
        .block_on(connecting)
        .map(Connection::from)
}

/// A connection that only reads.
pub(super) async fn connect_reader(address: &Address) -> ConnectionResult<AsyncPgConnection> {
    connect(address, &bounded(address, READER)).await
}

/// A connection on which these statements have been run, in time.
pub(super) async fn connect(address: &Address, first: &str) -> ConnectionResult<AsyncPgConnection> {
    let (client, connection) = connect_client(address).await?;
    in_time(address, async {
        let mut connected = AsyncPgConnection::try_from_client_and_connection(client, connection).await?;
        connected.batch_execute(first).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connected)
    })
    .await
}

/// The driver's own bound is of the network only: what is connected to may be no database, or a stopped one.
async fn in_time<T>(
    address: &Address,
    connecting: impl Future<Output = ConnectionResult<T>>,
) -> ConnectionResult<T> {
    let connected = tokio::time::timeout(address.timeout, connecting).await;
    connected.unwrap_or_else(|_| Err(ConnectionError::BadConnection("it does not answer in time".into())))
}

/// The half of a connection that moves what comes and goes, while it is polled.
type Moving = tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

/// A connection as the driver has it.
pub(in crate::store) async fn connect_client(address: &Address) -> ConnectionResult<(Client, Moving)> {
    let unreachable = |error: &dyn std::error::Error| {
        let cause = error.source().map_or_else(String::new, |cause| format!(": {cause}"));
        ConnectionError::BadConnection(format!("{error}{cause}"))
    };
    let tls = MakeRustlsConnect::new(tls(address)?);
    in_time(address, async { address.config.connect(tls).await.map_err(|error| unreachable(&error)) }).await
}

fn tls(address: &Address) -> ConnectionResult<ClientConfig> {
    let unusable = |why: String| ConnectionError::BadConnection(why);
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(error.to_string()))?;
    if !address.verify {
        let anyone = Arc::new(Anyone(provider));
        return Ok(builder.dangerous().with_custom_certificate_verifier(anyone).with_no_client_auth());
    }
    let mut roots = RootCertStore::empty();
    match &address.roots {
        Some(path) => {
            let unreadable = |error: &dyn std::fmt::Display| {
                unusable(format!("cannot read sslrootcert {}: {error}", path.display()))
            };
            let found = CertificateDer::pem_file_iter(path).map_err(|error| unreadable(&error))?;
            for certificate in found {
                let certificate = certificate.map_err(|error| unreadable(&error))?;
                roots.add(certificate).map_err(|error| unreadable(&error))?;
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        return Err(unusable("there is no authority that could vouch for the database".into()));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Takes the database for who it says it is, as `sslmode=require` asks for: what is said is hidden from those who only
/// listen.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
