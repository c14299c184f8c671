//! How the streams over HTTP end from the server's side: each in the words of its protocol.

use anyhow::{Context, Result};
use campanile_tests::{
    caller::Caller,
    directory, publish,
    server::Server,
    stream::{APOLLO, Event, SSE, Stream},
    wait::until,
};
use hyper::StatusCode;
use jsonwebtoken::{EncodingKey, Header, encode};
use rstest::rstest;
use serde_json::{Value, json};

const SECRET: &str = "a secret that the platform and its server share";
const FEED: &str = "subscription { feed { cursor } }";

/// Ada with a token that ends soon.
fn briefly(server: &Server) -> Result<Caller> {
    let exp = std::time::UNIX_EPOCH.elapsed()?.as_secs() + 3;
    let key = EncodingKey::from_secret(SECRET.as_bytes());
    let token = encode(&Header::default(), &json!({ "sub": "ada", "exp": exp }), &key)?;
    Ok(Caller::new(server.address(), Some(token)))
}

/// What comes after the results.
async fn after_results(stream: &mut Stream) -> Result<Option<Event>> {
    loop {
        match stream.next().await? {
            Some(Event::Next { result, .. }) if result.get("errors").is_none() => {}
            other => return Ok(other),
        }
    }
}

#[tokio::test]
async fn a_token_that_runs_out_completes_an_event_stream() -> Result<()> {
    let server = Server::start_with(&["--jwt-secret", SECRET]).await?;
    let ada = briefly(&server)?;
    let mut stream = Stream::post(&ada, "/graphql/stream", SSE, FEED, &Value::Null).await?;

    let Some(Event::Next { result, .. }) = after_results(&mut stream).await? else {
        anyhow::bail!("no word why");
    };
    assert_eq!(result["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{result}");
    assert_eq!(stream.next().await?, Some(Event::Complete));
    assert_eq!(stream.next().await?, None);
    Ok(())
}

#[tokio::test]
async fn a_token_that_runs_out_is_the_end_of_a_multipart_stream() -> Result<()> {
    let server = Server::start_with(&["--jwt-secret", SECRET]).await?;
    let ada = briefly(&server)?;
    let mut stream = Stream::post(&ada, "/graphql", APOLLO, FEED, &Value::Null).await?;

    let last = loop {
        let part = stream.payload().await?.context("it says why")?;
        if part.get("errors").is_some() {
            break part;
        }
    };
    assert_eq!(last["payload"], Value::Null, "{last}");
    assert_eq!(last["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{last}");
    assert_eq!(stream.payload().await?, None);
    Ok(())
}

#[tokio::test]
async fn a_server_that_stops_leaves_an_event_stream_uncompleted() -> Result<()> {
    let mut server = Server::start().await?;
    let ada = server.member("ada").await?;
    let mut stream = Stream::post(&ada, "/graphql/stream", SSE, FEED, &Value::Null).await?;
    stream.result().await?;

    assert_eq!(server.terminate().await?.code(), Some(0));
    // Completed, clients would not come back.
    assert_eq!(after_results(&mut stream).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_server_that_stops_says_so_to_a_multipart_stream() -> Result<()> {
    let mut server = Server::start().await?;
    let ada = server.member("ada").await?;
    let mut stream = Stream::post(&ada, "/graphql", APOLLO, FEED, &Value::Null).await?;
    stream.payload().await?;

    assert_eq!(server.terminate().await?.code(), Some(0));
    let last = stream.payload().await?.context("it says why")?;
    assert_eq!(
        (&last["payload"], &last["errors"][0]["extensions"]["code"]),
        (&Value::Null, &json!("UNAVAILABLE"))
    );
    assert_eq!(stream.payload().await?, None);
    Ok(())
}

#[rstest]
#[case::events("/graphql/stream", SSE)]
#[case::parts("/graphql", APOLLO)]
#[tokio::test]
async fn who_never_reads_is_cut(#[case] path: &str, #[case] accept: &str) -> Result<()> {
    let options = ["--drain-timeout", "1s", "--max-sockets-per-user", "1", "--max-aliases", "100"];
    let server = Server::start_with(&options).await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    // 4 KB a hundred times: an event that is larger than what a kernel holds after some dozens.
    let message = "x".repeat(4_000);
    let fields = (0..100).map(|n| format!("m{n}: message")).collect::<Vec<_>>().join(" ");
    let feed = format!(
        "subscription {{ feed {{ cursor ... on NotificationAdded {{ notification {{ {fields} }} }} }} }}"
    );
    let stalled = Stream::post(&ada, path, accept, &feed, &Value::Null).await?;
    assert_eq!(stalled.status, StatusCode::OK);

    for n in 0..60 {
        let mut content = publish::content(&n.to_string());
        content["message"] = json!(message);
        let input = json!({ "campusKey": "north", "content": content });
        publish::publish(&platform, publish::BROADCAST_TO_CAMPUS, &input).await?;
    }

    until("its place is free", async || {
        let again = Stream::post(&ada, path, accept, FEED, &Value::Null).await.ok()?;
        (again.status == StatusCode::OK).then_some(())
    })
    .await?;
    assert!(stalled.breaks_off().await?, "more than the kernel holds does not come");
    Ok(())
}
