//! The protocol as tables: which texts are messages, and when each may come.

use rstest::rstest;
use serde_json::json;

use super::*;

fn parse(text: &str) -> Result<Message<'_>, u16> {
    Message::parse(text).map_err(|close| {
        assert!(close.reason.starts_with("Invalid message: "), "{close:?}");
        close.code
    })
}

#[rstest]
#[case::nothing("")]
#[case::no_json("hello")]
#[case::cut_off(r#"{"type":"ping""#)]
#[case::two(r#"{"type":"ping"}{"type":"ping"}"#)]
#[case::a_list(r#"["ping"]"#)]
#[case::a_string(r#""ping""#)]
#[case::null("null")]
#[case::empty("{}")]
#[case::too_deep(&format!(r#"{{"type":"connection_init","payload":{{"a":{}}}}}"#, "[".repeat(200) + &"]".repeat(200)))]
#[case::half_a_surrogate(r#"{"type":"complete","id":"\ud800"}"#)]
#[case::no_type(r#"{"id":"1"}"#)]
#[case::null_type(r#"{"type":null}"#)]
#[case::type_no_string(r#"{"type":1}"#)]
#[case::unknown_type(r#"{"type":"start","id":"1","payload":{}}"#)]
#[case::the_servers_ack(r#"{"type":"connection_ack"}"#)]
#[case::the_servers_next(r#"{"type":"next","id":"1","payload":{}}"#)]
#[case::the_servers_error(r#"{"type":"error","id":"1","payload":[]}"#)]
#[case::init_with_a_list(r#"{"type":"connection_init","payload":[]}"#)]
#[case::init_with_text(r#"{"type":"connection_init","payload":"Bearer x"}"#)]
#[case::ping_with_a_number(r#"{"type":"ping","payload":1}"#)]
#[case::pong_with_a_flag(r#"{"type":"pong","payload":true}"#)]
#[case::complete_nothing(r#"{"type":"complete"}"#)]
#[case::complete_a_number(r#"{"type":"complete","id":1}"#)]
#[case::complete_the_empty(r#"{"type":"complete","id":""}"#)]
#[case::without_id(r#"{"type":"subscribe","payload":{"query":"{a}"}}"#)]
#[case::empty_id(r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#)]
#[case::id_no_string(r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#)]
#[case::without_payload(r#"{"type":"subscribe","id":"1"}"#)]
#[case::null_payload(r#"{"type":"subscribe","id":"1","payload":null}"#)]
#[case::payload_no_map(r#"{"type":"subscribe","id":"1","payload":"{a}"}"#)]
#[case::without_query(r#"{"type":"subscribe","id":"1","payload":{}}"#)]
#[case::query_no_string(r#"{"type":"subscribe","id":"1","payload":{"query":{}}}"#)]
#[case::name_no_string(r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":1}}"#)]
#[case::variables_no_map(r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#)]
#[case::extensions_no_map(r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","extensions":1}}"#)]
fn what_is_no_message_is_4400(#[case] text: &str) {
    assert_eq!(parse(text).unwrap_err(), 4400);
}

#[rstest]
#[case::bare(r#"{"type":"connection_init"}"#, json!({}))]
#[case::null(r#"{"type":"connection_init","payload":null}"#, json!({}))]
#[case::full(r#"{"type":"connection_init","payload":{"a":[1]}}"#, json!({ "a": [1] }))]
#[case::escaped(r#"{"type":"connection\u005finit"}"#, json!({}))]
#[case::with_more(r#"{"id":7,"type":"connection_init","extra":[{}]}"#, json!({}))]
fn an_init(#[case] text: &str, #[case] payload: Value) {
    let Ok(Message::Init(map)) = parse(text) else { panic!("{text}") };
    assert_eq!(Value::Object(map), payload);
}

#[rstest]
#[case::bare(r#"{"type":"ping"}"#, r#"{"type":"pong"}"#)]
#[case::null(r#"{"type":"ping","payload":null}"#, r#"{"type":"pong"}"#)]
#[case::the_same_to_the_letter(
    r#"{"type":"ping","payload":{"b": 1.0, "a":123456789012345678901234567890}}"#,
    r#"{"type":"pong","payload":{"b": 1.0, "a":123456789012345678901234567890}}"#
)]
fn a_ping_is_answered(#[case] text: &str, #[case] answer: &str) {
    let Ok(Message::Ping(payload)) = parse(text) else { panic!("{text}") };
    assert_eq!(String::from_utf8(pong(payload)).unwrap(), answer);
}

