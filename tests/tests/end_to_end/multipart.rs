//! Multipart subscriptions at `/graphql`, as Apollo Client asks for them when it has no socket.

use anyhow::{Context, Result, ensure};
use campanile_tests::{
    caller::Caller,
    directory, publish,
    server::Server,
    stream::{APOLLO, Stream},
};
use hyper::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use rstest::rstest;
use serde_json::{Value, json};

const FEED: &str = "subscription ($after: String) {
  feed(after: $after) { __typename cursor ... on NotificationAdded { notification { title } } }
}";

async fn ada_with(options: &[&str]) -> Result<(Server, Caller, Caller)> {
    let server = Server::start_with(options).await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    Ok((server, platform, ada))
}

async fn feed(viewer: &Caller, after: &Value) -> Result<Stream> {
    Stream::post(viewer, "/graphql", APOLLO, FEED, &json!({ "after": after })).await
}

/// The next event of a feed.
async fn event(feed: &mut Stream) -> Result<Value> {
    let mut part = feed.payload().await?.context("the feed goes on")?;
    ensure!(part.as_object().is_some_and(|part| part.len() == 1), "not an event: {part}");
    Ok(part["payload"]["data"]["feed"].take())
}

#[tokio::test]
async fn a_feed_is_a_stream_of_parts() -> Result<()> {
    let (_server, platform, ada) = ada_with(&[]).await?;
    let mut live = feed(&ada, &Value::Null).await?;
    assert_eq!(live.status, StatusCode::OK);
    assert_eq!(live.headers[CONTENT_TYPE], "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0");
    assert!(live.headers[CACHE_CONTROL].to_str()?.contains("no-store"));
    assert_eq!(event(&mut live).await?["__typename"], "FeedProgress");

    publish::to_campus(&platform, "north", "live").await?;
    let told = event(&mut live).await?;
    assert_eq!(told["notification"]["title"], "live");
    drop(live);
    publish::to_campus(&platform, "north", "missed").await?;

    let mut back = feed(&ada, &told["cursor"]).await?;
    assert_eq!(event(&mut back).await?["notification"]["title"], "missed");
    Ok(())
}

#[rstest]
#[case::unknown("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::a_bad_argument(r#"subscription { feed(after: "garbled") { cursor } }"#, "BAD_USER_INPUT")]
#[tokio::test]
async fn what_cannot_be_executed_is_its_only_result(
    #[case] document: &str,
    #[case] code: &str,
) -> Result<()> {
    let (_server, _platform, ada) = ada_with(&[]).await?;
    let mut stream = Stream::post(&ada, "/graphql", APOLLO, document, &Value::Null).await?;
    assert_eq!(stream.status, StatusCode::OK);
    let part = stream.payload().await?.context("it says why")?;
    assert_eq!(part["payload"]["errors"][0]["extensions"]["code"], code, "{part}");
    assert_eq!(stream.payload().await?, None);
    Ok(())
}

#[tokio::test]
async fn a_query_beside_it_is_answered_once() -> Result<()> {
    let (_server, _platform, ada) = ada_with(&[]).await?;
    let stream = Stream::post(&ada, "/graphql", APOLLO, "{ viewer { id } }", &Value::Null).await?;
    assert_eq!(stream.headers[CONTENT_TYPE], "application/graphql-response+json; charset=utf-8");
    Ok(())
}

#[tokio::test]
async fn heartbeats_keep_a_silent_stream_alive() -> Result<()> {
    let (_server, _platform, ada) = ada_with(&["--heartbeat-interval", "1s"]).await?;
    let mut live = feed(&ada, &Value::Null).await?;
    event(&mut live).await?;
    for _ in 0..2 {
        assert_eq!(live.part().await?, Some(json!({})));
    }
    Ok(())
}
