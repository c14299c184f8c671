//! GraphQL over SSE, distinct connections mode: at `/graphql/stream`, and at `/graphql` for whoever asks.

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use campanile_tests::{
    caller::Caller,
    directory, publish,
    server::Server,
    stream::{Event, SSE, Stream},
    wait::until,
};
use http_body_util::Full;
use hyper::{
    Method, Request, StatusCode,
    body::Bytes,
    header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use rstest::rstest;
use serde_json::{Value, json};

const STREAM: &str = "/graphql/stream";
const FEED: &str =
    "subscription { feed { __typename cursor ... on NotificationAdded { notification { title } } } }";

async fn ada_on_north() -> Result<(Server, Caller, Caller)> {
    ada_with(&[]).await
}

async fn ada_with(options: &[&str]) -> Result<(Server, Caller, Caller)> {
    let server = Server::start_with(options).await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    Ok((server, platform, ada))
}

/// A feed that begins after this event, or now.
async fn feed(viewer: &Caller, after: Option<&str>) -> Result<Stream> {
    Stream::resume(viewer, STREAM, SSE, FEED, &Value::Null, after).await
}

/// What the feed tells up to and with this title, and the id of the last event.
async fn titles_through(feed: &mut Stream, last: &str) -> Result<(Vec<String>, String)> {
    let mut titles = Vec::new();
    loop {
        let (id, result) = feed.result().await?;
        let event = &result["data"]["feed"];
        assert_eq!(id.as_deref(), event["cursor"].as_str(), "an event's id is its cursor");
        let title = event["notification"]["title"].as_str().map(str::to_owned);
        titles.extend(title.clone());
        if title.as_deref() == Some(last) {
            return Ok((titles, id.context("every event of a feed has a place")?));
        }
    }
}

/// Waits until what is published will come live.
async fn live(viewer: &Caller, path: &str, accept: &str) -> Result<Stream> {
    let mut stream = Stream::post(viewer, path, accept, FEED, &Value::Null).await?;
    assert_eq!(stream.status, StatusCode::OK);
    assert_eq!(stream.headers[CONTENT_TYPE], "text/event-stream; charset=utf-8");
    let (_, result) = stream.result().await?;
    assert_eq!(result["data"]["feed"]["__typename"], "FeedProgress", "{result}");
    Ok(stream)
}

#[rstest]
#[case::a_door_of_its_own(STREAM, SSE)]
#[case::whatever_there_is(STREAM, "*/*")]
#[case::the_other_door(&"/graphql", SSE)]
#[case::urql("/graphql", "application/graphql-response+json, text/event-stream, multipart/mixed")]
#[tokio::test]
async fn a_feed_is_a_stream_of_events(#[case] path: &str, #[case] accept: &str) -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut feed = live(&ada, path, accept).await?;

    publish::to_campus(&platform, "north", "one").await?;
    publish::to_user(&platform, "ada", "two\nlines, \r and all").await.unwrap_err();
    publish::to_user(&platform, "ada", "two").await?;

    assert_eq!(titles_through(&mut feed, "two").await?.0, ["one", "two"]);
    assert!(feed.headers[CACHE_CONTROL].to_str()?.contains("no-store"));
    assert_eq!(feed.headers["x-accel-buffering"], "no");
    Ok(())
}

#[tokio::test]
async fn a_stream_comes_by_get_too() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let query = "query=subscription%7Bfeed%7B__typename+cursor+...on+NotificationAdded%7Bnotification%7Btitle%7D%7D%7D%7D";
    let request = Request::get(format!("{STREAM}?{query}")).header(ACCEPT, SSE).body(Full::default())?;
    let mut feed = Stream::send(&ada, request).await?;
    feed.result().await?;
    publish::to_campus(&platform, "north", "hello").await?;
    assert_eq!(titles_through(&mut feed, "hello").await?.0, ["hello"]);
    Ok(())
}

