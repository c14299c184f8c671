//! Where the server is, and who says so.

use url::Url;

/// The address of a server's WebSocket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    socket: Url,
    given: String,
}

/// Why an address is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is no address.
    #[error("the server's address {0:?} is not a URL: {1}")]
    NotAUrl(String, url::ParseError),
    /// It is an encrypted one.
    #[error("TLS is not supported by this build yet; use http:// or ws://, e.g. through a tunnel")]
    Tls,
    /// It is something else's.
    #[error("the server's address begins with http:// or ws://, not {0}://")]
    Scheme(String),
}

impl std::str::FromStr for Endpoint {
    type Err = EndpointError;

    /// From the address that the user knows, e.g. `http://127.0.0.1:8080`; the path is ours.
    fn from_str(given: &str) -> Result<Self, EndpointError> {
        let given = given.trim().trim_end_matches('/');
        let mut socket =
            Url::parse(given).map_err(|error| EndpointError::NotAUrl(given.to_owned(), error))?;
        match socket.scheme() {
            "http" | "ws" => {}
            "https" | "wss" => return Err(EndpointError::Tls),
            other => return Err(EndpointError::Scheme(other.to_owned())),
        }
        // Cannot fail: both are special schemes.
        let _ = socket.set_scheme("ws");
        socket.set_query(None);
        socket.set_fragment(None);
        let prefix = socket.path().trim_end_matches('/').trim_end_matches("/graphql/ws").to_owned();
        socket.set_path(&format!("{prefix}/graphql/ws"));
        Ok(Self { socket, given: given.to_owned() })
    }
}

impl Endpoint {
    /// What to connect to.
    pub fn socket(&self) -> &str {
        self.socket.as_str()
    }
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
    fn finds_the_socket(#[case] given: &str, #[case] socket: &str) {
        assert_eq!(given.parse::<Endpoint>().unwrap().socket(), socket);
    }

    #[rstest]
    #[case("https://campus.example", "TLS is not supported")]
    #[case("wss://campus.example", "TLS is not supported")]
    #[case("ftp://campus.example", "not ftp://")]
    #[case("localhost:8080", "not localhost://")]
    #[case("8080", "is not a URL")]
    fn says_what_is_wrong(#[case] given: &str, #[case] why: &str) {
        let error = given.parse::<Endpoint>().unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn a_token_does_not_show() {
        assert_eq!(format!("{:?}", Token::new("secret")), "Token(…)");
    }
}
