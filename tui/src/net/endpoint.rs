//! Where the server is, and who says so.

use std::{path::Path, sync::Arc};

use rustls::ClientConfig;
use tokio_tungstenite::Connector;
use url::Url;

use super::trust::{self, TrustError};

/// The address of a server's WebSocket, and by what it is recognised.
#[derive(Debug, Clone)]
pub struct Endpoint {
    socket: Url,
    given: String,
    /// For an encrypted one.
    tls: Option<Arc<ClientConfig>>,
    readonly: bool,
}

/// Why an address is of no use.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// It is no address.
    #[error("the server's address {0:?} is not a URL: {1}")]
    NotAUrl(String, url::ParseError),
    /// It is something else's.
    #[error("the server's address begins with http://, https://, ws:// or wss://, not {0}://")]
    Scheme(String),
    /// It could not be recognised.
    #[error(transparent)]
    Trust(#[from] TrustError),
}

impl Endpoint {
    /// From the address that the user knows, e.g. `https://campus.example`; the path is ours. Over TLS the server is
    /// recognised by the authorities in `ca_file`, or else the system's; without TLS by nothing.
    pub fn new(given: &str, ca_file: Option<&Path>) -> Result<Self, EndpointError> {
        let given = given.trim().trim_end_matches('/');
        let socket = socket(given)?;
        let tls = if socket.scheme() == "wss" { Some(trust::settings(ca_file)?) } else { None };
        Ok(Self { socket, given: given.to_owned(), tls, readonly: false })
    }

    /// The same, where nothing that would change something may be asked.
    #[must_use]
    pub fn only_to_read(self, readonly: bool) -> Self {
        Self { readonly, ..self }
    }

    /// Whether nothing that would change something may be asked.
    pub fn is_readonly(&self) -> bool {
        self.readonly
    }

    /// What to connect to.
    pub fn socket(&self) -> &str {
        self.socket.as_str()
    }

    /// How to connect to it.
    pub(super) fn connector(&self) -> Connector {
        self.tls.clone().map_or(Connector::Plain, Connector::Rustls)
    }
}

/// The address of a server's socket: the same however the server's was written.
pub fn address(server: &str) -> Result<String, EndpointError> {
    socket(server.trim()).map(String::from)
}

/// An address that a notification links to, whole: what is relative belongs to the server's own site. Nothing that is
/// neither `http` nor `https`, and nothing relative that leads elsewhere.
pub fn linked(server: &str, address: &str) -> Option<String> {
    if let Ok(whole) = Url::parse(address) {
        return matches!(whole.scheme(), "http" | "https").then(|| whole.into());
    }
    let mut site = socket(server.trim()).ok()?;
    let scheme = if site.scheme() == "wss" { "https" } else { "http" };
    // Cannot fail: all of them are special schemes.
    let _ = site.set_scheme(scheme);
    let whole = site.join(address).ok().filter(|_| address.starts_with('/'))?;
    (whole.origin() == site.origin()).then(|| whole.into())
}

/// The address of the socket that belongs to the address of a server.
fn socket(server: &str) -> Result<Url, EndpointError> {
    let mut socket = Url::parse(server).map_err(|error| EndpointError::NotAUrl(server.to_owned(), error))?;
    let scheme = match socket.scheme() {
        "http" | "ws" => "ws",
        "https" | "wss" => "wss",
        other => return Err(EndpointError::Scheme(other.to_owned())),
    };
    // Cannot fail: all of them are special schemes.
    let _ = socket.set_scheme(scheme);
    socket.set_query(None);
    socket.set_fragment(None);
    let prefix = socket.path().trim_end_matches('/').trim_end_matches("/graphql/ws").to_owned();
    socket.set_path(&format!("{prefix}/graphql/ws"));
    Ok(socket)
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.given)
    }
}

/// What the server knows the user by. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Of a text that someone stored or typed.
    pub fn new(token: &str) -> Self {
        Self(token.trim().to_owned())
    }

    /// As the server wants it.
    pub(super) fn authorization(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("http://127.0.0.1:8080", "ws://127.0.0.1:8080/graphql/ws")]
    #[case("ws://campus.example/", "ws://campus.example/graphql/ws")]
    #[case("ws://campus.example/graphql/ws", "ws://campus.example/graphql/ws")]
    #[case("http://[::1]:9/behind/a/proxy/?x#y", "ws://[::1]:9/behind/a/proxy/graphql/ws")]
    #[case("https://campus.example", "wss://campus.example/graphql/ws")]
    #[case("https://campus.example:443", "wss://campus.example/graphql/ws")]
    #[case("wss://campus.example:8443/x", "wss://campus.example:8443/x/graphql/ws")]
    fn finds_the_socket(#[case] given: &str, #[case] expected: &str) {
        assert_eq!(socket(given).unwrap().as_str(), expected);
    }

    #[rstest]
    #[case("/library?day=1", Some("http://127.0.0.1:8080/library?day=1"))]
    #[case("https://campus.example/x", Some("https://campus.example/x"))]
    #[case("//evil.example/x", None)]
    #[case("/\\\\evil.example/x", None)]
    #[case("javascript:alert(1)", None)]
    #[case("file:///etc/passwd", None)]
    #[case("--help", None)]
    #[case("", None)]
    fn links(#[case] address: &str, #[case] whole: Option<&str>) {
        assert_eq!(linked("ws://127.0.0.1:8080/graphql/ws", address).as_deref(), whole);
    }

    #[rstest]
    #[case("ftp://campus.example", "not ftp://")]
    #[case("localhost:8080", "not localhost://")]
    #[case("8080", "is not a URL")]
    fn says_what_is_wrong(#[case] given: &str, #[case] why: &str) {
        let error = Endpoint::new(given, None).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn only_an_encrypted_one_needs_to_be_recognised() {
        let missing = Some(Path::new("/nonexistent/ca.pem"));
        assert!(Endpoint::new("http://campus.example", missing).unwrap().tls.is_none());
        assert!(matches!(Endpoint::new("https://campus.example", missing), Err(EndpointError::Trust(_))));
    }

    #[test]
    fn a_token_does_not_show() {
        assert_eq!(format!("{:?}", Token::new("secret")), "Token(…)");
    }
}
