//! Asking for broadcasts: now or later, again, and what comes of them.

use super::*;

#[tokio::test]
async fn at_once_it_is_sent_and_has_its_notification() {
    let server = Server::start().await;
    let answer = server.ask(ADA, TO_CAMPUS, json!({ "input": server.to_north("Open day", None) })).await;
    let done = &answer["data"]["done"];
    assert_eq!(done["notification"]["title"], "Open day");
    let broadcast = &done["broadcast"];
    assert_eq!(
        *broadcast,
        json!({
            "id": "b1", "state": "SENT", "failure": null, "sendAt": null, "audience": "CAMPUS",
            "campus": { "key": "north" }, "audienceSize": 2,
        })
    );
    let node = server.node(ADA, &broadcast["id"]).await;
    assert_eq!(
        node,
        json!({
            "state": "SENT", "failure": null, "audienceSize": 2, "deliveredCount": 0, "readCount": 0,
            "notification": { "id": done["notification"]["id"] }, "content": { "title": "Open day" },
            "sender": { "name": "User 0" }, "recipients": { "edges": [] },
        })
    );
}

#[tokio::test]
async fn what_waits_becomes_a_notification_in_time() {
    let server = Server::start().await;
    let done = server.schedule("Open day", 60).await;
    assert_eq!((&done["created"], &done["notification"]), (&json!(true), &Value::Null));
    assert_eq!(done["broadcast"]["state"], "SCHEDULED");
    assert_eq!(done["broadcast"]["audienceSize"], 2, "as things are now");
    let id = &done["broadcast"]["id"];
    server.set_role(server.log.ben.id, server.log.north, None).await;
    assert_eq!(server.node(ADA, id).await["audienceSize"], 1, "as things are now");
    server.later(60).await;
    let node = server.node(ADA, id).await;
    assert_eq!((&node["state"], &node["audienceSize"]), (&json!("SENT"), &json!(1)));
    let feed = server.ask(ADA, "{ notifications { nodes { id title } } }", json!({})).await;
    let sent = &feed["data"]["notifications"]["nodes"][0];
    assert_eq!((&sent["id"], &sent["title"]), (&node["notification"]["id"], &json!("Open day")));
    let recall = "mutation($id: ID!) { recall(input: { id: $id }) { notificationId } }";
    server.ask(ADA, recall, json!({ "id": sent["id"] })).await;
    let node = server.node(ADA, id).await;
    assert_eq!((&node["state"], &node["notification"]), (&json!("RECALLED"), &Value::Null));
}

#[tokio::test]
async fn what_could_not_be_sent_says_why() {
    let server = Server::start().await;
    let id = server.schedule("Open day", 60).await["broadcast"]["id"].clone();
    server.set_role(server.log.ada.id, server.log.north, Some(CampusRole::Member)).await;
    server.later(60).await;
    let node = server.node(ADA, &id).await;
    assert_eq!(node["state"], "FAILED", "its sender still sees what became of it");
    assert_eq!(node["failure"], "Its sender was not allowed to send it any more.");
    assert_eq!(node["content"]["title"], "Open day");
    let cancelled = server.ask(ADA, CANCEL, json!({ "input": { "id": id } })).await;
    assert_eq!(code(&cancelled), Some("CONFLICT"));
}

#[rstest]
#[case::long_ago(Some(-301), None, "sendAt")]
#[case::too_far_ahead(Some(366 * 86_400 + 1), None, "sendAt")]
#[case::expires_before(Some(60), Some(59), "content.expiresAt")]
#[case::expires_then(Some(60), Some(60), "content.expiresAt")]
#[tokio::test]
async fn every_door_holds_the_bounds_of_time(
    #[case] seconds: Option<i64>,
    #[case] expires: Option<i64>,
    #[case] expected: &str,
) {
    let server = Server::start().await;
    let mut input = server.to_north("Open day", seconds);
    input["content"]["expiresAt"] =
        json!(expires.map(|expires| rfc(server.log.clock.now() + TimeDelta::seconds(expires))));
    let mut to_users = input.clone();
    to_users["userKeys"] = json!(["user-1"]);
    let mut to_all = input.clone();
    to_all.as_object_mut().unwrap().remove("campusKey");
    let to_all_document =
        "mutation($input: SystemBroadcastInput!) { broadcastToAll(input: $input) { created } }";
    for (document, input) in [(TO_CAMPUS, input), (TO_USERS, to_users), (to_all_document, to_all)] {
        let answer = server.ask(ROOT, document, json!({ "input": input })).await;
        assert_eq!((code(&answer), field(&answer)), (Some("BAD_USER_INPUT"), Some(expected)), "{answer}");
    }
}