#[tokio::test]
async fn the_last_events_id_resumes_without_gap_or_repeat() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut first = live(&ada, STREAM, SSE).await?;
    let mut told = Vec::new();
    let mut last = None;
    for round in 0..3 {
        publish::to_campus(&platform, "north", &format!("{round} live")).await?;
        let mut resumed = match &last {
            None => std::mem::replace(&mut first, feed(&ada, None).await?),
            Some(_) => feed(&ada, last.as_deref()).await?,
        };
        let (titles, id) = titles_through(&mut resumed, &format!("{round} live")).await?;
        told.extend(titles);
        last = Some(id);
        drop(resumed);
        publish::to_campus(&platform, "north", &format!("{round} missed")).await?;
    }
    let (titles, _) = titles_through(&mut feed(&ada, last.as_deref()).await?, "2 missed").await?;
    told.extend(titles);
    assert_eq!(told, ["0 live", "0 missed", "1 live", "1 missed", "2 live", "2 missed"]);
    Ok(())
}

#[rstest]
#[case::words("the day before yesterday", "BAD_USER_INPUT")]
#[case::not_text("\u{fffd}", "BAD_USER_INPUT")]
#[case::of_another_log(&BASE64_URL_SAFE_NO_PAD.encode("1.another"), "CURSOR_EXPIRED")]
#[tokio::test]
async fn a_bad_event_id_is_refused_on_the_stream(#[case] id: &str, #[case] code: &str) -> Result<()> {
    let (_server, _platform, ada) = ada_on_north().await?;
    let mut feed = feed(&ada, Some(id)).await?;
    let (_, result) = feed.result().await?;
    assert_eq!(result["errors"][0]["extensions"]["code"], code, "{result}");
    assert_eq!(feed.next().await?, Some(Event::Complete));
    assert_eq!(feed.next().await?, None);
    Ok(())
}

#[tokio::test]
async fn an_empty_event_id_is_none() -> Result<()> {
    let (_server, _platform, ada) = ada_on_north().await?;
    let (_, result) = feed(&ada, Some("")).await?.result().await?;
    assert_eq!(result["data"]["feed"]["__typename"], "FeedProgress", "{result}");
    Ok(())
}

#[rstest]
#[case::a_door_of_its_own(STREAM)]
#[case::the_other_door("/graphql")]
#[tokio::test]
async fn queries_and_mutations_are_streams_of_one_event(#[case] path: &str) -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let input = json!({ "campusKey": "north", "content": publish::content("hello") });
    let variables = json!({ "input": input });
    let mut mutation = Stream::post(&platform, path, SSE, publish::BROADCAST_TO_CAMPUS, &variables).await?;
    assert_eq!(mutation.result().await?.1["data"]["publish"]["created"], true);

    let query = "{ notifications { nodes { title } } }";
    let mut query = Stream::post(&ada, path, SSE, query, &Value::Null).await?;
    let page = json!({ "data": { "notifications": { "nodes": [{ "title": "hello" }] } } });
    assert_eq!(query.next().await?, Some(Event::Next { id: None, result: page }));

    for stream in [&mut mutation, &mut query] {
        assert_eq!(stream.next().await?, Some(Event::Complete));
        assert_eq!(stream.next().await?, None);
    }
    Ok(())
}

#[rstest]
#[case::unparsable("subscription { feed", "GRAPHQL_PARSE_FAILED")]
#[case::unknown("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::a_bad_argument(r#"subscription { feed(after: "garbled") { cursor } }"#, "BAD_USER_INPUT")]
#[case::a_query("{ nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[tokio::test]
async fn what_cannot_be_executed_is_said_on_the_stream(
    #[case] document: &str,
    #[case] code: &str,
) -> Result<()> {
    let (_server, _platform, ada) = ada_on_north().await?;
    let mut stream = Stream::post(&ada, STREAM, SSE, document, &Value::Null).await?;
    assert_eq!(stream.status, StatusCode::OK);
    let (_, result) = stream.result().await?;
    assert_eq!(result["errors"][0]["extensions"]["code"], code, "{result}");
    assert_eq!(result.get("data"), None, "{result}");
    assert_eq!(stream.next().await?, Some(Event::Complete));
    Ok(())
}

