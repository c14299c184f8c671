//! What people want to hear: muting takes a type out of feed, history and counts alike; quiet hours take the sound away; and
//! whoever asks is told why.

use anyhow::Result;
use campanile_tests::{
    caller::Caller,
    directory,
    feed::{Event, Feed},
    publish,
    server::Server,
};
use rstest::rstest;
use serde_json::{Value, json};

const UPDATE: &str = "mutation ($input: UpdatePreferencesInput!) { updatePreferences(input: $input) {
    preferences { id campus { key } types { type enabled inherited } quietHours { enabled active inherited } }
    viewer { unreadCount { count } unseenCount { count } }
} }";
const HISTORY: &str = "query ($muted: Boolean) {
    notifications(filter: { muted: $muted }) { nodes { title } }
    viewer { all: unreadCount(filter: { muted: $muted }) { count } }
}";

/// A server with `ada` on north and south; the platform that publishes, and ada.
async fn ada_on_two_campuses() -> Result<(Server, Caller, Caller)> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    let people: [(&str, &[&str]); 2] = [("ada", &["north", "south"]), ("ben", &["north"])];
    directory::set_up(&platform, &["north", "south", "west"], &people).await?;
    let ada = server.member("ada").await?;
    Ok((server, platform, ada))
}

async fn update(caller: &Caller, input: Value) -> Result<Value> {
    let mut updated = caller.ask(UPDATE, json!({ "input": input })).await?;
    Ok(updated["updatePreferences"].take())
}

async fn tell(platform: &Caller, campus: &str, title: &str, kind: &str, priority: &str) -> Result<String> {
    let content = json!({ "type": kind, "title": title, "message": title, "priority": priority });
    let input = json!({ "campusKey": campus, "content": content });
    publish::publish(platform, publish::BROADCAST_TO_CAMPUS, &input).await
}

/// Titles of the history, newest first, and how many are unread.
async fn history(caller: &Caller, muted: bool) -> Result<(Vec<String>, u64)> {
    let answer = caller.ask(HISTORY, json!({ "muted": muted })).await?;
    let nodes = answer["notifications"]["nodes"].as_array().cloned().unwrap_or_default();
    let titles = nodes.iter().filter_map(|node| node["title"].as_str()).map(str::to_owned);
    Ok((titles.collect(), answer["viewer"]["all"]["count"].as_u64().unwrap_or_default()))
}

fn types(names: &[&str], enabled: &Value) -> Value {
    names.iter().map(|name| json!({ "type": name, "enabled": enabled })).collect()
}

#[tokio::test]
async fn a_muted_type_is_gone_from_feed_history_and_counts_and_comes_back() -> Result<()> {
    let (_server, platform, ada) = ada_on_two_campuses().await?;
    tell(&platform, "north", "before", "CAMPUS_UPDATE", "MEDIUM").await?;
    let mut feed = Feed::live(&ada).await?;

    let muted = update(&ada, json!({ "types": types(&["CAMPUS_UPDATE"], &json!(false)) })).await?;
    assert_eq!(muted["viewer"], json!({ "unreadCount": { "count": 0 }, "unseenCount": { "count": 0 } }));
    assert!(matches!(feed.next().await?, Event::ViewerChanged { .. }));
    tell(&platform, "north", "not heard", "CAMPUS_UPDATE", "URGENT").await?;
    tell(&platform, "north", "heard", "EVENT_CREATED", "MEDIUM").await?;
    assert_eq!(feed.titles_through("heard").await?, ["heard"]);
    assert_eq!(history(&ada, false).await?, (vec!["heard".to_owned()], 1));
    let everything = ["heard", "not heard", "before"].map(str::to_owned).to_vec();
    assert_eq!(history(&ada, true).await?, (everything.clone(), 3));

    update(&ada, json!({ "types": types(&["CAMPUS_UPDATE"], &Value::Null) })).await?;
    assert!(matches!(feed.next().await?, Event::ViewerChanged { .. }));
    assert_eq!(history(&ada, false).await?, (everything, 3), "backwards too");
    tell(&platform, "north", "heard again", "CAMPUS_UPDATE", "MEDIUM").await?;
    assert_eq!(feed.titles_through("heard again").await?, ["heard again"]);
    Ok(())
}

