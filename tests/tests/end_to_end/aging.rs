//! What is old is archived, then deleted, and who comes back from before it is told to begin anew.

use anyhow::{Context, Result};
use campanile_tests::{caller::Caller, directory, feed::Feed, publish, server::Server, wait};
use serde_json::{Value, json};

const PAGE: &str =
    "query ($after: String) { notifications(after: $after) { nodes { title } edges { cursor } feedCursor } }";

#[tokio::test]
async fn what_is_old_is_archived_then_deleted_and_the_young_stays() -> Result<()> {
    let mut server = Server::start_with(&["--archive-after", "2s", "--keep-for", "4s"]).await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    let before = page(&ada, Value::Null).await?;
    let old = publish::to_all(&platform, "old").await?;
    let many: Vec<_> =
        (0..150).map(|i| json!({ "key": format!("user-{i}"), "name": "One of many" })).collect();
    let keys: Vec<_> = many.iter().map(|user| user["key"].clone()).collect();
    let upsert =
        "mutation ($users: [UserInput!]!) { upsertUsers(input: { users: $users }) { users { id } } }";
    platform.ask(upsert, json!({ "users": many })).await?;
    let listed = json!({ "userKeys": keys, "content": publish::content("to a list") });
    let last_old = publish::publish(&platform, publish::NOTIFY_USERS, &listed).await?;
    let read = "mutation ($id: ID!) { markAllRead(input: { through: $id }) { readThrough } }";
    ada.ask(read, json!({ "id": old })).await?;
    let last_old: i64 = last_old.trim_start_matches('n').parse()?;

    reaches(&server, "archived_through", last_old).await?;
    reaches(&server, "deleted_through", last_old).await?;

    // From now on nobody sees it, whether its rows are there or not.
    let node = ada
        .ask("query ($id: ID!) { notification(id: $id) { id } node(id: $id) { id } }", json!({ "id": old }))
        .await?;
    assert_eq!(node, json!({ "notification": null, "node": null }));
    let refusal = ada.refusal(read, json!({ "id": old })).await?;
    assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), ("BAD_USER_INPUT", Some("through")));
    let counts = ada.ask("{ viewer { unreadCount { count } } }", Value::Null).await?;
    assert_eq!(counts["viewer"]["unreadCount"]["count"], 0);
    let cursor = before["feedCursor"].as_str().context("every page has a feedCursor")?;
    let refusal = Feed::open(&ada, Some(cursor), &Value::Null).await?.refusal().await?;
    assert_eq!(refusal.code, "CURSOR_EXPIRED");
    let refusal = ada.refusal(PAGE, json!({ "after": cursor })).await?;
    assert_eq!(refusal.code, "CURSOR_EXPIRED");

    let rows = [
        "feed_entry WHERE seq",
        "notification WHERE seq",
        "log_entry WHERE seq",
        "read_mark WHERE through",
        "recipient_list WHERE seq",
        "recipient_list_member WHERE 0",
    ];
    for rows in rows {
        let left = format!("SELECT count(*) FROM {rows} <= {last_old}");
        wait::until(&left, async || (number(&server, &left).ok()? == 0).then_some(())).await?;
    }

    // A page now, and a feed from there: both hold what is young, after a restart as well.
    server.terminate().await?;
    server.restart().await?;
    let now = page(&ada, Value::Null).await?;
    assert_eq!(now["nodes"], json!([]));
    let mut feed = Feed::open(&ada, now["feedCursor"].as_str(), &Value::Null).await?;
    feed.catch_up().await?;
    publish::to_all(&platform, "young").await?;
    assert_eq!(feed.titles_through("young").await?, ["young"]);
    Ok(())
}

async fn page(viewer: &Caller, after: Value) -> Result<Value> {
    Ok(viewer.ask(PAGE, json!({ "after": after })).await?["notifications"].clone())
}

/// Waits until this position of the log's age has come so far.
async fn reaches(server: &Server, position: &str, seq: i64) -> Result<()> {
    let query = format!("SELECT {position} FROM log_head");
    wait::until(position, async || (number(server, &query).ok()? >= seq).then_some(())).await
}

/// The number that this query gives, past the server.
fn number(server: &Server, query: &str) -> Result<i64> {
    Ok(server.database()?.number(query))
}
