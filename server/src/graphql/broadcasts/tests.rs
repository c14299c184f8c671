//! Broadcasts through the schema: asking for them, calling them off, and who sees what of them.

mod publishing;
mod watching;

use async_graphql::{Request, Response, Variables};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::delivery::{Bounds, Hub};
use crate::domain::directory::{CampusRole, CampusStatement, Role};
use crate::domain::id::{CampusId, UserId};
use crate::graphql::{CampanileSchema, Identity, Limits, schema};
use crate::log::Scheduler;
use crate::log::tests::fixture::Fixture;

const TO_CAMPUS: &str = "mutation($input: CampusBroadcastInput!) { done: broadcastToCampus(input: $input) {
  created notification { id title } broadcast { id state failure sendAt audience campus { key } audienceSize } } }";
const TO_USERS: &str = "mutation($input: NotifyUsersInput!) { done: notifyUsers(input: $input) {
  created notification { id title } broadcast { id state audienceSize } } }";
const CANCEL: &str = "mutation($input: CancelBroadcastInput!) { done: cancelBroadcast(input: $input) {
  broadcast { id state content { title message priority expiresAt } notification { id } } } }";
const NODE: &str = "query($id: ID!) { node(id: $id) { ... on Broadcast {
  state failure audienceSize deliveredCount readCount notification { id }
  content { title } sender { name } recipients { edges { node { key } } } } } }";