#[tokio::test]
async fn a_campus_may_differ_from_the_default_until_it_is_reset() -> Result<()> {
    let (_server, platform, ada) = ada_on_two_campuses().await?;
    update(&ada, json!({ "types": types(&["CAMPUS_UPDATE", "EVENT_CREATED"], &json!(false)) })).await?;
    let of_north =
        update(&ada, json!({ "campusKey": "north", "types": types(&["CAMPUS_UPDATE"], &json!(true)) }))
            .await?;
    let shown: Vec<&Value> = of_north["preferences"]["types"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|shown| {
            ["CAMPUS_UPDATE", "EVENT_CREATED"].contains(&shown["type"].as_str().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        json!(shown),
        json!([{ "type": "EVENT_CREATED", "enabled": false, "inherited": true },
               { "type": "CAMPUS_UPDATE", "enabled": true, "inherited": false }])
    );
    for campus in ["north", "south"] {
        tell(&platform, campus, campus, "CAMPUS_UPDATE", "MEDIUM").await?;
    }
    let content = json!({ "type": "CAMPUS_UPDATE", "title": "by name", "message": "by name" });
    let by_name = json!({ "userKeys": ["ada"], "campusKey": "north", "content": content });
    publish::publish(&platform, publish::NOTIFY_USERS, &by_name).await?;
    assert_eq!(history(&ada, false).await?.0, ["north"], "personal ones go by the default");

    let reset = "mutation { resetPreferences(input: { campusKey: \"north\" }) {
        preferences { campus { key } types { inherited } } viewer { unreadCount { count } } } }";
    let reset = &ada.ask(reset, Value::Null).await?["resetPreferences"];
    assert_eq!(reset["viewer"]["unreadCount"]["count"], 0);
    assert!(
        reset["preferences"]["types"]
            .as_array()
            .into_iter()
            .flatten()
            .all(|shown| shown["inherited"] == true)
    );
    assert!(history(&ada, false).await?.0.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_is_mandatory_cannot_be_muted() -> Result<()> {
    let (_server, _platform, ada) = ada_on_two_campuses().await?;
    let input = json!({ "types": types(&["EVENT_CREATED", "SYSTEM_WARNING"], &json!(false)) });
    let refusal = ada.refusal(UPDATE, json!({ "input": input })).await?;
    assert_eq!(
        (refusal.code.as_str(), refusal.field.as_deref()),
        ("BAD_USER_INPUT", Some("types.1.enabled"))
    );
    let preferences = ada.ask("{ preferences { types { enabled } } }", Value::Null).await?;
    let shown = preferences["preferences"]["types"].as_array().cloned().unwrap_or_default();
    assert!(!shown.is_empty() && shown.iter().all(|shown| shown["enabled"] == true), "nothing of it counts");
    Ok(())
}

#[tokio::test]
async fn in_quiet_hours_all_but_the_urgent_and_the_mandatory_is_silent() -> Result<()> {
    let (_server, platform, ada) = ada_on_two_campuses().await?;
    let mut feed = Feed::live(&ada).await?;
    // Whatever the time, it is in the middle of these hours.
    tell(&platform, "north", "the time", "SYSTEM_WARNING", "LOW").await?;
    let told = ada.ask("{ notifications { nodes { createdAt } } }", Value::Null).await?;
    let told = told["notifications"]["nodes"][0]["createdAt"].as_str().unwrap_or_default();
    let hour: u32 = told.split(['T', ':']).nth(1).unwrap_or_default().parse()?;
    let clock = |hour: u32| format!("{:02}:30", hour % 24);
    let hours = json!({ "enabled": true, "startTime": clock(hour + 22), "endTime": clock(hour + 2), "timezone": "UTC" });
    let quiet = update(&ada, json!({ "quietHours": hours })).await?;
    assert_eq!(
        quiet["preferences"]["quietHours"],
        json!({ "enabled": true, "active": true, "inherited": false })
    );
    update(&ada, json!({ "campusKey": "south", "quietHours": { "enabled": false } })).await?;

    tell(&platform, "north", "silent", "CAMPUS_UPDATE", "HIGH").await?;
    tell(&platform, "north", "urgent", "CAMPUS_UPDATE", "URGENT").await?;
    tell(&platform, "north", "mandatory", "SYSTEM_WARNING", "LOW").await?;
    tell(&platform, "south", "another campus", "CAMPUS_UPDATE", "LOW").await?;
    let mut events = feed.until(|event| event.title() == Some("another campus")).await?;
    events.retain(|event| event.title() != Some("the time"));
    let told: Vec<(&str, bool)> = events
        .iter()
        .filter_map(|event| match event {
            Event::NotificationAdded { notification, silent, .. } => {
                Some((notification.title.as_str(), *silent))
            }
            _ => None,
        })
        .collect();
    assert_eq!(told, [("silent", true), ("urgent", false), ("mandatory", false), ("another campus", false)]);
    Ok(())
}

#[rstest]
#[case::unknown_type(json!({ "types": [{ "type": "GOSSIP", "enabled": false }] }), "BAD_USER_INPUT", Some("types.0.type"))]
#[case::named_twice(json!({ "types": [{ "type": "CAMPUS_UPDATE" }, { "type": "CAMPUS_UPDATE" }] }), "BAD_USER_INPUT", Some("types.1.type"))]
#[case::no_such_zone(json!({ "quietHours": { "timezone": "Mars/Olympus" } }), "BAD_USER_INPUT", Some("quietHours.timezone"))]
#[case::no_time_at_all(json!({ "quietHours": { "startTime": "07:00", "endTime": "07:00" } }), "BAD_USER_INPUT", Some("quietHours.endTime"))]
#[case::another_campus(json!({ "campusKey": "west", "types": [] }), "NOT_FOUND", Some("campusKey"))]
#[case::no_campus(json!({ "campusKey": "nowhere", "types": [] }), "NOT_FOUND", Some("campusKey"))]
#[tokio::test]
async fn a_bad_preference_is_refused_by_its_field(
    #[case] input: Value,
    #[case] code: &str,
    #[case] field: Option<&str>,
) -> Result<()> {
    let (_server, platform, ada) = ada_on_two_campuses().await?;
    let refusal = ada.refusal(UPDATE, json!({ "input": input })).await?;
    assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), (code, field));
    let refusal = platform.refusal("{ preferences { id } }", Value::Null).await?;
    assert_eq!(refusal.code, "FORBIDDEN", "software hears nothing");
    Ok(())
}

