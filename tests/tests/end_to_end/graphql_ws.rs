//! `/graphql/ws`: the protocol `graphql-transport-ws`, message by message.

use anyhow::{Result, bail};
use campanile_tests::{
    caller::Caller,
    directory, publish,
    server::Server,
    socket::{Frame, Socket},
    wait::until,
};
use rstest::rstest;
use serde_json::{Value, json};

const FEED: &str =
    "subscription { feed { __typename cursor ... on NotificationAdded { notification { title } } } }";

async fn ada() -> Result<(Server, Caller, Socket)> {
    ada_with(&[]).await
}

/// A server, the platform, and ada's socket.
async fn ada_with(options: &[&str]) -> Result<(Server, Caller, Socket)> {
    let server = Server::start_with(options).await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let token = server.member("ada").await?.token;
    let socket = Socket::open(server.address(), token.as_deref()).await?;
    Ok((server, platform, socket))
}

async fn message(socket: &mut Socket) -> Result<Value> {
    match socket.next().await? {
        Frame::Message(message) => Ok(message),
        other => bail!("{other:?} instead of a message"),
    }
}

/// Subscribes to the feed under this id, and waits until it is live.
async fn listen(socket: &mut Socket, id: &str) -> Result<()> {
    socket.subscribe(id, FEED, &Value::Null).await?;
    let live = message(socket).await?;
    assert_eq!((&live["id"], &live["type"]), (&json!(id), &json!("next")), "{live}");
    assert_eq!(live["payload"]["data"]["feed"]["__typename"], "FeedProgress", "{live}");
    Ok(())
}

/// Whether the socket still does its work, and nothing has come before this.
async fn is_in_order(socket: &mut Socket) -> Result<()> {
    socket.send(&json!({ "type": "ping", "payload": { "after": ["all", 1.5] } })).await?;
    assert_eq!(message(socket).await?, json!({ "type": "pong", "payload": { "after": ["all", 1.5] } }));
    Ok(())
}

#[tokio::test]
async fn a_query_is_answered_by_one_result_and_completed() -> Result<()> {
    let (_server, _platform, mut ada) = ada().await?;
    ada.subscribe("q \"1\"", "{ viewer { user { key } } }", &Value::Null).await?;

    let data = json!({ "viewer": { "user": { "key": "ada" } } });
    assert_eq!(
        message(&mut ada).await?,
        json!({ "id": "q \"1\"", "type": "next", "payload": { "data": data } })
    );
    assert_eq!(message(&mut ada).await?, json!({ "id": "q \"1\"", "type": "complete" }));
    is_in_order(&mut ada).await
}

#[rstest]
#[case::unparsable("{ viewer", "GRAPHQL_PARSE_FAILED")]
#[case::unknown("{ nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::no_such_operation("fragment F on Query { viewer { id } }", "GRAPHQL_PARSE_FAILED")]
#[case::an_unknown_subscription("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::a_bad_cursor(r#"subscription { feed(after: "garbled") { cursor } }"#, "BAD_USER_INPUT")]
#[tokio::test]
async fn an_operation_that_cannot_begin_is_an_error_and_the_socket_lives_on(
    #[case] document: &str,
    #[case] code: &str,
) -> Result<()> {
    let (_server, _platform, mut ada) = ada().await?;
    ada.subscribe("1", document, &Value::Null).await?;

    let error = message(&mut ada).await?;
    assert_eq!((&error["id"], &error["type"]), (&json!("1"), &json!("error")), "{error}");
    assert!(error["payload"].as_array().is_some_and(|errors| errors.len() == 1), "{error}");
    assert_eq!(error["payload"][0]["extensions"]["code"], code, "{error}");
    // Nor is anything completed after it: the id is free at once.
    listen(&mut ada, "1").await?;
    is_in_order(&mut ada).await
}

#[tokio::test]
async fn an_error_of_a_field_is_part_of_a_result() -> Result<()> {
    let (_server, _platform, mut ada) = ada().await?;
    let document = r#"{ viewer { id } campus(key: "nowhere") { id } }"#;
    ada.subscribe("1", document, &Value::Null).await?;

    let result = message(&mut ada).await?;
    assert_eq!(result["type"], "next", "{result}");
    assert_eq!(result["payload"]["errors"][0]["path"], json!(["campus"]), "{result}");
    assert_eq!(message(&mut ada).await?["type"], "complete");
    Ok(())
}

#[tokio::test]
async fn after_a_complete_there_is_not_one_more_word() -> Result<()> {
    let (_server, platform, mut ada) = ada().await?;
    listen(&mut ada, "gone").await?;
    listen(&mut ada, "still there").await?;

    ada.send(&json!({ "id": "gone", "type": "complete" })).await?;
    is_in_order(&mut ada).await?;
    publish::to_campus(&platform, "north", "hello").await?;

    let event = message(&mut ada).await?;
    assert_eq!(event["id"], "still there", "{event}");
    assert_eq!(event["payload"]["data"]["feed"]["notification"]["title"], "hello", "{event}");
    is_in_order(&mut ada).await?;
    // The id may be used again.
    listen(&mut ada, "gone").await
}

