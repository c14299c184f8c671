//! Where a PostgreSQL database is, and how it is to be spoken to: `postgres://user:password@host:5432/name?sslmode=…`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use url::Url;

/// How long a server may take, until it is said otherwise.
const TIMEOUT: Duration = Duration::from_secs(10);
/// After so long without an answer to what was sent, or to a keep-alive, a connection is taken for dead.
const SILENCE: Duration = Duration::from_secs(15);
/// Of keep-alives, once there was silence: the system's own would be over a minute.
const INTERVAL: Duration = Duration::from_secs(5);

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub(super) config: Box<Config>,
    /// Whether the server has to prove who it is.
    pub(super) verify: bool,
    /// The authorities that may vouch for it, in PEM, instead of the system's.
    pub(super) roots: Option<PathBuf>,
    /// How long it may take to connect, to give a lock, or to answer a statement.
    pub(super) timeout: Duration,
    /// As it may be shown: without the password.
    shown: String,
}

impl FromStr for Address {
    type Err = String;

    /// Fails with what is wrong, in words that do not repeat a password.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut url = Url::parse(text).map_err(|error| error.to_string())?;
        let (mut mode, mut roots, mut others) = (None, None, Vec::new());
        for (name, value) in url.query_pairs().into_owned() {
            match name.as_str() {
                "sslmode" => mode = Some(value),
                "sslrootcert" => roots = Some(PathBuf::from(value)),
                // An address is shown, but for the password where one is expected.
                "password" => return Err("a password stands before the @".to_owned()),
                _ => others.push((name, value)),
            }
        }
        if others.is_empty() {
            url.set_query(None);
        } else {
            url.query_pairs_mut().clear().extend_pairs(others);
            // The driver reads it as a URL's, not as a form's, where a space is a plus; a plus is %2B by now.
            let query = url.query().unwrap_or_default().replace('+', "%20");
            url.set_query(Some(&query));
        }
        // A multi-host address is none to other parsers; ours leaves hosts alone, and shows them as they are.
        let mut config: Config = url.as_str().parse().map_err(|error: tokio_postgres::Error| {
            std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string)
        })?;
        let (ssl, verify) = match mode.as_deref() {
            Some("disable") => (SslMode::Disable, false),
            None | Some("prefer") => (SslMode::Prefer, false),
            Some("require") if roots.is_none() => (SslMode::Require, false),
            Some("require" | "verify-full") => (SslMode::Require, true),
            Some(mode) => {
                return Err(format!("sslmode is disable, prefer, require or verify-full, not {mode:?}"));
            }
        };
        config.ssl_mode(ssl).application_name("campanile");
        config.keepalives_idle(SILENCE).keepalives_interval(INTERVAL).keepalives_retries(3);
        config.tcp_user_timeout(SILENCE);
        if config.get_hosts().is_empty() {
            return Err("it names no host".to_owned());
        }
        if config.get_hosts().len() > 1 {
            // Of several, one may be a replica.
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if url.password().is_some() {
            // Of an address with a host, this cannot fail.
            let _ = url.set_password(Some("***"));
        }
        Ok(Self { config: Box::new(config), verify, roots, timeout: TIMEOUT, shown: url.to_string() })
    }
}

impl Address {
    /// How long the server may take to connect, to give a lock, or to answer a statement; at least a millisecond.
    pub(in crate::store) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_password_is_not_shown() {
        let address: Address =
            "postgres://ada:secret@db.example:5433/campanile?sslmode=require".parse().unwrap();
        assert_eq!(address.to_string(), "postgres://ada:***@db.example:5433/campanile");
        assert!(!format!("{address:?}").contains("secret"));
        assert_eq!(address.config.get_password(), Some("secret".as_bytes()));
    }

    #[rstest]
    #[case("disable", SslMode::Disable, false)]
    #[case("prefer", SslMode::Prefer, false)]
    #[case("require", SslMode::Require, false)]
    #[case("require&sslrootcert=/ca.pem", SslMode::Require, true)]
    #[case("verify-full", SslMode::Require, true)]
    #[case("verify-full&sslrootcert=/ca.pem", SslMode::Require, true)]
    fn tls_is_as_asked_for(#[case] mode: &str, #[case] ssl: SslMode, #[case] verify: bool) {
        let address: Address = format!("postgres://ada@db/campanile?sslmode={mode}").parse().unwrap();
        assert_eq!((address.config.get_ssl_mode(), address.verify), (ssl, verify));
    }

    #[rstest]
    #[case("postgres://", "it names no host")]
    #[case("postgres://ada:secret@db:notaport/campanile", "invalid port number")]
    #[case("postgres://ada:secret@db/campanile?sslmode=verify-ca", "sslmode is")]
    #[case("postgres://ada:secret@db/campanile?nonsense=1", "nonsense")]
    fn what_is_no_address_says_why(#[case] text: &str, #[case] why: &str) {
        let error = text.parse::<Address>().unwrap_err();
        assert!(error.contains(why) && !error.contains("secret"), "{error}");
    }
}
