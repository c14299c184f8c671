//! What an outlet takes, and what becomes of it.

use std::task::{Context, Poll, Waker};

use chrono::DateTime;
use rstest::rstest;

use super::*;
use crate::domain::directory::Role;
use crate::graphql::Identity;
use crate::http::Open;

const SECOND: Duration = Duration::from_secs(1);

fn settings() -> Settings {
    Settings {
        body_bytes: 0,
        receive_timeout: SECOND,
        document_tokens: 0,
        message_bytes: 0,
        init_timeout: SECOND,
        socket_operations: 0,
        user_sockets: 0,
        unacknowledged_sockets: 0,
        ping_interval: SECOND,
        heartbeat_interval: 15 * SECOND,
        drain_timeout: 60 * SECOND,
        open: Open::default(),
    }
}

/// Of ada, whose token ends at the moment 100.
fn outlet(stream_type: StreamType, listens: bool) -> Outlet {
    let identity = Identity { subject: "ada".into(), role: Role::Member, expires_at: moment(100).now };
    let session = Some(Arc::new(Session::new(identity)));
    Outlet::new(stream_type, session, listens, None, &settings())
}

fn moment(seconds: i64) -> Moment {
    Moment { now: DateTime::from_timestamp(seconds, 0).unwrap(), instant: Instant::now() }
}

fn event(payload: &str) -> Encoded {
    Encoded { payload: Bytes::copy_from_slice(payload.as_bytes()), cursor: Some("c".into()) }
}

/// Everything that waits; none where nothing does.
fn take(outlet: &Outlet) -> Option<String> {
    match outlet.poll_take(&Context::from_waker(Waker::noop())) {
        Poll::Ready(Some(Ok(bytes))) => Some(String::from_utf8(bytes.to_vec()).unwrap()),
        Poll::Ready(None) => Some("the end".to_owned()),
        Poll::Ready(Some(Err(Gone))) => Some("cut".to_owned()),
        Poll::Pending => None,
    }
}

#[tokio::test]
async fn what_is_offered_together_is_taken_together() {
    let outlet = outlet(StreamType::EventStream, true);
    assert_eq!(outlet.offer(&[&event("1"), &event("2")]), Offer::Taken);
    let all = ":\n\nid: c\nevent: next\ndata: 1\n\nid: c\nevent: next\ndata: 2\n\n";
    assert_eq!(take(&outlet).as_deref(), Some(all));
    assert_eq!(take(&outlet), None);
}

#[tokio::test]
async fn no_more_is_taken_than_there_is_room_for() {
    let outlet = outlet(StreamType::EventStream, true);
    let large = event(&"x".repeat(BOUND / 2));
    assert_eq!(outlet.offer(&[&large, &large, &large]), Offer::Full(2));
    assert_eq!(outlet.offer(&[&event("1")]), Offer::Full(0));
    assert!(outlet.room().now_or_never().is_none());

    let (room, _) = tokio::join!(outlet.room(), async { take(&outlet) });
    assert_eq!(room, Ok(()));
    assert_eq!(outlet.offer(&[&large]), Offer::Taken, "whatever its length");
}

#[tokio::test]
async fn one_event_may_be_longer_than_the_bound() {
    let outlet = outlet(StreamType::EventStream, true);
    assert_eq!(outlet.offer(&[&event(&"x".repeat(2 * BOUND))]), Offer::Taken);
    assert_eq!(outlet.offer(&[&event("1")]), Offer::Full(0));
}

#[tokio::test]
async fn nothing_follows_the_end() {
    let outlet = outlet(StreamType::EventStream, true);
    outlet.end(None);
    outlet.end(Some(Bytes::from_static(b"[]")));
    assert_eq!(outlet.offer(&[&event("1")]), Offer::Gone);
    assert_eq!(outlet.room().await, Err(Gone));
    assert_eq!(take(&outlet).as_deref(), Some(":\n\nevent: complete\ndata:\n\n"));
    assert_eq!(take(&outlet).as_deref(), Some("the end"));
}

#[tokio::test]
async fn who_has_gone_is_offered_nothing() {
    let outlet = outlet(StreamType::EventStream, true);
    let large = event(&"x".repeat(BOUND));
    assert_eq!(outlet.offer(&[&large]), Offer::Taken);
    let (room, ()) = tokio::join!(outlet.room(), async { outlet.leave() });
    assert_eq!(room, Err(Gone));
    assert_eq!(outlet.offer(&[&event("1")]), Offer::Gone);
    outlet.end(None);
    assert_eq!(take(&outlet).as_deref(), Some("cut"));
}

#[rstest]
#[case::before_anything(false, "{\"payload\":{\"errors\":[]}}")]
#[case::later(true, "{\"payload\":null,\"errors\":[]}")]
#[tokio::test]
async fn an_error_is_the_answer_only_as_long_as_there_is_none(#[case] begun: bool, #[case] part: &str) {
    let outlet = outlet(StreamType::Multipart, true);
    if begun {
        assert_eq!(outlet.offer(&[&event("1")]), Offer::Taken);
    }
    outlet.end(Some(Bytes::from_static(b"[]")));
    let all = take(&outlet).unwrap();
    assert!(all.ends_with(&format!("{part}\r\n--graphql--\r\n")), "{all}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_says_that_it_is_alive() {
    let outlet = outlet(StreamType::EventStream, true);
    take(&outlet);
    tokio::time::advance(14 * SECOND).await;
    outlet.sweep(moment(0));
    assert_eq!(take(&outlet), None);
    tokio::time::advance(SECOND).await;
    outlet.sweep(moment(0));
    assert_eq!(take(&outlet).as_deref(), Some(":\n\n"));
    outlet.sweep(moment(0));
    assert_eq!(take(&outlet), None);
}

#[tokio::test(start_paused = true)]
async fn who_takes_nothing_is_cut() {
    let outlet = outlet(StreamType::EventStream, true);
    tokio::time::advance(59 * SECOND).await;
    outlet.sweep(moment(0));
    assert_eq!(outlet.offer(&[&event("1")]), Offer::Taken);
    tokio::time::advance(SECOND).await;
    outlet.sweep(moment(0));
    assert_eq!(outlet.offer(&[&event("1")]), Offer::Gone);
    assert_eq!(take(&outlet).as_deref(), Some("cut"));
}

#[rstest]
#[case::a_subscription(true, true)]
#[case::what_is_answered_once(false, false)]
#[tokio::test]
async fn a_token_that_runs_out_and_a_server_that_stops_end_what_listens(
    #[case] listens: bool,
    #[case] ends: bool,
) {
    let expired = outlet(StreamType::EventStream, listens);
    expired.sweep(moment(99));
    assert_eq!(expired.offer(&[&event("1")]), Offer::Taken);
    expired.sweep(moment(100));
    assert_eq!(expired.offer(&[&event("2")]) == Offer::Gone, ends);
    assert_eq!(take(&expired).unwrap().contains("UNAUTHENTICATED"), ends);

    let stopped = outlet(StreamType::Multipart, listens);
    stopped.shut_down();
    assert_eq!(stopped.offer(&[&event("1")]) == Offer::Gone, ends);
    assert_eq!(take(&stopped).unwrap().contains("UNAVAILABLE"), ends);
}
