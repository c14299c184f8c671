//! `renewSession`: a dashboard that is open all day brings a fresh token over the socket that it has.

use anyhow::{Result, bail};
use campanile_tests::{
    caller::Caller,
    directory, publish,
    server::Server,
    socket::{Frame, Socket},
    wait::until,
};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

const SECRET: &str = "a secret that the platform and its server share";
const RENEW: &str = "mutation ($token: String!) { renewSession(input: { token: $token }) { expiresAt } }";
const FEED: &str = "subscription { feed { ... on NotificationAdded { notification { title } } } }";

/// A token of this user that ends in so many seconds.
fn token(subject: &str, seconds: u64) -> Result<String> {
    let exp = std::time::UNIX_EPOCH.elapsed()?.as_secs() + seconds;
    signed(&json!({ "sub": subject, "exp": exp }))
}

fn signed(claims: &Value) -> Result<String> {
    Ok(encode(&Header::default(), claims, &EncodingKey::from_secret(SECRET.as_bytes()))?)
}

async fn server() -> Result<Server> {
    Server::start_with(&["--jwt-secret", SECRET]).await
}

/// What comes of an operation of one result.
async fn outcome(socket: &mut Socket, query: &str, variables: &Value) -> Result<Value> {
    socket.subscribe("once", query, variables).await?;
    loop {
        match socket.next().await? {
            Frame::Message(mut message) if message["id"] == "once" => match message["type"].as_str() {
                Some("next") => {
                    let complete = socket.next().await?;
                    assert_eq!(complete, Frame::Message(json!({ "id": "once", "type": "complete" })));
                    return Ok(message["payload"].take());
                }
                _ => bail!("not a result: {message}"),
            },
            Frame::Message(_) => {}
            ended => bail!("{ended:?} instead of an answer"),
        }
    }
}

#[tokio::test]
async fn a_socket_goes_on_with_a_fresh_token() -> Result<()> {
    let server = server().await?;
    let platform = signed(&json!({ "sub": "platform", "exp": 4_102_444_800_u64, "role": "service" }))?;
    let platform = Caller::new(server.address(), Some(platform));
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let (old, fresh) = (token("ada", 4)?, token("ada", 3_600)?);
    let mut socket = Socket::open(server.address(), Some(&old)).await?;
    socket.subscribe("feed", FEED, &Value::Null).await?;
    assert!(matches!(socket.next().await?, Frame::Message(_)), "the feed is live");

    let renewed = outcome(&mut socket, RENEW, &json!({ "token": fresh })).await?;
    assert!(renewed["data"]["renewSession"]["expiresAt"].is_string(), "{renewed}");

    let with_the_old = Caller::new(server.address(), Some(old));
    until("the old token has run out", async || {
        with_the_old.ask("{ viewer { id } }", Value::Null).await.err()
    })
    .await?;
    // Sweeps come once a second: the second of these is after one.
    for title in ["after that", "and later"] {
        publish::to_campus(&platform, "north", title).await?;
        loop {
            let Frame::Message(message) = socket.next().await? else { bail!("the socket has ended") };
            assert_eq!(message["type"], "next", "{message}");
            if message["payload"]["data"]["feed"]["notification"]["title"] == title {
                break;
            }
        }
        let viewer = outcome(&mut socket, "{ viewer { user { key } } }", &Value::Null).await?;
        assert_eq!(viewer["data"]["viewer"]["user"]["key"], "ada");
        // A moment that is as long as a sweep takes to come round: a socket of a token that is at its end.
        let brief = token("bea", 2)?;
        let mut clock = Socket::open(server.address(), Some(&brief)).await?;
        assert_eq!(clock.next().await?, Frame::Closed(4403));
    }
    Ok(())
}

#[tokio::test]
async fn a_socket_stays_with_its_user_and_takes_no_bad_token() -> Result<()> {
    let server = server().await?;
    let mut socket = Socket::open(server.address(), Some(&token("ada", 3_600)?)).await?;
    for (token, code) in [
        (token("bea", 3_600)?, "FORBIDDEN"),
        ("garbled".to_owned(), "UNAUTHENTICATED"),
        (String::new(), "UNAUTHENTICATED"),
        (signed(&json!({ "sub": "ada", "exp": 1 }))?, "UNAUTHENTICATED"),
    ] {
        let refused = outcome(&mut socket, RENEW, &json!({ "token": token })).await?;
        assert_eq!(refused["errors"][0]["extensions"]["code"], code, "{refused}");
    }
    let viewer = outcome(&mut socket, "{ viewer { user { key } } }", &Value::Null).await?;
    assert_eq!(viewer["data"]["viewer"]["user"]["key"], "ada", "nothing has changed");
    Ok(())
}

#[tokio::test]
async fn a_request_has_no_session_to_renew() -> Result<()> {
    let server = server().await?;
    let ada = Caller::new(server.address(), Some(token("ada", 3_600)?));
    let refusal = ada.refusal(RENEW, json!({ "token": token("ada", 7_200)? })).await?;
    assert_eq!(refusal.code, "BAD_USER_INPUT");
    assert!(refusal.message.contains("socket"), "{refusal:?}");
    Ok(())
}

#[tokio::test]
async fn who_has_less_than_five_minutes_is_warned() -> Result<()> {
    let server = server().await?;
    let mut socket = Socket::open(server.address(), Some(&token("ada", 240)?)).await?;
    let feed = "subscription { feed { __typename ... on SessionExpiring { expiresAt } } }";
    socket.subscribe("feed", feed, &Value::Null).await?;

    let mut told = Vec::new();
    while told.len() < 2 {
        let Frame::Message(mut message) = socket.next().await? else { bail!("it ended after {told:?}") };
        told.push(message["payload"]["data"]["feed"].take());
    }
    assert_eq!(told[0]["__typename"], "FeedProgress");
    assert_eq!(told[1]["__typename"], "SessionExpiring");
    assert!(told[1]["expiresAt"].is_string(), "{told:?}");
    Ok(())
}