const LIST: &str = "query($campusKey: String, $first: Int, $after: String) {
  broadcasts(campusKey: $campusKey, first: $first, after: $after) {
    edges { cursor node { state content { title } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }";

const PREVIEWS: &str = "{ a: previewAudience(input: { all: true, type: CAMPUS_UPDATE }) { ...P }
  b: previewAudience(input: { all: true, type: CAMPUS_UPDATE }) { ...P }
  c: previewAudience(input: { all: true, type: CAMPUS_UPDATE }) { ...P }
  d: previewAudience(input: { all: true, type: CAMPUS_UPDATE }) { ...P }
  e: previewAudience(input: { all: true, type: CAMPUS_UPDATE }) { ...P }
} fragment P on AudiencePreview { muted }";

/// A server in this process, with the campuses North and South.
struct Server {
    log: Fixture,
    south: CampusId,
    schema: CampanileSchema,
    scheduler: Scheduler,
}

impl Server {
    /// Ada is an admin of North, Ben a member.
    async fn start() -> Self {
        let (log, tail) = Fixture::start_with_tail().await;
        let (store, clock) = (Arc::clone(&log.store), log.clock.clone());
        let hub =
            Hub::start(Arc::clone(&store), log.log.clone(), tail, clock.clone(), Bounds::default()).unwrap();
        let south =
            CampusStatement { key: "south".to_owned(), name: "South".to_owned(), timezone: "UTC".to_owned() };
        let south = log.log.upsert_campuses(vec![south]).await.unwrap()[0].id;
        let scheduler = Scheduler::new(Arc::clone(&store), log.log.clone(), clock.clone());
        let api = Api { store, log: log.log.clone(), hub, clock };
        let server = Self { schema: schema(Arc::new(api), Limits::default()), log, south, scheduler };
        server.set_role(server.log.ada.id, server.log.north, Some(CampusRole::Admin)).await;
        server.set_role(server.log.ben.id, server.log.north, Some(CampusRole::Member)).await;
        server
    }

    async fn set_role(&self, user: UserId, campus: CampusId, role: Option<CampusRole>) {
        self.log.log.set_memberships(vec![(user, campus, role)]).await.unwrap();
    }

    /// As the user of this key, with a token of this role.
    fn request(&self, who: (&str, Role), document: &str, variables: Value) -> Request {
        let expires_at = self.log.clock.now() + TimeDelta::days(1);
        let identity = Identity { subject: who.0.to_owned(), role: who.1, expires_at };
        let request = Request::new(document).variables(Variables::from_json(variables));
        request.data(Arc::new(Session::new(identity)))
    }

    async fn ask(&self, who: (&str, Role), document: &str, variables: Value) -> Value {
        let response = self.schema.execute(self.request(who, document, variables)).await;
        serde_json::to_value(response).unwrap()
    }

    /// As Ada, to North, in so many seconds.
    async fn schedule(&self, title: &str, seconds: i64) -> Value {
        let answer = self.ask(ADA, TO_CAMPUS, json!({ "input": self.to_north(title, Some(seconds)) })).await;
        assert_eq!(code(&answer), None, "{answer}");
        answer["data"]["done"].clone()
    }

    fn to_north(&self, title: &str, seconds: Option<i64>) -> Value {
        let send_at = seconds.map(|seconds| rfc(self.log.clock.now() + TimeDelta::seconds(seconds)));
        json!({ "campusKey": "north", "sendAt": send_at, "content": content(title) })
    }

    /// So many seconds later, what is due has been sent.
    async fn later(&self, seconds: i64) {
        self.log.turn_clock(TimeDelta::seconds(seconds));
        self.scheduler.send_due().await.unwrap();
    }

    async fn node(&self, who: (&str, Role), id: &Value) -> Value {
        let answer = self.ask(who, NODE, json!({ "id": id })).await;
        assert_eq!(code(&answer), None, "{answer}");
        answer["data"]["node"].clone()
    }
}

const ADA: (&str, Role) = ("user-0", Role::Member);
const BEN: (&str, Role) = ("user-1", Role::Member);
const STRANGER: (&str, Role) = ("stranger", Role::Member);
const SERVICE: (&str, Role) = ("platform", Role::Service);
const ROOT: (&str, Role) = ("root", Role::SuperAdmin);

fn content(title: &str) -> Value {
    json!({ "type": "CAMPUS_UPDATE", "title": title, "message": "Hear, hear." })
}

fn rfc(at: DateTime<Utc>) -> String {
    at.to_rfc3339()
}

fn code(answer: &Value) -> Option<&str> {
    answer["errors"][0]["extensions"]["code"].as_str()
}

fn field(answer: &Value) -> Option<&str> {
    answer["errors"][0]["extensions"]["field"].as_str()
}

fn titles(answer: &Value) -> Vec<&str> {
    let edges = answer["data"]["broadcasts"]["edges"].as_array();
    edges
        .unwrap_or_else(|| panic!("{answer}"))
        .iter()
        .map(|edge| edge["node"]["content"]["title"].as_str().unwrap())
        .collect()
}

#[rstest]
#[case::its_sender(ADA, true)]
#[case::a_member(BEN, false)]
#[case::a_stranger(STRANGER, false)]
#[case::a_service(SERVICE, false)]
#[case::a_super_admin(ROOT, true)]
#[tokio::test]
async fn who_sees_and_cancels_what_waits(#[case] who: (&str, Role), #[case] theirs: bool) {
    let server = Server::start().await;
    let id = server.schedule("Open day", 60).await["broadcast"]["id"].clone();
    let node = server.node(who, &id).await;
    assert_eq!(node["state"], if theirs { json!("SCHEDULED") } else { Value::Null });
    let cancelled = server.ask(who, CANCEL, json!({ "input": { "id": id } })).await;
    assert_eq!(code(&cancelled), (!theirs).then_some("NOT_FOUND"), "{cancelled}");
    let expected = if theirs { "CANCELLED" } else { "SCHEDULED" };
    assert_eq!(server.node(ADA, &id).await["state"], expected);
}

#[rstest]
#[case("b999")]
#[case("n1")]
#[case("garbled")]
#[tokio::test]
async fn what_is_not_there_cannot_be_cancelled(#[case] id: &str) {
    let server = Server::start().await;
    server.log.tell_all("something").await;
    let answer = server.ask(ROOT, CANCEL, json!({ "input": { "id": id } })).await;
    assert_eq!((code(&answer), field(&answer)), (Some("NOT_FOUND"), Some("id")));
}

#[tokio::test]
async fn what_was_cancelled_can_be_read_and_cancelled_again_and_what_was_sent_cannot() {
    let server = Server::start().await;
    let id = server.schedule("called off", 60).await["broadcast"]["id"].clone();
    let sent = server.schedule("sent", 60).await["broadcast"]["id"].clone();
    for _ in 0..2 {
        let answer = server.ask(ADA, CANCEL, json!({ "input": { "id": id } })).await;
        assert_eq!(
            answer["data"]["done"]["broadcast"],
            json!({
                "id": id, "state": "CANCELLED", "notification": null,
                "content": { "title": "called off", "message": "Hear, hear.", "priority": "MEDIUM", "expiresAt": null },
            }),
            "{answer}"
        );
    }
    server.later(60).await;
    let answer = server.ask(ADA, CANCEL, json!({ "input": { "id": sent } })).await;
    assert_eq!(code(&answer), Some("CONFLICT"));
    assert_eq!(server.node(ADA, &id).await["state"], "CANCELLED");
}

#[tokio::test]
async fn a_list_is_the_newest_first_in_pages() {
    let server = Server::start().await;
    for i in 0..5 {
        server.schedule(&i.to_string(), 60 - i).await;
    }
    server.later(57).await;
    let all = server.ask(ADA, LIST, json!({})).await;
    assert_eq!(titles(&all), ["4", "3", "2", "1", "0"]);
    assert_eq!(all["data"]["broadcasts"]["edges"][1]["node"]["state"], "SENT");
    assert_eq!(all["data"]["broadcasts"]["edges"][2]["node"]["state"], "SCHEDULED");
    assert_eq!(all["data"]["broadcasts"]["pageInfo"]["hasNextPage"], false);
    let first = server.ask(ADA, LIST, json!({ "first": 2 })).await;
    assert_eq!(titles(&first), ["4", "3"]);
    let info = &first["data"]["broadcasts"]["pageInfo"];
    assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(true), &json!(false)));
    // What comes meanwhile moves nothing.
    server.schedule("5", 60).await;
    let rest = server.ask(ADA, LIST, json!({ "first": 3, "after": info["endCursor"] })).await;
    assert_eq!(titles(&rest), ["2", "1", "0"]);
    let info = &rest["data"]["broadcasts"]["pageInfo"];
    assert_eq!((&info["hasNextPage"], &info["hasPreviousPage"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn recipients_show_where_they_are_to_whoever_may_know_of_them() {
    let server = Server::start().await;
    let Fixture { ada, ben, north, .. } = &server.log;
    server.set_role(ben.id, server.south, Some(CampusRole::Member)).await;
    let within = json!({ "userKeys": ["user-1"], "campusKey": "north", "content": content("within north") });
    let sent = server.ask(ADA, TO_USERS, json!({ "input": within })).await;
    let id = &sent["data"]["done"]["broadcast"]["id"];
    let document = "query($id: ID!) { node(id: $id) { ... on Broadcast {
        recipients { edges { node { name memberships { campus { key } } } } } } } }";
    let ben_is_on = async || {
        let answer = server.ask(ADA, document, json!({ "id": id })).await;
        let ben = answer["data"]["node"]["recipients"]["edges"][0]["node"].clone();
        assert_eq!(ben["name"], "User 1", "{answer}");
        ben["memberships"].as_array().unwrap().len()
    };
    assert_eq!(ben_is_on().await, 2);
    // She sent it, and still sees how it fares.
    server.set_role(ada.id, *north, Some(CampusRole::Member)).await;
    assert_eq!(ben_is_on().await, 0);
    server.set_role(ada.id, *north, Some(CampusRole::Admin)).await;
    server.set_role(ben.id, *north, None).await;
    assert_eq!(ben_is_on().await, 0, "he has left");
}

