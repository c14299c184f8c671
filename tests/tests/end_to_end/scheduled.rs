//! What was scheduled is sent once, in time, whatever becomes of the server meanwhile.

use anyhow::{Context, Result};
use campanile_tests::{caller::Caller, directory, feed::Feed, publish, server::Server};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

const SCHEDULE: &str = "mutation ($input: CampusBroadcastInput!) {
  publish: broadcastToCampus(input: $input) { notification { id } broadcast { id state } }
}";

const STATE: &str =
    "query ($id: ID!) { node(id: $id) { ... on Broadcast { state sendAt notification { createdAt } } } }";

/// The moment, as the server has it.
async fn now(platform: &Caller) -> Result<DateTime<Utc>> {
    let published = "mutation ($input: SystemBroadcastInput!) {
      publish: broadcastToAll(input: $input) { notification { createdAt } }
    }";
    let input = json!({ "content": publish::content("what time is it?") });
    let data = platform.ask(published, json!({ "input": input })).await?;
    moment(&data["publish"]["notification"]["createdAt"])
}

fn moment(value: &Value) -> Result<DateTime<Utc>> {
    let text = value.as_str().with_context(|| format!("no moment: {value}"))?;
    Ok(DateTime::parse_from_rfc3339(text)?.to_utc())
}

/// Schedules this for everyone on North. Returns the broadcast's id.
async fn schedule(platform: &Caller, title: &str, at: DateTime<Utc>) -> Result<Value> {
    let input =
        json!({ "campusKey": "north", "content": publish::content(title), "sendAt": at.to_rfc3339() });
    let data = platform.ask(SCHEDULE, json!({ "input": input })).await?;
    assert_eq!(data["publish"]["notification"], Value::Null);
    assert_eq!(data["publish"]["broadcast"]["state"], "SCHEDULED");
    Ok(data["publish"]["broadcast"]["id"].clone())
}

#[tokio::test]
async fn what_was_scheduled_comes_exactly_once_though_the_server_is_killed_before_its_time() -> Result<()> {
    let mut server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    let mut feed = Feed::live(&ada).await?;
    let at = now(&platform).await? + TimeDelta::seconds(1);
    let first = schedule(&platform, "scheduled", at).await?;
    let called_off = schedule(&platform, "called off", at).await?;
    let cancel = "mutation ($id: ID!) { cancelBroadcast(input: { id: $id }) { broadcast { state } } }";
    platform.ask(cancel, json!({ "id": called_off })).await?;

    server.kill_9().await?;
    while feed.next_or_end().await?.is_some() {}
    server.restart().await?;
    let mut feed = Feed::open(&ada, feed.cursor(), &Value::Null).await?;
    let mut titles = feed.titles_through("scheduled").await?;
    // Killed again when it has come: now it must not come a second time.
    server.kill_9().await?;
    while feed.next_or_end().await?.is_some() {}
    server.restart().await?;
    let mut feed = Feed::open(&ada, feed.cursor(), &Value::Null).await?;
    let later = schedule(&platform, "later", now(&platform).await? + TimeDelta::seconds(1)).await?;
    titles.extend(feed.titles_through("later").await?);

    let scheduled: Vec<_> = titles.iter().filter(|title| *title != "what time is it?").collect();
    assert_eq!(scheduled, ["scheduled", "later"]);
    for (id, expected) in [(&first, "SENT"), (&called_off, "CANCELLED"), (&later, "SENT")] {
        let node = platform.ask(STATE, json!({ "id": id })).await?["node"].take();
        assert_eq!(node["state"], expected, "{node}");
        if expected == "SENT" {
            let sent = moment(&node["notification"]["createdAt"])?;
            assert!(sent >= moment(&node["sendAt"])?, "not before its time: {node}");
        }
    }
    Ok(())
}