#[rstest]
#[case("25:00")]
#[case("7:30")]
#[case("noon")]
#[tokio::test]
async fn what_is_no_time_of_day_is_refused(#[case] time: &str) -> Result<()> {
    let (_server, _platform, ada) = ada_on_two_campuses().await?;
    let input = json!({ "quietHours": { "startTime": time } });
    let refusal = ada.refusal(UPDATE, json!({ "input": input })).await?;
    assert!(["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&refusal.code.as_str()), "{refusal:?}");
    Ok(())
}

#[tokio::test]
async fn whoever_asks_is_told_why() -> Result<()> {
    let (server, platform, ada) = ada_on_two_campuses().await?;
    directory::appoint(&platform, "ben", "north").await?;
    let ben = server.member("ben").await?;
    let on_north = tell(&platform, "north", "to north", "CAMPUS_UPDATE", "MEDIUM").await?;
    let on_west = tell(&platform, "west", "to west", "CAMPUS_UPDATE", "MEDIUM").await?;
    update(&ada, json!({ "types": types(&["CAMPUS_UPDATE"], &json!(false)) })).await?;
    let why = "query ($id: ID!, $user: String) { explain(notificationId: $id, userKey: $user) {
        received reasons { rule holds } } }";
    let failing = |answer: &Value| -> Vec<String> {
        let reasons = answer["explain"]["reasons"].as_array().cloned().unwrap_or_default();
        let failing = reasons.iter().filter(|reason| reason["holds"] == false);
        failing.filter_map(|reason| reason["rule"].as_str()).map(str::to_owned).collect()
    };

    let own = ada.ask(why, json!({ "id": on_north })).await?;
    assert_eq!(own["explain"]["received"], false);
    assert!(failing(&own).contains(&"type preference".to_owned()), "{own}");
    let of_a_member = ben.ask(why, json!({ "id": on_north, "user": "ada" })).await?;
    assert_eq!(of_a_member["explain"], own["explain"]);
    let received = ben.ask(why, json!({ "id": on_north })).await?;
    assert_eq!(received["explain"]["received"], true);

    for (caller, variables, code) in [
        (&ada, json!({ "id": on_north, "user": "ben" }), "NOT_FOUND"),
        (&ada, json!({ "id": on_north, "user": "nobody" }), "NOT_FOUND"),
        (&ada, json!({ "id": on_west }), "NOT_FOUND"),
        (&ben, json!({ "id": on_west, "user": "ada" }), "NOT_FOUND"),
        (&ben, json!({ "id": "garbled" }), "NOT_FOUND"),
        (&ben, json!({ "id": "n999999" }), "NOT_FOUND"),
        (&platform, json!({ "id": on_north, "user": "ada" }), "FORBIDDEN"),
    ] {
        assert_eq!(caller.refusal(why, variables.clone()).await?.code, code, "{variables}");
    }
    Ok(())
}