#[rstest]
#[case::a_page_of_counts("{ broadcasts(first: 100) { edges { node { deliveredCount readCount } } } }", None)]
#[case::two_pages_of_counts(
    "{ a: broadcasts(first: 100) { edges { node { deliveredCount readCount } } }
       b: broadcasts(first: 100) { edges { node { deliveredCount readCount } } } }",
    Some("TOO_COMPLEX")
)]
#[case::many_previews(PREVIEWS, Some("TOO_COMPLEX"))]
#[tokio::test]
async fn one_document_cannot_ask_for_very_many_counts(
    #[case] document: &str,
    #[case] expected: Option<&str>,
) {
    let answer = Server::start().await.ask(ROOT, document, json!({})).await;
    assert_eq!(code(&answer), expected, "{answer}");
}

#[rstest]
#[case::none("first", json!(0))]
#[case::too_many("first", json!(101))]
#[case::garbled("after", json!("garbled"))]
#[case::of_another_list("after", json!(Place::User(UserId(1)).encode()))]
#[case::of_a_feed("after", json!(crate::domain::cursor::Cursor::encode("aa", crate::domain::id::Seq(1))))]
#[tokio::test]
async fn a_page_has_bounds(#[case] name: &str, #[case] value: Value) {
    let server = Server::start().await;
    let answer = server.ask(ADA, LIST, json!({ name: value })).await;
    assert_eq!((code(&answer), field(&answer)), (Some("BAD_USER_INPUT"), Some(name)));
    let id = server.schedule("Open day", 60).await["broadcast"]["id"].clone();
    let document = "query($id: ID!, $first: Int, $after: String) {
        node(id: $id) { ... on Broadcast { recipients(first: $first, after: $after) { edges { cursor } } } } }";
    let value = if name == "after" && value == Place::User(UserId(1)).encode() {
        json!(Place::Broadcast(BroadcastId(1)).encode())
    } else {
        value
    };
    let answer = server.ask(ADA, document, json!({ "id": id, name: value })).await;
    assert_eq!((code(&answer), field(&answer)), (Some("BAD_USER_INPUT"), Some(name)));
}

