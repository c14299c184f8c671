//! Who sees which numbers, and how readings follow each other.

use std::sync::Arc;

use async_graphql::{Request, Response};
use chrono::TimeDelta;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::delivery::{Bounds, Hub};
use crate::domain::directory::{CampusRole, CampusStatement, Role};
use crate::domain::entry::Audience;
use crate::domain::id::CampusId;
use crate::graphql::{CampanileSchema, Identity, Limits, schema};
use crate::log::tests::fixture::Fixture;

const ALL: &str = "{ metrics {
  connections subscriptions publishedTotal deliveredTotal publishedPerSecond deliveredPerSecond
  deliveryLatencyMs { p50 p90 p99 max } catchingUp servers
  perCampus { campus { key } connections publishedLastHour }
} }";

/// A server in this process, with the campuses North and South.
struct Server {
    log: Fixture,
    south: CampusId,
    schema: CampanileSchema,
}

impl Server {
    async fn start() -> Self {
        let (log, tail) = Fixture::start_with_tail().await;
        let (store, clock) = (Arc::clone(&log.store), log.clock.clone());
        let hub =
            Hub::start(Arc::clone(&store), log.log.clone(), tail, clock.clone(), Bounds::default()).unwrap();
        let south =
            CampusStatement { key: "south".to_owned(), name: "South".to_owned(), timezone: "UTC".to_owned() };
        let south = log.log.upsert_campuses(vec![south]).await.unwrap()[0].id;
        let api = Api { store, log: log.log.clone(), hub, clock };
        Self { schema: schema(Arc::new(api), Limits::default()), log, south }
    }

    /// Ada becomes this on North, and a member of South.
    async fn appoint(&self, role: CampusRole) {
        let (ada, north, south) = (self.log.ada.id, self.log.north, self.south);
        let changes = vec![(ada, north, Some(role)), (ada, south, Some(CampusRole::Member))];
        self.log.log.set_memberships(changes).await.unwrap();
    }

    async fn publish(&self, campus: CampusId) {
        let publication = self.log.publication(Audience::Campus(campus), "news");
        self.log.log.publish(publication).await.unwrap();
    }

    /// As Ada, with a token of this role.
    fn request(&self, role: Role, document: &str) -> Request {
        let expires_at = self.log.clock.now() + TimeDelta::days(1);
        let identity = Identity { subject: self.log.ada.key.clone(), role, expires_at };
        Request::new(document).data(Arc::new(Session::new(identity)))
    }

    async fn ask(&self, role: Role, document: &str) -> Value {
        serde_json::to_value(self.schema.execute(self.request(role, document)).await).unwrap()
    }

    fn subscribe(&self, role: Role, document: &str) -> BoxStream<'static, Response> {
        self.schema.execute_stream(self.request(role, document))
    }
}

async fn next(readings: &mut BoxStream<'static, Response>) -> Option<Value> {
    let next = tokio::time::timeout(Duration::from_mins(1), readings.next()).await;
    next.expect("the subscription is silent").map(|response| serde_json::to_value(response).unwrap())
}

fn code(answer: &Value) -> Option<&str> {
    answer["errors"][0]["extensions"]["code"].as_str()
}

#[tokio::test]
async fn a_super_admin_sees_everything() {
    let server = Server::start().await;
    let metrics = &server.ask(Role::SuperAdmin, ALL).await["data"]["metrics"];
    assert_eq!(
        *metrics,
        json!({
            "connections": 0, "subscriptions": 0, "publishedTotal": 0.0, "deliveredTotal": 0.0,
            "publishedPerSecond": 0.0, "deliveredPerSecond": 0.0, "deliveryLatencyMs": null,
            "catchingUp": 0, "servers": 1,
            "perCampus": [
                { "campus": { "key": "north" }, "connections": 0, "publishedLastHour": 0 },
                { "campus": { "key": "south" }, "connections": 0, "publishedLastHour": 0 },
            ],
        })
    );
}

#[tokio::test]
async fn a_campus_admin_sees_their_campus_and_nothing_that_tells_of_others() {
    let server = Server::start().await;
    server.appoint(CampusRole::Admin).await;
    server.publish(server.log.north).await;
    server.log.turn_clock(TimeDelta::minutes(61));
    server.publish(server.log.north).await;
    server.publish(server.log.north).await;
    server.publish(server.south).await;
    let metrics = &server.ask(Role::Member, ALL).await["data"]["metrics"];
    assert_eq!(
        *metrics,
        json!({
            "connections": null, "subscriptions": null, "publishedTotal": null, "deliveredTotal": null,
            "publishedPerSecond": null, "deliveredPerSecond": null, "deliveryLatencyMs": null,
            "catchingUp": null, "servers": 1,
            "perCampus": [{ "campus": { "key": "north" }, "connections": 0, "publishedLastHour": 2 }],
        })
    );
}