#[rstest]
#[case::json_from_the_stream(STREAM, "application/json", FEED)]
#[case::a_query_as_json_from_the_stream(STREAM, "application/json", "{ viewer { id } }")]
#[case::a_subscription_as_json("/graphql", "application/graphql-response+json, application/json", FEED)]
#[case::parts_of_one_response("/graphql", "multipart/mixed;deferSpec=20220824, application/json", FEED)]
#[case::a_query_as_parts("/graphql", "multipart/mixed;subscriptionSpec=1.0", "{ viewer { id } }")]
#[case::a_page("/graphql", "text/html", FEED)]
#[tokio::test]
async fn what_cannot_be_answered_so_is_not_acceptable(
    #[case] path: &str,
    #[case] accept: &str,
    #[case] document: &str,
) -> Result<()> {
    let (_server, _platform, ada) = ada_on_north().await?;
    let body = json!({ "query": document }).to_string();
    let request = Request::post(path).header(CONTENT_TYPE, "application/json").header(ACCEPT, accept);
    let reply = ada.send(request.body(Full::new(Bytes::from(body)))?).await?;
    assert_eq!(reply.status, StatusCode::NOT_ACCEPTABLE, "{reply:?}");
    assert_eq!(reply.refusal()?.code, "BAD_USER_INPUT");
    Ok(())
}

#[rstest]
#[case::a_mutation_by_get(Method::GET, "query=mutation%7BmarkSeen%7D", "", "POST")]
#[case::a_reservation(Method::PUT, "", "", "GET, POST")]
#[case::an_end(Method::DELETE, "operationId=1", "", "GET, POST")]
#[tokio::test]
async fn other_methods_are_not_allowed(
    #[case] method: Method,
    #[case] query: &str,
    #[case] body: &'static str,
    #[case] allowed: &str,
) -> Result<()> {
    let (_server, _platform, ada) = ada_on_north().await?;
    let request = Request::builder().method(method).uri(format!("{STREAM}?{query}")).header(ACCEPT, SSE);
    let reply = ada.send(request.body(Full::from(body))?).await?;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{reply:?}");
    assert_eq!(reply.headers[ALLOW], allowed);
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_no_request_is_refused_by_http() -> Result<()> {
    let (_server, _platform, ada) = ada_on_north().await?;
    for (media_type, body, status) in [
        ("application/json", "{", StatusCode::BAD_REQUEST),
        ("application/json", "{}", StatusCode::BAD_REQUEST),
        ("text/plain", r#"{"query":"{ viewer { id } }"}"#, StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let request = Request::post(STREAM).header(CONTENT_TYPE, media_type).header(ACCEPT, SSE);
        let reply = ada.send(request.body(Full::from(body))?).await?;
        assert_eq!(reply.status, status, "{reply:?}");
    }
    Ok(())
}

#[tokio::test]
async fn nobody_gets_a_stream() -> Result<()> {
    let (server, _platform, _ada) = ada_on_north().await?;
    for token in [None, Some("garbled".to_owned())] {
        let nobody = Caller::new(server.address(), token);
        let stream = feed(&nobody, None).await?;
        assert_eq!(stream.status, StatusCode::UNAUTHORIZED);
        assert_eq!(stream.headers[WWW_AUTHENTICATE], "Bearer");
    }
    Ok(())
}

#[tokio::test]
async fn comments_keep_a_silent_stream_alive() -> Result<()> {
    let (_server, _platform, ada) = ada_with(&["--heartbeat-interval", "1s"]).await?;
    let mut feed = live(&ada, STREAM, SSE).await?;
    for _ in 0..2 {
        assert_eq!(feed.next_event().await?, Some(Event::Comment));
    }
    Ok(())
}

#[tokio::test]
async fn a_stream_is_one_of_its_users_sockets() -> Result<()> {
    let (server, _platform, ada) = ada_with(&["--max-sockets-per-user", "1"]).await?;
    let open = live(&ada, STREAM, SSE).await?;

    let refused = ada.send(
        Request::post(STREAM)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, SSE)
            .body(Full::new(Bytes::from(json!({ "query": FEED }).to_string())))?,
    );
    let refused = refused.await?;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "{refused:?}");
    assert_eq!(refused.refusal()?.code, "RATE_LIMITED");
    assert!(refused.headers.contains_key(RETRY_AFTER), "{refused:?}");
    assert!(refused.body["errors"][0]["extensions"]["retryAfterMs"].is_u64(), "{refused:?}");
    // Nobody else's.
    live(&server.member("bea").await?, STREAM, SSE).await?;

    drop(open);
    until("the place is free", async || {
        let again = feed(&ada, None).await.ok()?;
        (again.status == StatusCode::OK).then_some(())
    })
    .await?;
    Ok(())
}
