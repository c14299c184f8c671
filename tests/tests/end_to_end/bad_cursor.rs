//! A cursor that is none, that another log gave out, or that has not been reached yet.

use anyhow::{Context, Result};
use campanile_tests::{caller::Caller, directory, feed::Feed, publish, server::Server};
use rstest::rstest;
use serde_json::{Value, json};

/// Where the viewer's feed stands.
async fn cursor_now(viewer: &Caller) -> Result<String> {
    let page = viewer.ask("{ notifications { feedCursor } }", Value::Null).await?;
    page["notifications"]["feedCursor"].as_str().map(str::to_owned).context("every page has a feedCursor")
}

#[rstest]
#[case::empty("")]
#[case::words("the day before yesterday")]
#[case::a_number("-1")]
#[case::a_null("\u{0}")]
#[tokio::test]
async fn a_garbled_cursor_is_refused_by_its_field(#[case] garbled: &str) -> Result<()> {
    let server = Server::start().await?;
    let ada = server.member("ada").await?;

    let live = Feed::open(&ada, Some(garbled), &Value::Null).await?.refusal().await?;
    let after = "query ($after: String) { notifications(after: $after) { nodes { id } } }";
    let page = ada.refusal(after, json!({ "after": garbled })).await?;

    for refusal in [live, page] {
        assert_eq!(refusal.code, "BAD_USER_INPUT", "{refusal:?}");
        assert_eq!(refusal.field.as_deref(), Some("after"), "{refusal:?}");
    }
    Ok(())
}

#[tokio::test]
async fn another_logs_cursor_has_expired() -> Result<()> {
    let (server, other) = (Server::start().await?, Server::start().await?);
    let foreign = cursor_now(&other.member("ada").await?).await?;

    let mut feed = Feed::open(&server.member("ada").await?, Some(&foreign), &Value::Null).await?;

    assert_eq!(feed.refusal().await?.code, "CURSOR_EXPIRED");
    Ok(())
}

#[tokio::test]
async fn a_cursor_from_beyond_the_head_has_expired() -> Result<()> {
    let mut server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &[], &[("ada", &[])]).await?;
    let ada = server.member("ada").await?;
    server.terminate().await?;
    let back_up = server.database()?.back_up();

    // What is published now, the back-up will not know.
    server.restart().await?;
    publish::to_user(&platform, "ada", "hello").await?;
    let beyond = cursor_now(&ada).await?;
    server.terminate().await?;
    server.database()?.restore(&back_up);
    server.restart().await?;

    let mut feed = Feed::open(&ada, Some(&beyond), &Value::Null).await?;
    assert_eq!(feed.refusal().await?.code, "CURSOR_EXPIRED");
    Ok(())
}