#[tokio::test]
async fn what_is_not_under_way_can_be_completed() -> Result<()> {
    let (_server, _platform, mut ada) = ada().await?;
    ada.send(&json!({ "id": "never begun", "type": "complete" })).await?;
    ada.send(&json!({ "type": "pong" })).await?;
    ada.send(&json!({ "type": "pong", "payload": { "any": "thing" } })).await?;
    is_in_order(&mut ada).await
}

#[tokio::test]
async fn a_client_that_goes_away_does_not_undo_a_mutation() -> Result<()> {
    let (server, platform, _ada) = ada().await?;
    let mut socket = Socket::open(server.address(), platform.token.as_deref()).await?;
    let input = json!({ "campusKey": "north", "content": publish::content("hello") });
    let payload = json!({ "query": publish::BROADCAST_TO_CAMPUS, "variables": { "input": input } });
    let begin = json!({ "id": "1", "type": "subscribe", "payload": payload }).to_string();
    socket.send_texts(&[&begin, r#"{"id":"1","type":"complete"}"#]).await?;
    drop(socket);

    let ada = server.member("ada").await?;
    until("it is published all the same", async || {
        let page = ada.ask("{ notifications { nodes { title } } }", Value::Null).await.ok()?;
        (page["notifications"]["nodes"] == json!([{ "title": "hello" }])).then_some(())
    })
    .await
}

#[tokio::test]
async fn so_many_operations_may_be_under_way_and_no_more() -> Result<()> {
    let (_server, _platform, mut ada) = ada_with(&["--max-operations-per-socket", "2"]).await?;
    listen(&mut ada, "1").await?;
    listen(&mut ada, "2").await?;

    ada.subscribe("3", FEED, &Value::Null).await?;
    let error = message(&mut ada).await?;
    assert_eq!((&error["id"], &error["type"]), (&json!("3"), &json!("error")), "{error}");
    assert_eq!(error["payload"][0]["extensions"]["code"], "RATE_LIMITED", "{error}");
    assert!(error["payload"][0]["extensions"]["retryAfterMs"].is_u64(), "{error}");

    ada.send(&json!({ "id": "1", "type": "complete" })).await?;
    listen(&mut ada, "3").await
}

#[tokio::test]
async fn a_document_of_too_many_tokens_is_refused() -> Result<()> {
    let (_server, _platform, mut ada) = ada_with(&["--max-tokens", "200"]).await?;
    ada.subscribe("1", &format!("{{ {} }}", "viewer ".repeat(199)), &Value::Null).await?;
    let error = message(&mut ada).await?;
    assert_eq!(error["payload"][0]["extensions"]["code"], "TOO_COMPLEX", "{error}");
    Ok(())
}

#[tokio::test]
async fn a_socket_says_where_its_feeds_begin() -> Result<()> {
    let (server, platform, mut ada) = ada().await?;
    listen(&mut ada, "1").await?;
    publish::to_campus(&platform, "north", "seen").await?;
    let cursor = message(&mut ada).await?["payload"]["data"]["feed"]["cursor"].clone();
    drop(ada);
    publish::to_campus(&platform, "north", "missed").await?;

    let mut back = Socket::connect(server.address()).await?;
    let token = server.member("ada").await?.token.unwrap_or_default();
    let payload = json!({ "Authorization": format!("Bearer {token}"), "resumeAfter": cursor });
    back.send(&json!({ "type": "connection_init", "payload": payload })).await?;
    assert_eq!(message(&mut back).await?, json!({ "type": "connection_ack" }));
    back.subscribe("1", FEED, &Value::Null).await?;

    let first = message(&mut back).await?;
    assert_eq!(first["payload"]["data"]["feed"]["notification"]["title"], "missed", "{first}");
    Ok(())
}

#[tokio::test]
async fn the_handshake_may_bring_the_token() -> Result<()> {
    let (server, _platform, _ada) = ada().await?;
    let token = server.member("ada").await?.token.unwrap_or_default();
    let bearer = format!("Bearer {token}");
    for (payload, answer) in [
        (Value::Null, Frame::Message(json!({ "type": "connection_ack" }))),
        (json!({ "authorization": null }), Frame::Message(json!({ "type": "connection_ack" }))),
        // What the payload says counts more.
        (json!({ "authorization": "Bearer garbled" }), Frame::Closed(4403)),
    ] {
        let mut socket =
            Socket::shake_hands(server.address(), Some("graphql-transport-ws"), Some(&bearer)).await?;
        socket.send(&json!({ "type": "connection_init", "payload": payload })).await?;
        assert_eq!(socket.next().await?, answer, "{payload}");
    }
    Ok(())
}
