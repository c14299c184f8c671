//! What was acknowledged survives the server's death, and a client that resumes sees it once and in order.

use anyhow::{Context, Result};
use campanile_tests::{
    caller::Caller,
    directory,
    feed::{Event, Feed},
    publish,
    server::Server,
    wait::until,
};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

const PUBLISHERS: usize = 20;
const PUBLISHES_EACH: usize = 30;
/// How much of it has come when the server is killed: well within.
const SEEN_BEFORE_THE_KILL: usize = 150;

/// What one publisher has been told.
struct Published {
    /// In the order of its publishes; the next was not begun before one was acknowledged.
    acknowledged: Vec<String>,
    /// How often the connection was lost, or could not be made.
    lost_connections: usize,
}

#[tokio::test]
async fn every_acknowledged_publish_comes_exactly_once_and_in_order_though_the_server_is_killed() -> Result<()>
{
    let mut server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    let feed = Feed::live(&ada).await?;

    let publishers = (0..PUBLISHERS).map(|number| publish_in_turn(&platform, number));
    let (published, (mut seen, mut resumed)) =
        tokio::try_join!(try_join_all(publishers), kill_and_resume(&mut server, &ada, feed))?;
    publish::to_user(&platform, "ada", "the last").await?;
    seen.extend(resumed.until(|event| event.title() == Some("the last")).await?);

    assert!(
        published.iter().any(|publisher| publisher.lost_connections > 0),
        "the kill has to have interrupted someone"
    );
    let seen = added(&seen);
    assert_eq!(
        seen.len(),
        PUBLISHERS * PUBLISHES_EACH + 1,
        "each publish once, whatever became of its first try"
    );
    for publisher in &published {
        let theirs: Vec<_> = seen.iter().filter(|id| publisher.acknowledged.contains(id)).cloned().collect();
        assert_eq!(theirs, publisher.acknowledged, "what was published later comes later");
    }
    let mut history = history(&ada).await?;
    history.reverse();
    assert_eq!(seen, history, "the feed and the history agree");
    Ok(())
}

/// Kills the server when enough has come, and restarts it. Returns what came before, and a feed that goes on from there.
async fn kill_and_resume(server: &mut Server, viewer: &Caller, mut feed: Feed) -> Result<(Vec<Event>, Feed)> {
    let mut seen = Vec::new();
    while seen.len() < SEEN_BEFORE_THE_KILL {
        seen.push(feed.next().await?);
    }
    server.kill_9().await?;
    while let Some(event) = feed.next_or_end().await? {
        seen.push(event);
    }
    server.restart().await?;
    let resumed = Feed::open(viewer, feed.cursor(), &Value::Null).await?;
    Ok((seen, resumed))
}

async fn publish_in_turn(platform: &Caller, publisher: usize) -> Result<Published> {
    let mut acknowledged = Vec::new();
    let mut lost_connections = 0;
    for publish in 0..PUBLISHES_EACH {
        let key = format!("{publisher}-{publish}");
        let content = publish::content(&key);
        let (mutation, input) = if publish % 2 == 0 {
            let input = json!({ "campusKey": "north", "content": content, "idempotencyKey": key });
            (publish::BROADCAST_TO_CAMPUS, input)
        } else {
            (publish::NOTIFY_USERS, json!({ "userKeys": ["ada"], "content": content, "idempotencyKey": key }))
        };
        let reply = until("the publish is answered", async || {
            let reply = platform.post(mutation, json!({ "input": input })).await;
            reply.inspect_err(|_| lost_connections += 1).ok()
        })
        .await?;
        let id = reply.body["data"]["publish"]["notification"]["id"].as_str();
        acknowledged.push(id.map(str::to_owned).with_context(|| format!("refused: {reply:?}"))?);
    }
    Ok(Published { acknowledged, lost_connections })
}

/// The ids of what was added.
fn added(events: &[Event]) -> Vec<String> {
    let id = |event: &Event| match event {
        Event::NotificationAdded { notification, .. } => Some(notification.id.clone()),
        _ => None,
    };
    events.iter().filter_map(id).collect()
}

/// The ids of the viewer's whole history, newest first.
async fn history(viewer: &Caller) -> Result<Vec<String>> {
    let query = "query ($after: String) {
      notifications(first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
    }";
    let mut ids = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = viewer.ask(query, json!({ "after": after })).await?["notifications"].take();
        let nodes = page["nodes"].as_array().into_iter().flatten();
        ids.extend(nodes.filter_map(|node| node["id"].as_str().map(str::to_owned)));
        if page["pageInfo"]["hasNextPage"] != true {
            return Ok(ids);
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
