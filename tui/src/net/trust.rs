//! Whom the client believes over TLS: the authorities that may vouch for a server, and what it means when none does.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    CertificateError, ClientConfig, Error, RootCertStore,
    crypto::ring,
    pki_types::{
        CertificateDer,
        pem::{self, PemObject},
    },
};

use crate::{model::fault::Fault, sanitise};

/// Why there is nobody to believe.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The file cannot be read, or is not what its name says.
    #[error("failed to read certificates from {}: {error}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: pem::Error,
    },
    /// The file holds something else.
    #[error("no certificate in {}; it should be in PEM: -----BEGIN CERTIFICATE-----", .0.display())]
    Empty(PathBuf),
    /// What is marked as a certificate is none that can be used.
    #[error("a certificate in {} is of no use: {error}", path.display())]
    Unusable {
        /// Which.
        path: PathBuf,
        /// Why.
        error: Error,
    },
    /// The system knows no authority.
    #[error("this system trusts no certificate authority; name the server's with --ca-file")]
    NoSystemRoots,
    /// The cryptography refuses to work.
    #[error("failed to set up TLS: {0}")]
    Cryptography(Error),
}

/// The text of `webpki::Error::CaUsedAsEndEntity`, a type that rustls does not hand on. It is what comes of a certificate
/// made by a bare `openssl req -x509`.
const ITS_OWN_AUTHORITY: &str = "CaUsedAsEndEntity";

/// Believes the authorities in that file, and no others; without one, those that the system believes.
pub fn settings(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, TrustError> {
    let roots = ca_file.map_or_else(system, private)?;
    // Named here, because a process-wide default has to be installed by someone first.
    let settings = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TrustError::Cryptography)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(settings))
}

/// Each certificate has to be usable: who names a file means all of it.
fn private(path: &Path) -> Result<RootCertStore, TrustError> {
    let unreadable = |error| TrustError::Unreadable { path: path.to_owned(), error };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(unreadable)? {
        roots
            .add(certificate.map_err(unreadable)?)
            .map_err(|error| TrustError::Unusable { path: path.to_owned(), error })?;
    }
    if roots.is_empty() { Err(TrustError::Empty(path.to_owned())) } else { Ok(roots) }
}

/// What cannot be used is passed over: systems keep old and odd ones, and nobody here can mend that.
fn system() -> Result<RootCertStore, TrustError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() { Err(TrustError::NoSystemRoots) } else { Ok(roots) }
}

/// What a failure of TLS means. None where it is one of the network. Trying again does not help.
pub(super) fn fault(error: &io::Error) -> Option<Fault> {
    let error = error.get_ref()?.downcast_ref::<Error>()?;
    let why = match error {
        // The signature of another authority with the same name, of the old one perhaps, is a bad one.
        Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
            "the server's certificate is not from an authority that is trusted here; name its authority with --ca-file"
                .to_owned()
        }
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "the server's certificate has expired".to_owned()
        }
        Error::InvalidCertificate(CertificateError::Other(why)) if why.0.to_string() == ITS_OWN_AUTHORITY => {
            "the server's certificate is an authority's own; the server needs one that is issued to it (CA:FALSE)".to_owned()
        }
        Error::InvalidCertificate(why) => format!("the server's certificate is not accepted: {why}"),
        // What comes is not even shaped as TLS.
        Error::InvalidMessage(_) => "the server does not speak TLS there; try http:// or ws://".to_owned(),
        other => format!("no TLS with that server: {other}"),
    };
    // The certificate's names may be in it.
    Some(Fault::Foreign(sanitise::line(&why)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::generate_simple_self_signed;
    use rstest::rstest;

    fn certificate() -> String {
        generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem()
    }

    fn settings_of(text: &str) -> Result<Arc<ClientConfig>, TrustError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, text).unwrap();
        settings(Some(file.path()))
    }

    #[test]
    fn several_authorities_may_be_in_one_file_beside_something_else() {
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        let text = format!("# Ours\n{}{key}{}", certificate(), certificate());
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, text).unwrap();
        assert_eq!(private(file.path()).unwrap().len(), 2);
    }

    #[rstest]
    #[case::nothing("", "no certificate in")]
    #[case::a_key("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no certificate in")]
    #[case::no_certificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "of no use")]
    #[case::cut_off("-----BEGIN CERTIFICATE-----\nAAAA\n", "failed to read")]
    #[case::no_base64("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", "failed to read")]
    fn a_file_of_no_use_is_refused(#[case] text: &str, #[case] why: &str) {
        let error = settings_of(text).unwrap_err().to_string();
        assert!(error.contains(why) && !error.contains('\n'), "{error}");
    }

    #[test]
    fn a_file_that_is_missing_is_named() {
        let error = settings(Some(Path::new("/nonexistent/ca.pem"))).unwrap_err().to_string();
        assert!(error.contains("/nonexistent/ca.pem") && error.contains("No such file"), "{error}");
    }

    #[test]
    fn a_failure_of_the_network_is_not_one_of_tls() {
        assert_eq!(fault(&io::ErrorKind::ConnectionReset.into()), None);
    }

    #[test]
    fn what_a_certificate_says_does_not_reach_the_screen_raw() {
        let why = CertificateError::Other(rustls::OtherError(Arc::new(io::Error::other("\u{1b}[2J"))));
        let error = io::Error::other(Error::InvalidCertificate(why));
        let said = fault(&error).unwrap().to_string();
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
}
