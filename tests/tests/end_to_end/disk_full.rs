//! A database that cannot be written: nothing is acknowledged that was not kept, and the server gets over it.

use anyhow::Result;
use campanile_tests::{caller::Caller, directory, feed::Feed, publish, server::Server};
use hyper::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn on_a_full_disk_a_publish_is_refused_until_there_is_room_again() -> Result<()> {
    // A PostgreSQL has a disk of its own.
    let server = Server::start_on_file(&[]).await?;
    let Scene { platform, ada, mut feed } = scene(&server).await?;

    server.set_disk_full(true)?;
    is_refused_and_the_server_stays_up(&platform, &ada).await?;
    server.set_disk_full(false)?;

    the_same_publish_goes_through_once(&platform, &mut feed).await
}

#[tokio::test]
async fn on_a_locked_database_a_publish_is_refused_until_it_is_free_again() -> Result<()> {
    let server = Server::start_with(&["--database-timeout", "2s"]).await?;
    let Scene { platform, ada, mut feed } = scene(&server).await?;

    let intruder = server.database()?.hold();
    is_refused_and_the_server_stays_up(&platform, &ada).await?;
    drop(intruder);

    the_same_publish_goes_through_once(&platform, &mut feed).await
}

/// Who takes part.
struct Scene {
    platform: Caller,
    ada: Caller,
    /// Ada's.
    feed: Feed,
}

async fn scene(server: &Server) -> Result<Scene> {
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    let feed = Feed::live(&ada).await?;
    Ok(Scene { platform, ada, feed })
}

/// The publish that is tried again and again.
fn broadcast() -> Value {
    json!({ "campusKey": "north", "content": publish::content("hello"), "idempotencyKey": "once" })
}

async fn is_refused_and_the_server_stays_up(platform: &Caller, ada: &Caller) -> Result<()> {
    let refusal = platform.refusal(publish::BROADCAST_TO_CAMPUS, json!({ "input": broadcast() })).await?;
    assert_eq!(refusal.code, "UNAVAILABLE", "{refusal:?}");
    // What can be done without writing still is.
    assert_eq!(ada.get("/healthz").await?.status, StatusCode::OK);
    let page = ada.ask("{ notifications { nodes { title } } }", Value::Null).await?;
    assert_eq!(page["notifications"]["nodes"], json!([]));
    Ok(())
}

async fn the_same_publish_goes_through_once(platform: &Caller, feed: &mut Feed) -> Result<()> {
    let answer = platform.ask(publish::BROADCAST_TO_CAMPUS, json!({ "input": broadcast() })).await?;
    assert_eq!(answer["publish"]["created"], true, "what was refused has left nothing behind");
    publish::to_campus(platform, "north", "the last").await?;
    assert_eq!(feed.titles_through("the last").await?, ["hello", "the last"]);
    Ok(())
}
