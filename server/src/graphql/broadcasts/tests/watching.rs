//! A broadcast as it fares, live.

use super::*;

const WATCH: &str =
    "subscription($id: ID!) { broadcast(id: $id) { state audienceSize deliveredCount readCount } }";

impl Server {
    fn watch(&self, who: (&str, Role), id: &Value) -> BoxStream<'static, Response> {
        self.schema.execute_stream(self.request(who, WATCH, json!({ "id": id })))
    }
}

async fn next(readings: &mut BoxStream<'static, Response>) -> Option<Value> {
    let next = timeout(Duration::from_mins(1), readings.next()).await;
    next.expect("the subscription is silent").map(|response| serde_json::to_value(response).unwrap())
}

async fn told(readings: &mut BoxStream<'static, Response>) -> Value {
    next(readings).await.expect("it has ended")["data"]["broadcast"].clone()
}

fn reading(state: &str, delivered: i64, read: i64) -> Value {
    json!({ "state": state, "audienceSize": 2, "deliveredCount": delivered, "readCount": read })
}

#[tokio::test]
async fn it_is_told_now_and_whenever_something_has_changed() {
    let server = Server::start().await;
    let id = server.schedule("Open day", 60).await["broadcast"]["id"].clone();
    let mut readings = server.watch(ADA, &id);
    assert_eq!(told(&mut readings).await, reading("SCHEDULED", 0, 0));
    server.later(60).await;
    assert_eq!(told(&mut readings).await, reading("SENT", 0, 0));
    let feed = server.ask(BEN, "{ notifications { nodes { id } } }", json!({})).await;
    let sent = &feed["data"]["notifications"]["nodes"][0]["id"];
    assert_eq!(told(&mut readings).await, reading("SENT", 1, 0));
    let read = "mutation($id: ID!) { markRead(input: { ids: [$id] }) { viewer { id } } }";
    assert_eq!(code(&server.ask(BEN, read, json!({ "id": sent })).await), None);
    assert_eq!(told(&mut readings).await, reading("SENT", 1, 1));
    let recall = "mutation($id: ID!) { recall(input: { id: $id }) { notificationId } }";
    assert_eq!(code(&server.ask(ADA, recall, json!({ "id": sent })).await), None);
    assert_eq!(told(&mut readings).await, reading("RECALLED", 1, 1));
}

#[tokio::test]
async fn that_it_was_called_off_is_told() {
    let server = Server::start().await;
    let id = server.schedule("Open day", 60).await["broadcast"]["id"].clone();
    let mut readings = server.watch(ROOT, &id);
    assert_eq!(told(&mut readings).await["state"], "SCHEDULED");
    server.ask(ADA, CANCEL, json!({ "input": { "id": id } })).await;
    assert_eq!(told(&mut readings).await["state"], "CANCELLED");
}

#[tokio::test]
async fn what_one_may_not_see_is_not_there() {
    let server = Server::start().await;
    let id = server.schedule("Open day", 60).await["broadcast"]["id"].clone();
    for (who, id) in [
        (BEN, id.clone()),
        (STRANGER, id.clone()),
        (SERVICE, id.clone()),
        (ROOT, json!("b999")),
        (ROOT, json!("n1")),
        (ROOT, json!("garbled")),
    ] {
        let mut readings = server.watch(who, &id);
        let refused = next(&mut readings).await.unwrap();
        assert_eq!((code(&refused), field(&refused)), (Some("NOT_FOUND"), Some("id")), "{who:?} {id}");
        assert_eq!(next(&mut readings).await, None);
    }
}

#[tokio::test]
async fn it_ends_when_the_right_to_see_it_does() {
    let server = Server::start().await;
    let mut input = server.to_north("Open day", None);
    input["campusKey"] = json!("north");
    let sent = server.ask(ROOT, TO_CAMPUS, json!({ "input": input })).await;
    let id = &sent["data"]["done"]["broadcast"]["id"];
    let mut of_ada = server.watch(ADA, id);
    assert_eq!(told(&mut of_ada).await, reading("SENT", 0, 0));
    server.set_role(server.log.ada.id, server.log.north, Some(CampusRole::Member)).await;
    assert_eq!(code(&next(&mut of_ada).await.unwrap()), Some("NOT_FOUND"));
    assert_eq!(next(&mut of_ada).await, None);
}

#[tokio::test]
async fn it_ends_with_the_token() {
    let server = Server::start().await;
    let id = server.schedule("Open day", 600).await["broadcast"]["id"].clone();
    let mut readings = server.watch(ADA, &id);
    assert_eq!(told(&mut readings).await["state"], "SCHEDULED");
    server.log.turn_clock(TimeDelta::days(1));
    assert_eq!(code(&next(&mut readings).await.unwrap()), Some("UNAUTHENTICATED"));
    assert_eq!(next(&mut readings).await, None);
}