#[tokio::test]
async fn a_moment_ago_is_at_once() {
    let server = Server::start().await;
    let done = server.schedule("Open day", -299).await;
    assert_eq!(
        (&done["broadcast"]["state"], &done["notification"]["title"]),
        (&json!("SENT"), &json!("Open day"))
    );
    assert!(done["broadcast"]["sendAt"].is_string());
}

#[tokio::test]
async fn the_same_key_is_the_same_broadcast_however_late_it_is_asked_for_again() {
    let server = Server::start().await;
    let mut input = server.to_north("Open day", Some(60));
    input["idempotencyKey"] = json!("k1");
    let ask = async || server.ask(ADA, TO_CAMPUS, json!({ "input": input })).await["data"]["done"].clone();
    let first = ask().await;
    let again = ask().await;
    assert_eq!((&first["created"], &again["created"]), (&json!(true), &json!(false)));
    assert_eq!(again["broadcast"], first["broadcast"]);
    // Its time has long passed: for something new that would be a mistake.
    server.later(60 + 301).await;
    let later = ask().await;
    assert_eq!((&later["created"], &later["broadcast"]["id"]), (&json!(false), &first["broadcast"]["id"]));
    assert_eq!(
        (&later["broadcast"]["state"], &later["notification"]["title"]),
        (&json!("SENT"), &json!("Open day"))
    );
    let mut other = input.clone();
    other["content"]["title"] = json!("Closed day");
    let answer = server.ask(ADA, TO_CAMPUS, json!({ "input": other })).await;
    assert_eq!(code(&answer), Some("CONFLICT"));
    other["idempotencyKey"] = json!("k2");
    let answer = server.ask(ADA, TO_CAMPUS, json!({ "input": other })).await;
    assert_eq!((code(&answer), field(&answer)), (Some("BAD_USER_INPUT"), Some("sendAt")));
}

#[rstest]
#[case::at_once(None)]
#[case::later(Some(30))]
#[tokio::test]
async fn the_same_key_says_what_was_sent_after_it_has_expired(#[case] seconds: Option<i64>) {
    let server = Server::start().await;
    let mut input = server.to_north("Open day", seconds);
    input["idempotencyKey"] = json!("k1");
    input["content"]["expiresAt"] = json!(rfc(server.log.clock.now() + TimeDelta::seconds(60)));
    let ask = async |input: &Value| server.ask(ADA, TO_CAMPUS, json!({ "input": input })).await;
    let first = ask(&input).await["data"]["done"].clone();
    server.later(30).await;
    server.later(30).await;
    let again = ask(&input).await["data"]["done"].clone();
    assert_eq!((&first["created"], &again["created"]), (&json!(true), &json!(false)));
    assert_eq!(
        (&again["broadcast"]["id"], &again["broadcast"]["state"]),
        (&first["broadcast"]["id"], &json!("SENT"))
    );
    for key in [json!("k2"), Value::Null] {
        input["idempotencyKey"] = key;
        input["sendAt"] = Value::Null;
        let answer = ask(&input).await;
        assert_eq!((code(&answer), field(&answer)), (Some("BAD_USER_INPUT"), Some("content.expiresAt")));
    }
}

#[tokio::test]
async fn recipients_are_whom_it_names_page_by_page() {
    let server = Server::start().await;
    let many = crate::log::tests::fixture::people(&server.log.log, 130).await;
    let keys: Vec<&str> = many.iter().map(|user| user.key.as_str()).collect();
    let document = "query($id: ID!, $after: String) { node(id: $id) { ... on Broadcast {
        recipients(first: 60, after: $after) { edges { node { key } } pageInfo { hasNextPage endCursor } } } } }";
    let soon = rfc(server.log.clock.now() + TimeDelta::seconds(60));
    for (named, send_at) in [(70, None), (130, None), (70, Some(&soon)), (130, Some(&soon))] {
        let input = json!({ "userKeys": keys[..named], "content": content("for many"), "sendAt": send_at });
        let answer = server.ask(SERVICE, TO_USERS, json!({ "input": input })).await;
        let broadcast = &answer["data"]["done"]["broadcast"];
        assert_eq!(broadcast["audienceSize"], named, "{answer}");
        for sent in [false, true] {
            let (mut found, mut after) = (Vec::new(), Value::Null);
            loop {
                let page =
                    server.ask(SERVICE, document, json!({ "id": broadcast["id"], "after": after })).await;
                let page = &page["data"]["node"]["recipients"];
                let edges = page["edges"].as_array().unwrap();
                found.extend(edges.iter().map(|edge| edge["node"]["key"].as_str().unwrap().to_owned()));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(found, keys[..named], "sent: {sent}");
            server.later(if sent { 0 } else { 60 }).await;
        }
    }
}
