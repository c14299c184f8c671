//! What bad input gets: an error with a code that a client can act on, and the field to correct.
//!
//! Tokens are in `bad_token.rs`, cursors in `bad_cursor.rs`.

use std::convert::Infallible;

use anyhow::Result;
use campanile_tests::{caller::Caller, directory, publish, server::Server};
use futures_util::stream;
use http_body_util::{Full, StreamBody};
use hyper::{
    Request, StatusCode,
    body::{Bytes, Frame},
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use rstest::rstest;
use serde_json::{Value, json};

/// More than the 4 MiB that a request may have.
const TOO_LARGE: usize = 4 * 1024 * 1024 + 1;

/// A server with campus north, and the platform that publishes.
async fn platform() -> Result<(Server, Caller)> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    Ok((server, platform))
}

#[rstest]
#[case::an_empty_title(json!({ "title": "" }), "content.title")]
#[case::a_long_title(json!({ "title": "x".repeat(201) }), "content.title")]
#[case::an_escape_in_the_title(json!({ "title": "red \u{1b}[31m alert" }), "content.title")]
#[case::a_null_in_the_title(json!({ "title": "nothing\u{0}here" }), "content.title")]
#[case::an_empty_message(json!({ "message": "" }), "content.message")]
#[case::a_long_message(json!({ "message": "x".repeat(4001) }), "content.message")]
#[case::a_null_in_the_message(json!({ "message": "nothing\u{0}here" }), "content.message")]
#[case::an_unknown_type(json!({ "type": "NO_SUCH_TYPE" }), "content.type")]
#[case::a_script(json!({ "data": { "actionUrl": "javascript:alert(1)" } }), "content.data.actionUrl")]
#[case::a_script_behind_a_blank(json!({ "data": { "actionUrl": " javascript:alert(1)" } }), "content.data.actionUrl")]
#[case::another_site(json!({ "data": { "actionUrl": "//elsewhere.example/" } }), "content.data.actionUrl")]
#[case::a_null_deep_in_metadata(json!({ "data": { "metadata": { "a": ["\u{0}"] } } }), "content.data.metadata")]
#[case::large_metadata(json!({ "data": { "metadata": "x".repeat(8 * 1024 + 1) } }), "content.data.metadata")]
#[case::deep_metadata(json!({ "data": { "metadata": [[[[[[[[[1]]]]]]]]] } }), "content.data.metadata")]
#[tokio::test]
async fn a_content_that_breaks_a_rule_is_refused_by_its_field(
    #[case] change: Value,
    #[case] field: &str,
) -> Result<()> {
    let (_server, platform) = platform().await?;
    let mut content = publish::content("hello");
    for (name, value) in change.as_object().into_iter().flatten() {
        content[name] = value.clone();
    }
    let input = json!({ "campusKey": "north", "content": content });

    let refusal = platform.refusal(publish::BROADCAST_TO_CAMPUS, json!({ "input": input })).await?;

    assert_eq!(refusal.code, "BAD_USER_INPUT", "{refusal:?}");
    assert_eq!(refusal.field.as_deref(), Some(field), "{refusal:?}");
    Ok(())
}

#[rstest]
#[case::the_longest_title(json!({ "title": "ü".repeat(200) }))]
#[case::the_longest_message(json!({ "message": "ü".repeat(4000) }))]
#[case::lines(json!({ "message": "one\ntwo" }))]
#[case::a_page_of_ours(json!({ "data": { "actionUrl": "/events/42?tab=who#me" } }))]
#[case::a_page_elsewhere(json!({ "data": { "actionUrl": "https://example.org/events/42" } }))]
#[case::the_deepest_metadata(json!({ "data": { "metadata": [[[[[[[[]]]]]]]] } }))]
#[tokio::test]
async fn a_content_that_just_keeps_the_rules_goes_through(#[case] change: Value) -> Result<()> {
    let (_server, platform) = platform().await?;
    let mut content = publish::content("hello");
    for (name, value) in change.as_object().into_iter().flatten() {
        content[name] = value.clone();
    }
    let input = json!({ "campusKey": "north", "content": content });
    publish::publish(&platform, publish::BROADCAST_TO_CAMPUS, &input).await?;
    Ok(())
}

#[rstest]
#[case::nobody(json!([]))]
#[case::too_many((0..10_001).map(|user| user.to_string()).collect())]
#[case::a_null(json!(["nothing\u{0}here"]))]
#[tokio::test]
async fn a_bad_list_of_recipients_is_refused(#[case] user_keys: Value) -> Result<()> {
    let (_server, platform) = platform().await?;
    let input = json!({ "userKeys": user_keys, "content": publish::content("hello") });
    let refusal = platform.refusal(publish::NOTIFY_USERS, json!({ "input": input })).await?;
    assert_eq!(refusal.code, "BAD_USER_INPUT", "{refusal:?}");
    assert!(refusal.field.is_some_and(|field| field.contains("userKeys")));
    Ok(())
}