#[tokio::test]
async fn admins_list_their_campuses_and_super_admins_all() {
    let server = Server::start().await;
    server.schedule("north", 60).await;
    let mut input = server.to_north("south", None);
    input["campusKey"] = json!("south");
    assert_eq!(code(&server.ask(ROOT, TO_CAMPUS, json!({ "input": input })).await), None);
    let within = json!({ "userKeys": ["user-1"], "campusKey": "north", "content": content("within north") });
    assert_eq!(code(&server.ask(ADA, TO_USERS, json!({ "input": within })).await), None);
    let personal = json!({ "userKeys": ["user-1"], "content": content("personal") });
    assert_eq!(code(&server.ask(SERVICE, TO_USERS, json!({ "input": personal })).await), None);

    let list = async |who, key: Option<&str>| server.ask(who, LIST, json!({ "campusKey": key })).await;
    assert_eq!(titles(&list(ROOT, None).await), ["personal", "within north", "south", "north"]);
    assert_eq!(titles(&list(ROOT, Some("south")).await), ["south"]);
    assert_eq!(titles(&list(ADA, None).await), ["within north", "north"]);
    assert_eq!(titles(&list(ADA, Some("north")).await), ["within north", "north"]);
    for (who, key, expected) in [
        (ADA, Some("south"), "NOT_FOUND"),
        (ADA, Some("nowhere"), "NOT_FOUND"),
        (BEN, None, "FORBIDDEN"),
        (BEN, Some("north"), "FORBIDDEN"),
        (STRANGER, Some("north"), "NOT_FOUND"),
        (SERVICE, None, "FORBIDDEN"),
        (SERVICE, Some("north"), "FORBIDDEN"),
    ] {
        assert_eq!(code(&list(who, key).await), Some(expected), "{who:?} {key:?}");
    }
    server.set_role(server.log.ada.id, server.south, Some(CampusRole::Member)).await;
    assert_eq!(code(&list(ADA, Some("south")).await), Some("FORBIDDEN"));
    server.set_role(server.log.ada.id, server.south, Some(CampusRole::Admin)).await;
    assert_eq!(titles(&list(ADA, None).await), ["within north", "south", "north"]);
}
