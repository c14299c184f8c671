//! Whom the server does not let in, over HTTP and over a socket.

use anyhow::Result;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use campanile_tests::{
    caller::Caller,
    server::Server,
    socket::{Frame, Socket},
};
use hyper::{StatusCode, header::WWW_AUTHENTICATE};
use jsonwebtoken::{EncodingKey, Header, encode};
use rstest::rstest;
use serde_json::{Value, json};

/// The secret that the server is given: it does not know what the platform signs with unless it is told.
const SECRET: &str = "a secret that the platform and its server share";
/// A moment that is far away: 1 January 2100, in seconds.
const FAR: u64 = 4_102_444_800;
/// A moment that is long gone.
const GONE: u64 = 1_000_000_000;

async fn server() -> Result<Server> {
    Server::start_with(&["--jwt-secret", SECRET]).await
}

fn signed(secret: &str, claims: &Value) -> Result<String> {
    Ok(encode(&Header::default(), claims, &EncodingKey::from_secret(secret.as_bytes()))?)
}

/// A token that claims to need no signature (RFC 7519, section 6).
fn unsigned(claims: &Value) -> String {
    let part = |json: Value| BASE64_URL_SAFE_NO_PAD.encode(json.to_string());
    format!("{}.{}.", part(json!({ "alg": "none", "typ": "JWT" })), part(claims.clone()))
}

#[tokio::test]
async fn a_token_that_the_platform_signed_lets_its_subject_in() -> Result<()> {
    let server = server().await?;
    let token = signed(SECRET, &json!({ "sub": "ada", "exp": FAR }))?;
    let ada = Caller::new(server.address(), Some(token));
    let seen = ada.ask("{ viewer { user { key role } } }", Value::Null).await?;
    assert_eq!(seen["viewer"]["user"], json!({ "key": "ada", "role": "MEMBER" }));
    Socket::open(server.address(), ada.token.as_deref()).await?;
    Ok(())
}

#[rstest]
#[case::none(None)]
#[case::empty(Some(String::new()))]
#[case::garbled(Some("not.a.token".into()))]
#[case::expired(Some(signed(SECRET, &json!({ "sub": "ada", "exp": GONE })).unwrap()))]
#[case::without_end(Some(signed(SECRET, &json!({ "sub": "ada" })).unwrap()))]
#[case::without_subject(Some(signed(SECRET, &json!({ "exp": FAR })).unwrap()))]
#[case::unsigned(Some(unsigned(&json!({ "sub": "ada", "exp": FAR }))))]
#[case::wrongly_signed(Some(signed("another secret, which is just as long as it", &json!({ "sub": "ada", "exp": FAR })).unwrap()))]
#[tokio::test]
async fn without_a_good_token_nobody_gets_in(#[case] token: Option<String>) -> Result<()> {
    let server = server().await?;

    // Introspection is no exception.
    for query in ["{ viewer { id } }", "{ __schema { queryType { name } } }"] {
        let reply = Caller::new(server.address(), token.clone()).post(query, Value::Null).await?;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert_eq!(reply.refusal()?.code, "UNAUTHENTICATED");
        let challenge =
            reply.headers.get(WWW_AUTHENTICATE).map(|value| value.as_bytes().starts_with(b"Bearer"));
        assert_eq!(challenge, Some(true), "{reply:?}");
    }
    let (_, answer) = Socket::introduce(server.address(), token.as_deref()).await?;
    assert!(matches!(answer, Frame::Closed(_)), "{answer:?}");
    Ok(())
}