#[tokio::test]
async fn an_audience_is_counted_before_anything_is_sent() -> Result<()> {
    let (server, platform, ada) = ada_on_two_campuses().await?;
    directory::appoint(&platform, "ben", "north").await?;
    let ben = server.member("ben").await?;
    update(&ada, json!({ "campusKey": "north", "types": types(&["EVENT_CREATED"], &json!(false)) })).await?;
    let _feed = Feed::live(&ada).await?;
    let preview = "query ($input: AudienceInput!) { previewAudience(input: $input) {
        size muted inQuietHours connected } }";
    let ask = |input: Value| json!({ "input": input });

    let of_north = ben.ask(preview, ask(json!({ "campusKey": "north", "type": "EVENT_CREATED" }))).await?;
    assert_eq!(
        of_north["previewAudience"],
        json!({ "size": 2, "muted": 1, "inQuietHours": 0, "connected": 1 })
    );
    let of_another = ben.ask(preview, ask(json!({ "campusKey": "north", "type": "EVENT_UPDATED" }))).await?;
    assert_eq!(of_another["previewAudience"]["muted"], 0);
    let named = ben.ask(preview, ask(json!({ "userKeys": ["ada", "ben"], "type": "EVENT_CREATED" }))).await?;
    assert_eq!(named["previewAudience"], json!({ "size": 2, "muted": 0, "inQuietHours": 0, "connected": 1 }));
    let all = platform.ask(preview, ask(json!({ "all": true, "type": "EVENT_CREATED" }))).await?;
    assert_eq!(all["previewAudience"]["muted"], 0);

    for (caller, input, code) in [
        (&ben, json!({ "all": true, "type": "EVENT_CREATED" }), "FORBIDDEN"),
        (&ben, json!({ "campusKey": "south", "type": "EVENT_CREATED" }), "NOT_FOUND"),
        (&ben, json!({ "userKeys": ["ada", "nobody"], "type": "EVENT_CREATED" }), "NOT_FOUND"),
        (&ada, json!({ "campusKey": "north", "type": "EVENT_CREATED" }), "FORBIDDEN"),
        (&ada, json!({ "userKeys": ["ada"], "type": "EVENT_CREATED" }), "FORBIDDEN"),
        (&ben, json!({ "type": "EVENT_CREATED" }), "BAD_USER_INPUT"),
        (&ben, json!({ "campusKey": "north", "all": true, "type": "EVENT_CREATED" }), "BAD_USER_INPUT"),
        (&ben, json!({ "userKeys": [], "type": "EVENT_CREATED" }), "BAD_USER_INPUT"),
        (&ben, json!({ "campusKey": "north", "type": "GOSSIP" }), "BAD_USER_INPUT"),
    ] {
        assert_eq!(caller.refusal(preview, ask(input.clone())).await?.code, code, "{input}");
    }
    Ok(())
}