#[test]
fn an_operation_has_what_http_gives_it_too() {
    let text = json!({ "type": "subscribe", "id": "1", "payload": {
        "query": "query A($n: Int) { a } query B { b }", "operationName": "A", "variables": { "n": 1 },
        "extensions": { "x": true },
    } });
    let text = text.to_string();
    let Ok(Message::Subscribe { id, request }) = parse(&text) else { panic!("{text}") };
    assert_eq!((id.as_str(), request.operation_name.as_deref()), ("1", Some("A")));
    assert_eq!(request.variables["n"], async_graphql::Value::from(1));
    assert_eq!(request.extensions["x"], async_graphql::Value::from(true));
}

const INIT: &str = r#"{"type":"connection_init"}"#;
const SUBSCRIBE: &str = r#"{"type":"subscribe","id":"1","payload":{"query":"{a}"}}"#;
const COMPLETE: &str = r#"{"type":"complete","id":"1"}"#;
const PING: &str = r#"{"type":"ping"}"#;
const PONG: &str = r#"{"type":"pong"}"#;

#[rstest]
#[case(Stage::Opened, INIT, Ok(Stage::Introduced))]
#[case(Stage::Introduced, INIT, Err(4429))]
#[case(Stage::Acknowledged, INIT, Err(4429))]
#[case(Stage::Opened, SUBSCRIBE, Err(4401))]
#[case(Stage::Introduced, SUBSCRIBE, Err(4401))]
#[case(Stage::Acknowledged, SUBSCRIBE, Ok(Stage::Acknowledged))]
#[case(Stage::Opened, COMPLETE, Ok(Stage::Opened))]
#[case(Stage::Acknowledged, COMPLETE, Ok(Stage::Acknowledged))]
#[case(Stage::Opened, PING, Ok(Stage::Opened))]
#[case(Stage::Acknowledged, PONG, Ok(Stage::Acknowledged))]
fn each_message_has_its_time(#[case] stage: Stage, #[case] text: &str, #[case] expected: Result<Stage, u16>) {
    let message = parse(text).unwrap();
    assert_eq!(stage.after(&message, |_| false).map_err(|close| close.code), expected);
}

#[test]
fn a_live_id_is_taken() {
    let message = parse(SUBSCRIBE).unwrap();
    let close = stage_error(&message);
    assert_eq!((close.code, close.reason.as_ref()), (4409, "Subscriber for 1 already exists"));

    let message = parse(r#"{"type":"subscribe","id":"\u001b[31m","payload":{"query":"{a}"}}"#).unwrap();
    assert_eq!(stage_error(&message).reason, "Subscriber for ?[31m already exists");
}

fn stage_error(message: &Message<'_>) -> Close {
    Stage::Acknowledged.after(message, |_| true).unwrap_err()
}

#[rstest]
#[case::plain("1", r#""1""#)]
#[case::quoted("a\"b\\", r#""a\"b\\""#)]
#[case::control("\u{0}", r#""\u0000""#)]
fn ids_are_json(#[case] id: &str, #[case] written: &str) {
    let next = [before_result(id), b"{}".to_vec(), AFTER_PAYLOAD.to_vec()].concat();
    for (message, expected) in [
        (next, format!(r#"{{"id":{written},"type":"next","payload":{{}}}}"#)),
        (error(id, b"[]"), format!(r#"{{"id":{written},"type":"error","payload":[]}}"#)),
        (complete(id), format!(r#"{{"id":{written},"type":"complete"}}"#)),
    ] {
        assert_eq!(String::from_utf8(message).unwrap(), expected);
    }
}

#[rstest]
#[case::longest(256, true)]
#[case::longer(257, false)]
fn an_id_is_not_longer_than_results_can_bear(#[case] bytes: usize, #[case] taken: bool) {
    let text = json!({ "type": "complete", "id": "x".repeat(bytes) }).to_string();
    assert_eq!(Message::parse(&text).is_ok(), taken);
}