#[tokio::test]
async fn other_content_under_a_used_key_is_a_conflict_and_the_same_is_not() -> Result<()> {
    let (_server, platform) = platform().await?;
    let input = |title: &str| json!({ "campusKey": "north", "content": publish::content(title), "idempotencyKey": "k" });
    let first = publish::publish(&platform, publish::BROADCAST_TO_CAMPUS, &input("hello")).await?;

    let again = platform.ask(publish::BROADCAST_TO_CAMPUS, json!({ "input": input("hello") })).await?;
    let other = platform.refusal(publish::BROADCAST_TO_CAMPUS, json!({ "input": input("goodbye") })).await?;

    assert_eq!(again["publish"], json!({ "created": false, "notification": { "id": first } }));
    assert_eq!(other.code, "CONFLICT");
    Ok(())
}

#[tokio::test]
async fn a_bad_event_is_refused_by_its_index_and_the_others_go_through() -> Result<()> {
    let (_server, platform) = platform().await?;
    let quota = |key: &str, user: &str| json!({ "quota": { "idempotencyKey": key, "userKey": user, "resource": "disk", "used": 9.0, "limit": 10.0 } });
    let events = [quota("1", "ada"), quota("2", "bad\u{0}key"), quota("3", "ada"), quota("1", "ada")];

    let ingested = platform
        .ask(
            "mutation ($events: [DomainEventInput!]!) {
               ingest(input: { events: $events }) { created duplicates refused { index code } }
             }",
            json!({ "events": events }),
        )
        .await?;

    let refused = json!([{ "index": 1, "code": "BAD_USER_INPUT" }]);
    assert_eq!(ingested["ingest"], json!({ "created": 2, "duplicates": 1, "refused": refused }));
    Ok(())
}

#[rstest]
#[case::not_json("application/json", "{ viewer", StatusCode::BAD_REQUEST)]
#[case::not_an_operation("application/json", "[]", StatusCode::BAD_REQUEST)]
#[case::not_a_json_media_type(
    "text/plain",
    r#"{ "query": "{ __typename }" }"#,
    StatusCode::UNSUPPORTED_MEDIA_TYPE
)]
#[tokio::test]
async fn a_body_that_is_no_operation_is_refused_by_http(
    #[case] media_type: &str,
    #[case] body: &'static str,
    #[case] status: StatusCode,
) -> Result<()> {
    let (_server, platform) = platform().await?;
    let request = Request::post("/graphql").header(CONTENT_TYPE, media_type);
    let reply = platform.send(request.body(Full::from(body))?).await?;
    assert_eq!(reply.status, status, "{reply:?}");
    Ok(())
}

#[tokio::test]
async fn a_body_that_will_be_too_large_is_refused_before_it_is_sent() -> Result<()> {
    let (_server, platform) = platform().await?;
    let never = StreamBody::new(stream::pending::<Result<Frame<Bytes>, Infallible>>());
    let request = Request::post("/graphql").header(CONTENT_TYPE, "application/json");
    let request = request.header(CONTENT_LENGTH, TOO_LARGE).body(never)?;
    assert_eq!(platform.send(request).await?.status, StatusCode::PAYLOAD_TOO_LARGE);
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_when_it_has_been_sent() -> Result<()> {
    let (_server, platform) = platform().await?;
    let whole =
        StreamBody::new(stream::iter([Ok::<_, Infallible>(Frame::data(Bytes::from(vec![b' '; TOO_LARGE])))]));
    let request = Request::post("/graphql").header(CONTENT_TYPE, "application/json").body(whole)?;
    assert_eq!(platform.send(request).await?.status, StatusCode::PAYLOAD_TOO_LARGE);
    Ok(())
}

#[rstest]
#[case::unparsable("{ viewer", "GRAPHQL_PARSE_FAILED")]
#[case::unknown("{ nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::too_much(&aliases(10_000), "TOO_COMPLEX")]
#[tokio::test]
async fn a_document_that_cannot_be_executed_is_refused_without_a_hint(
    #[case] document: &str,
    #[case] code: &str,
) -> Result<()> {
    let (_server, platform) = platform().await?;
    let refusal = platform.refusal(document, Value::Null).await?;
    assert_eq!(refusal.code, code, "{refusal:?}");
    assert!(!refusal.message.contains("Did you mean"), "{refusal:?}");
    Ok(())
}

/// A document that asks for the same again and again.
fn aliases(count: usize) -> String {
    let fields: Vec<_> = (0..count).map(|n| format!("a{n}: viewer {{ id }}")).collect();
    format!("{{ {} }}", fields.join(" "))
}