#[tokio::test]
async fn the_last_hour_has_what_was_taken_back_and_not_what_was_for_somebody() {
    let server = Server::start().await;
    server.publish(server.south).await;
    let appended = server.log.log.publish(server.log.publication(Audience::Campus(server.south), "oh")).await;
    let wrong = crate::log::tests::fixture::added(&appended.unwrap());
    server.log.log.recall(wrong).await.unwrap();
    server.log.tell_all("not to a campus").await;
    let metrics = server.ask(Role::SuperAdmin, "{ metrics { perCampus { publishedLastHour } } }").await;
    let of_each = &metrics["data"]["metrics"]["perCampus"];
    assert_eq!(*of_each, json!([{ "publishedLastHour": 0 }, { "publishedLastHour": 2 }]));
}

#[rstest]
#[case::members(Role::Member)]
#[case::services(Role::Service)]
#[tokio::test]
async fn others_see_nothing(#[case] role: Role) {
    let server = Server::start().await;
    server.appoint(CampusRole::Member).await;
    assert_eq!(code(&server.ask(role, "{ metrics { servers } }").await), Some("FORBIDDEN"));
    let mut readings = server.subscribe(role, "subscription { metrics { servers } }");
    assert_eq!(code(&next(&mut readings).await.unwrap()), Some("FORBIDDEN"));
    assert_eq!(next(&mut readings).await, None);
}

#[rstest]
#[case::none("0")]
#[case::backwards("-1")]
#[case::too_long("3601")]
#[tokio::test]
async fn an_interval_has_bounds(#[case] seconds: &str) {
    let server = Server::start().await;
    let document = format!("subscription {{ metrics(intervalSeconds: {seconds}) {{ servers }} }}");
    let refused = next(&mut server.subscribe(Role::SuperAdmin, &document)).await.unwrap();
    assert_eq!(code(&refused), Some("BAD_USER_INPUT"));
    assert_eq!(refused["errors"][0]["extensions"]["field"], "intervalSeconds");
}

#[rstest]
#[case::left_out("")]
#[case::null("(intervalSeconds: null)")]
#[case::the_longest("(intervalSeconds: 3600)")]
#[tokio::test]
async fn the_first_reading_is_now(#[case] arguments: &str) {
    let server = Server::start().await;
    let document = format!("subscription {{ metrics{arguments} {{ subscriptions }} }}");
    let mut readings = server.subscribe(Role::SuperAdmin, &document);
    let first = next(&mut readings).await;
    assert_eq!(first, Some(json!({ "data": { "metrics": { "subscriptions": 1 } } })));
    drop(readings);
    let afterwards = server.ask(Role::SuperAdmin, "{ metrics { subscriptions } }").await;
    assert_eq!(afterwards["data"]["metrics"]["subscriptions"], 0);
}

#[tokio::test]
async fn one_who_is_an_admin_no_more_is_told_so_and_nothing_else() {
    let server = Server::start().await;
    server.appoint(CampusRole::Admin).await;
    let mut readings =
        server.subscribe(Role::Member, "subscription { metrics { perCampus { connections } } }");
    let first = next(&mut readings).await;
    assert_eq!(first, Some(json!({ "data": { "metrics": { "perCampus": [{ "connections": 0 }] } } })));
    server.appoint(CampusRole::Member).await;
    assert_eq!(code(&next(&mut readings).await.unwrap()), Some("FORBIDDEN"));
    assert_eq!(next(&mut readings).await, None);
}

#[tokio::test]
async fn a_token_that_has_run_out_ends_it() {
    let server = Server::start().await;
    let mut readings = server.subscribe(Role::SuperAdmin, "subscription { metrics { servers } }");
    assert_eq!(next(&mut readings).await, Some(json!({ "data": { "metrics": { "servers": 1 } } })));
    server.log.turn_clock(TimeDelta::days(1));
    assert_eq!(code(&next(&mut readings).await.unwrap()), Some("UNAUTHENTICATED"));
    assert_eq!(next(&mut readings).await, None);
}

#[tokio::test(start_paused = true)]
async fn whoever_was_late_gets_one_reading_and_not_all_that_they_missed() {
    let mut beats = beats(Duration::from_secs(1));
    let begun = tokio::time::Instant::now();
    beats.tick().await;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    tokio::time::advance(Duration::from_secs(10)).await;
    beats.tick().await;
    let late = tokio::time::Instant::now();
    beats.tick().await;
    assert_eq!(late.elapsed(), Duration::from_secs(1));
}
