//! A member of one campus learns nothing of another's notifications, whichever door they try.

use anyhow::{Context, Result};
use campanile_tests::{
    caller::Caller,
    directory,
    feed::{Feed, titles},
    publish,
    server::{Role, Server},
};
use rstest::rstest;
use serde_json::{Value, json};

/// `ada` is on north, `bea` on south, and a secret was told to south.
struct Campuses {
    _server: Server,
    platform: Caller,
    ada: Caller,
    bea: Caller,
    /// The notification that ada must never see.
    secret: String,
}

async fn campuses() -> Result<Campuses> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north", "south"], &[("ada", &["north"]), ("bea", &["south"])]).await?;
    let (ada, bea) = (server.member("ada").await?, server.member("bea").await?);
    let secret = publish::to_campus(&platform, "south", "secret").await?;
    Ok(Campuses { _server: server, platform, ada, bea, secret })
}

#[rstest]
#[case::the_list("{ notifications { nodes { id } } }", json!({ "notifications": { "nodes": [] } }))]
#[case::the_list_backwards("{ notifications(last: 10) { nodes { id } } }", json!({ "notifications": { "nodes": [] } }))]
#[case::a_notification("query ($id: ID!) { notification(id: $id) { id } }", json!({ "notification": null }))]
#[case::a_node("query ($id: ID!) { node(id: $id) { id } }", json!({ "node": null }))]
#[case::the_counts(
    "{ viewer { unreadCount { count } unseenCount { count } } }",
    json!({ "viewer": { "unreadCount": { "count": 0 }, "unseenCount": { "count": 0 } } }),
)]
#[case::the_campuses("{ campuses { key } }", json!({ "campuses": [{ "key": "north" }] }))]
#[case::marking_read(
    "mutation ($id: ID!) { markRead(input: { ids: [$id] }) { notifications { id } } }",
    json!({ "markRead": { "notifications": [] } }),
)]
#[case::marking_unread(
    "mutation ($id: ID!) { markUnread(input: { ids: [$id] }) { notifications { id } } }",
    json!({ "markUnread": { "notifications": [] } }),
)]
#[tokio::test]
async fn no_door_shows_another_campus(#[case] query: &str, #[case] expected: Value) -> Result<()> {
    let Campuses { _server, ada, secret, .. } = campuses().await?;
    let variables = if query.contains("$id") { json!({ "id": secret }) } else { Value::Null };
    assert_eq!(ada.ask(query, variables).await?, expected);
    Ok(())
}

#[rstest]
#[case::asking_for_it("query ($campus: String!) { campus(key: $campus) { id } }")]
#[case::filtering_by_it(
    "query ($campus: String!) { notifications(filter: { campusKeys: [$campus] }) { nodes { id } } }"
)]
#[case::sending_to_it(
    r#"mutation ($campus: String!) {
      broadcastToCampus(input: {
        campusKey: $campus, content: { type: "CAMPUS_UPDATE", title: "hello", message: "hello" }
      }) { created }
    }"#
)]
#[tokio::test]
async fn another_campus_is_as_unknown_as_one_that_does_not_exist(#[case] query: &str) -> Result<()> {
    let Campuses { _server, ada, .. } = campuses().await?;
    let others = ada.refusal(query, json!({ "campus": "south" })).await?;
    let nobodys = ada.refusal(query, json!({ "campus": "nowhere" })).await?;
    assert_eq!(others.code, "NOT_FOUND");
    assert_eq!(others, nobodys, "no word tells the one from the other");
    Ok(())
}

#[tokio::test]
async fn a_guessed_id_leaves_no_trace_on_another_campus() -> Result<()> {
    let Campuses { _server, ada, bea, secret, .. } = campuses().await?;
    let mark = "mutation ($id: ID!) { markRead(input: { ids: [$id] }) { viewer { unreadCount { count } } } }";
    ada.ask(mark, json!({ "id": secret })).await?;

    let unread = "{ viewer { unreadCount { count } } notifications { nodes { id readAt } } }";
    let seen = bea.ask(unread, Value::Null).await?;
    assert_eq!(seen["viewer"]["unreadCount"]["count"], 1);
    assert_eq!(seen["notifications"]["nodes"], json!([{ "id": secret, "readAt": null }]));
    Ok(())
}

#[tokio::test]
async fn the_feed_tells_nothing_of_another_campus_live_or_replayed() -> Result<()> {
    let Campuses { _server, platform, ada, secret, .. } = campuses().await?;
    let mut feed = Feed::open(&ada, None, &Value::Null).await?;
    feed.catch_up().await?;
    let start = feed.cursor().context("a live feed has a cursor")?.to_owned();

    publish::to_campus(&platform, "south", "another secret").await?;
    platform
        .ask("mutation ($id: ID!) { recall(input: { id: $id }) { notificationId } }", json!({ "id": secret }))
        .await?;
    publish::to_campus(&platform, "north", "hello").await?;

    let live = feed.until(|event| event.title() == Some("hello")).await?;
    let replay = Feed::open(&ada, Some(&start), &Value::Null).await?.catch_up().await?;
    for events in [live, replay] {
        assert_eq!(titles(&events), ["hello"]);
        assert!(!format!("{events:?}").contains(&secret), "not even that it was recalled: {events:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_token_of_nobody_in_the_directory_is_a_member_of_nothing() -> Result<()> {
    let Campuses { _server: server, .. } = campuses().await?;
    let nobody = server.member("nobody").await?;
    let seen = nobody.ask("{ campuses { key } notifications { nodes { id } } }", Value::Null).await?;
    assert_eq!(seen, json!({ "campuses": [], "notifications": { "nodes": [] } }));
    Ok(())
}

#[tokio::test]
async fn an_admin_reaches_no_further_than_their_campus() -> Result<()> {
    let Campuses { _server, platform, ada, bea, .. } = campuses().await?;
    directory::appoint(&platform, "ada", "north").await?;

    publish::to_campus(&ada, "north", "from the admin").await?;

    let content = publish::content("hello");
    for (mutation, input, code) in [
        (publish::BROADCAST_TO_CAMPUS, json!({ "campusKey": "south", "content": content }), "NOT_FOUND"),
        (publish::BROADCAST_TO_ALL, json!({ "content": content }), "FORBIDDEN"),
        (publish::NOTIFY_USERS, json!({ "userKeys": ["bea"], "content": content }), "FORBIDDEN"),
    ] {
        let refusal = ada.refusal(mutation, json!({ "input": input })).await?;
        assert_eq!(refusal.code, code, "{mutation}");
    }
    let seen = bea.ask("{ notifications { nodes { title } } }", Value::Null).await?;
    assert_eq!(seen["notifications"]["nodes"], json!([{ "title": "secret" }]));
    Ok(())
}

#[tokio::test]
async fn a_super_admin_reaches_everyone_and_a_service_reads_nobodys_feed() -> Result<()> {
    let Campuses { _server: server, platform, ada, .. } = campuses().await?;
    let root = server.caller("root", Role::SuperAdmin).await?;

    publish::to_all(&root, "from the super admin").await?;
    let seen = ada.ask("{ notifications { nodes { title } } }", Value::Null).await?;
    assert_eq!(seen["notifications"]["nodes"], json!([{ "title": "from the super admin" }]));

    let refusal = platform.refusal("{ notifications { nodes { title } } }", Value::Null).await?;
    assert_eq!(refusal.code, "FORBIDDEN");
    Ok(())
}
