//! The codec as a door uses it: from an HTTP request to an HTTP response, with a small schema in between.

use async_graphql::{EmptySubscription, Error, ErrorExtensions, Object, Schema};
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use rstest::rstest;
use serde_json::{Value, json};

use super::{Form, Incoming, Limits, MediaType, Refusal, Served, StreamType, encode, receive};

const NEW: &str = "application/graphql-response+json";
const OLD: &str = "application/json";

struct Query;

#[expect(clippy::unused_async, reason = "async-graphql wants its resolvers so")]
#[Object]
impl Query {
    async fn greeting(&self, #[graphql(default)] name: String) -> String {
        format!("hello {name}")
    }

    async fn maybe(&self) -> Option<Result<i32, Error>> {
        Some(Err(Error::new("cannot")))
    }

    async fn surely(&self) -> Result<i32, Error> {
        Err(Error::new("cannot"))
    }

    async fn private(&self) -> Result<i32, Error> {
        Err(Error::new("who are you?").extend_with(|_, extensions| extensions.set("code", "UNAUTHENTICATED")))
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn change(&self) -> bool {
        true
    }
}

/// A door as simple as can be.
async fn answer(request: Request<Body>) -> Response {
    let schema = Schema::new(Query, Mutation, EmptySubscription);
    let limits = Limits { body_bytes: 1000, document_tokens: 100 };
    match receive(request, limits, Served::Everything).await {
        Ok(Incoming { request, form: Form::Once(media_type), .. }) => {
            encode(schema.execute(request).await, media_type)
        }
        Ok(Incoming { form: Form::Stream(stream_type), .. }) => {
            Json(json!({ "stream": format!("{stream_type:?}") })).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

async fn read(response: Response) -> Answer {
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap();
    Answer { status: head.status, headers: head.headers, body }
}

fn post_as(accept: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post("/graphql").header(CONTENT_TYPE, OLD).header(ACCEPT, accept).body(body.into()).unwrap()
}

async fn post(accept: &str, body: &Value) -> Answer {
    read(answer(post_as(accept, body.to_string())).await).await
}

async fn get(accept: &str, query: &str) -> Answer {
    let request =
        Request::get(format!("/graphql?{query}")).header(ACCEPT, accept).body(Body::empty()).unwrap();
    read(answer(request).await).await
}

#[rstest]
#[case::fine("{ greeting }", 200, 200)]
#[case::partial("{ greeting maybe }", 200, 200)]
#[case::null_to_the_top("{ surely }", 200, 200)]
#[case::does_not_parse("{", 400, 200)]
#[case::is_not_valid("{ nothing }", 400, 200)]
#[case::two_and_no_name("query A { greeting } query B { greeting }", 400, 200)]
#[case::no_such_operation("fragment F on Query { greeting }", 400, 200)]
#[case::unauthenticated("{ private }", 401, 401)]
#[case::a_subscription("subscription { a }", 406, 406)]
#[tokio::test]
async fn the_status_depends_on_outcome_and_media_type(
    #[case] query: &str,
    #[case] new: u16,
    #[case] old: u16,
) {
    for (media_type, status) in [(NEW, new), (OLD, old)] {
        let answer = post(media_type, &json!({ "query": query })).await;
        assert_eq!(answer.status, status, "{media_type}: {}", answer.body);
        assert_eq!(answer.headers[CONTENT_TYPE], format!("{media_type}; charset=utf-8"));
        assert_eq!(answer.headers.contains_key(WWW_AUTHENTICATE), status == 401);
    }
}

#[rstest]
#[case::does_not_parse("{", None)]
#[case::is_not_valid("{ nothing }", None)]
#[case::null_to_the_top("{ surely }", Some(Value::Null))]
#[case::partial("{ maybe }", Some(json!({ "maybe": null })))]
#[tokio::test]
async fn only_a_request_error_has_no_data(#[case] query: &str, #[case] data: Option<Value>) {
    for media_type in [NEW, OLD] {
        let answer = post(media_type, &json!({ "query": query })).await;
        assert!(answer.body["errors"][0]["message"].is_string(), "{}", answer.body);
        assert_eq!(answer.body.get("data"), data.as_ref(), "{media_type}");
    }
}

#[rstest]
#[case::no_query(json!({}), "query")]
#[case::null_query(json!({ "query": null }), "query")]
#[case::query_no_string(json!({ "query": ["{ greeting }"] }), "query")]
#[case::name_no_string(json!({ "query": "{ greeting }", "operationName": 1 }), "operationName")]
#[case::variables_no_map(json!({ "query": "{ greeting }", "variables": "{}" }), "variables")]
#[case::variables_a_list(json!({ "query": "{ greeting }", "variables": [] }), "variables")]
#[case::extensions_no_map(json!({ "query": "{ greeting }", "extensions": false }), "extensions")]
#[tokio::test]
async fn a_parameter_of_the_wrong_type_is_named(#[case] body: Value, #[case] field: &str) {
    for media_type in [NEW, OLD] {
        let answer = post(media_type, &body).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.body["errors"][0]["extensions"],
            json!({ "code": "BAD_USER_INPUT", "field": field })
        );
    }
}

#[rstest]
#[case::nothing("")]
#[case::cut_off("{ \"query\"")]
#[case::a_batch("[{\"query\": \"{ greeting }\"}]")]
#[case::a_string("\"{ greeting }\"")]
#[case::not_text(b"{\"query\": \"\xff\"}".as_slice())]
#[case::half_a_surrogate(r#"{"query": "\ud800"}"#)]
#[case::too_deep(format!("{{\"query\": \"{{ greeting }}\", \"variables\": {}", "{\"a\":".repeat(150)))]
#[tokio::test]
async fn a_body_that_is_no_request_is_refused(#[case] body: impl Into<Body>) {
    let answer = read(answer(post_as(NEW, body)).await).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test]
async fn names_and_variables_arrive() {
    let body = json!({
        "query": "query A { greeting } query B($n: String!) { greeting(name: $n) }",
        "operationName": "B",
        "variables": { "n": "Zoë 🏃 \u{202e}" },
        "extensions": { "any": [1, 2.5, -9_007_199_254_740_993_i64] },
    });
    let answer = post(NEW, &body).await;
    assert_eq!(answer.body, json!({ "data": { "greeting": "hello Zoë 🏃 \u{202e}" } }));
}

#[rstest]
#[case::plain("query=%7B%20greeting%20%7D", 200)]
#[case::plus_is_a_blank("query=%7B+greeting+%7D", 200)]
#[case::unicode("query=%7Bgreeting(name:%22%F0%9F%8F%83%22)%7D", 200)]
#[case::variables("query=query($n:String!)%7Bgreeting(name:$n)%7D&variables=%7B%22n%22:%22a%22%7D", 200)]
#[case::empty_is_absent("query=%7Bgreeting%7D&variables=&operationName=&extensions=", 200)]
#[case::others_do_not_matter("query=%7Bgreeting%7D&x=1&x=2", 200)]
#[case::variables_no_json("query=%7Bgreeting%7D&variables=%7B", 400)]
#[case::variables_no_map("query=%7Bgreeting%7D&variables=1", 400)]
#[case::twice("query=%7Bgreeting%7D&query=%7Bmaybe%7D", 400)]
#[case::nothing("", 400)]
#[case::a_mutation("query=mutation%7Bchange%7D", 405)]
#[case::a_mutation_by_name("query=query+A%7Bgreeting%7Dmutation+B%7Bchange%7D&operationName=B", 405)]
#[case::a_query_beside_a_mutation("query=query+A%7Bgreeting%7Dmutation+B%7Bchange%7D&operationName=A", 200)]
#[case::a_mutation_that_does_not_parse("query=mutation%7Bchange", 400)]
#[tokio::test]
async fn a_query_string_is_a_request(#[case] query: &str, #[case] status: u16) {
    let answer = get(NEW, query).await;
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.headers.get(ALLOW).map(|allow| allow == "POST"), (status == 405).then_some(true));
}

#[rstest]
#[case("PUT")]
#[case("DELETE")]
#[case("HEAD")]
#[case("OPTIONS")]
#[case("BREW")]
#[tokio::test]
async fn other_methods_are_told_the_right_ones(#[case] method: &str) {
    let request = Request::builder().method(method).uri("/graphql").body(Body::empty()).unwrap();
    let answer = read(answer(request).await).await;
    assert_eq!(answer.status, 405);
    assert_eq!(answer.headers[ALLOW], "GET, POST");
    assert_eq!(answer.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[rstest]
#[case::plain(Some("application/json"), 200)]
#[case::capitals(Some("Application/JSON"), 200)]
#[case::utf8(Some("application/json; charset=utf-8"), 200)]
#[case::quoted(Some("application/json;Charset=\"UTF-8\""), 200)]
#[case::another_parameter(Some("application/json; profile=x"), 200)]
#[case::latin1(Some("application/json; charset=iso-8859-1"), 415)]
#[case::a_form(Some("application/x-www-form-urlencoded"), 415)]
#[case::an_upload(Some("multipart/form-data; boundary=x"), 415)]
#[case::text(Some("text/plain"), 415)]
#[case::a_longer_name(Some("application/jsonp"), 415)]
#[case::none(None, 415)]
#[tokio::test]
async fn a_body_is_json(#[case] content_type: Option<&str>, #[case] status: u16) {
    let mut request = Request::post("/graphql");
    if let Some(content_type) = content_type {
        request = request.header(CONTENT_TYPE, content_type);
    }
    let request = request.body(Body::from(r#"{"query":"{ greeting }"}"#)).unwrap();
    assert_eq!(answer(request).await.status(), status);
}

#[tokio::test]
async fn a_packed_body_is_refused() {
    let mut request = post_as(NEW, r#"{"query":"{ greeting }"}"#);
    request.headers_mut().insert(CONTENT_ENCODING, "gzip".parse().unwrap());
    assert_eq!(answer(request).await.status(), 415);
}

#[rstest]
#[case::at_the_limit(1000, 200)]
#[case::beyond_the_limit(1001, 413)]
#[tokio::test]
async fn a_body_has_a_limit_announced_or_not(#[case] length: usize, #[case] status: u16) {
    let body = format!("{:<length$}", r#"{"query":"{ greeting }"}"#);
    let chunks: Vec<_> = body.as_bytes().chunks(100).map(<[u8]>::to_vec).collect();
    let unannounced =
        Body::from_stream(futures_util::stream::iter(chunks.into_iter().map(Ok::<_, std::io::Error>)));
    assert_eq!(answer(post_as(NEW, body)).await.status(), status);
    assert_eq!(answer(post_as(NEW, unannounced)).await.status(), status);
}

#[tokio::test]
async fn an_announced_length_is_refused_before_it_comes() {
    let mut request =
        post_as(NEW, Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>()));
    request.headers_mut().insert("content-length", "18446744073709551615".parse().unwrap());
    assert_eq!(answer(request).await.status(), 413);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    let chunks = [Ok(b"{\"query\"".to_vec()), Err(std::io::Error::other("gone"))];
    let request = post_as(NEW, Body::from_stream(futures_util::stream::iter(chunks)));
    assert_eq!(answer(request).await.status(), 400);
}

#[tokio::test]
async fn a_document_has_a_limit_of_tokens() {
    let answer = post(NEW, &json!({ "query": format!("{{ {} }}", "a ".repeat(99)) })).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["errors"][0]["extensions"]["code"], "TOO_COMPLEX");
}

#[tokio::test]
async fn what_accepts_neither_type_is_told_so_in_json() {
    let answer = post("text/html, image/png", &json!({ "query": "{ greeting }" })).await;
    assert_eq!(answer.status, 406);
    assert_eq!(answer.headers[CONTENT_TYPE], MediaType::Json.content_type());
    assert_eq!(answer.body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[rstest]
#[case::streams_only("text/event-stream", StreamType::EventStream)]
#[case::all_three(
    "application/graphql-response+json, text/event-stream, multipart/mixed",
    StreamType::EventStream
)]
#[case::parts("multipart/mixed;subscriptionSpec=1.0, application/json", StreamType::Multipart)]
#[tokio::test]
async fn a_subscription_is_known_before_its_accept_header(
    #[case] accept: &str,
    #[case] stream_type: StreamType,
) {
    let body = json!({ "query": "subscription { feed }" });
    assert_eq!(post(accept, &body).await.body["stream"], format!("{stream_type:?}"));
    let by_get = get(accept, "query=subscription%7Bfeed%7D").await;
    assert_eq!(by_get.body["stream"], format!("{stream_type:?}"), "a subscription changes nothing");
}

#[tokio::test]
async fn who_asks_for_a_subscription_as_json_is_told_what_to_ask_for() {
    let answer = post(NEW, &json!({ "query": "subscription { feed }" })).await;
    assert_eq!(answer.status, 406);
    assert_eq!(answer.headers[CONTENT_TYPE], MediaType::GraphqlResponse.content_type());
    let message = answer.body["errors"][0]["message"].as_str().unwrap();
    for way in ["text/event-stream", "multipart/mixed;subscriptionSpec=1.0", "/graphql/ws"] {
        assert!(message.contains(way), "{message}");
    }
}

#[tokio::test]
async fn refusing_a_stranger_names_the_scheme() {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, NEW.parse().unwrap());
    let answer = read(Refusal::unauthenticated("no token", &headers).into_response()).await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.headers[WWW_AUTHENTICATE], "Bearer");
    assert_eq!(answer.headers[CONTENT_TYPE], MediaType::GraphqlResponse.content_type());
    assert_eq!(answer.body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}
