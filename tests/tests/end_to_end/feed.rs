//! The feed: what happens comes, to whom it concerns, in order, and after an interruption without gap or repeat.

use anyhow::{Context, Result};
use campanile_tests::{
    caller::Caller,
    directory,
    feed::{Event, Feed, titles},
    publish,
    server::Server,
};
use rstest::rstest;
use serde_json::{Value, json};

/// A server with `ada` on campus north; the platform that publishes, and ada.
async fn ada_on_north() -> Result<(Server, Caller, Caller)> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north", "south"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    Ok((server, platform, ada))
}

#[tokio::test]
async fn whatever_concerns_a_person_reaches_them_in_order() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut feed = Feed::live(&ada).await?;

    publish::to_campus(&platform, "north", "to her campus").await?;
    publish::to_campus(&platform, "south", "to another campus").await?;
    publish::to_user(&platform, "ada", "to her").await?;
    publish::to_all(&platform, "to all").await?;

    assert_eq!(feed.titles_through("to all").await?, ["to her campus", "to her", "to all"]);
    Ok(())
}

#[tokio::test]
async fn what_a_domain_event_says_reaches_a_subscriber() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut feed = Feed::live(&ada).await?;

    let event = json!({ "idempotencyKey": "e1", "change": "CREATED", "eventId": "42", "campusKey": "north",
                        "title": "Open day", "startsAt": "2026-12-01T09:00:00Z" });
    let ingested = platform
        .ask(
            "mutation ($events: [DomainEventInput!]!) { ingest(input: { events: $events }) { created refused { index } } }",
            json!({ "events": [{ "event": event }] }),
        )
        .await?;

    assert_eq!(ingested["ingest"], json!({ "created": 1, "refused": [] }));
    let events = feed.until(|event| event.title().is_some()).await?;
    assert_eq!(titles(&events).len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_feed_that_resumes_replays_what_it_missed_and_then_goes_live() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut feed = Feed::live(&ada).await?;
    publish::to_campus(&platform, "north", "seen").await?;
    feed.titles_through("seen").await?;
    let cursor = feed.cursor().map(str::to_owned);
    drop(feed);
    publish::to_campus(&platform, "north", "missed").await?;
    publish::to_user(&platform, "ada", "missed as well").await?;

    let mut resumed = Feed::open(&ada, cursor.as_deref(), &Value::Null).await?;
    let replay = resumed.catch_up().await?;
    publish::to_campus(&platform, "north", "news").await?;
    let news = resumed.until(|event| event.title() == Some("news")).await?;

    assert_eq!(titles(&replay), ["missed", "missed as well"]);
    let replayed = |event: &Event| matches!(event, Event::NotificationAdded { replayed: true, .. });
    assert!(replay.iter().filter(|event| event.title().is_some()).all(replayed), "{replay:?}");
    assert_eq!(titles(&news), ["news"]);
    assert!(!news.iter().any(replayed), "{news:?}");
    Ok(())
}

#[tokio::test]
async fn nothing_lies_between_a_page_and_the_feed_that_begins_at_its_cursor() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    publish::to_campus(&platform, "north", "on the page").await?;
    let page = ada.ask("{ notifications { nodes { title } feedCursor } }", Value::Null).await?;
    publish::to_campus(&platform, "north", "after the page").await?;

    let after = page["notifications"]["feedCursor"].as_str();
    let mut feed = Feed::open(&ada, after, &Value::Null).await?;

    assert_eq!(page["notifications"]["nodes"], json!([{ "title": "on the page" }]));
    assert_eq!(titles(&feed.catch_up().await?), ["after the page"]);
    Ok(())
}

#[tokio::test]
async fn a_recall_comes_live_and_in_a_replay() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut feed = Feed::live(&ada).await?;
    let wrong = publish::to_campus(&platform, "north", "wrong").await?;
    feed.titles_through("wrong").await?;
    let before = feed.cursor().map(str::to_owned);

    let recall = "mutation ($id: ID!) { recall(input: { id: $id }) { notificationId } }";
    platform.ask(recall, json!({ "id": wrong })).await?;

    let is_recall = |event: &Event| matches!(event, Event::NotificationRecalled { notification_id, .. } if *notification_id == wrong);
    feed.until(is_recall).await?;
    let mut resumed = Feed::open(&ada, before.as_deref(), &Value::Null).await?;
    assert!(resumed.catch_up().await?.iter().any(is_recall));
    let history = ada.ask("{ notifications { nodes { id } } }", Value::Null).await?;
    assert_eq!(history["notifications"]["nodes"], json!([]));
    Ok(())
}

#[tokio::test]
async fn another_device_of_the_same_person_follows_at_once() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut other_device = Feed::live(&ada).await?;
    let first = publish::to_campus(&platform, "north", "first").await?;
    let second = publish::to_campus(&platform, "north", "second").await?;
    other_device.titles_through("second").await?;

    let mut states = Vec::new();
    for (mutation, id) in [("markRead", &first), ("markRead", &second), ("markUnread", &first)] {
        let mutation = format!(
            "mutation ($id: ID!) {{ {mutation}(input: {{ ids: [$id] }}) {{ notifications {{ id }} }} }}"
        );
        ada.ask(&mutation, json!({ "id": id })).await?;
        let events = other_device.until(|event| matches!(event, Event::ReadStateChanged { .. })).await?;
        let Some(Event::ReadStateChanged { revision, unread_count, .. }) = events.last() else {
            continue;
        };
        states.push((*revision, *unread_count));
    }

    let unread: Vec<_> = states.iter().map(|state| state.1).collect();
    assert_eq!(unread, [1, 0, 1]);
    assert!(states.is_sorted_by(|one, next| one.0 < next.0), "the revision only grows: {states:?}");
    Ok(())
}

#[tokio::test]
async fn all_read_reaches_another_device_with_how_far_it_goes() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut other_device = Feed::live(&ada).await?;
    publish::to_campus(&platform, "north", "first").await?;
    let second = publish::to_campus(&platform, "north", "second").await?;
    other_device.titles_through("second").await?;

    let all_read =
        "mutation ($id: ID!) { markAllRead(input: { through: $id }) { viewer { unreadCount { count } } } }";
    let marked = ada.ask(all_read, json!({ "id": second })).await?;

    assert_eq!(marked["markAllRead"]["viewer"]["unreadCount"]["count"], 0);
    other_device
        .until(|event| {
            matches!(event, Event::ReadStateChanged { read_through: Some(id), unread_count: 0, .. } if *id == second)
        })
        .await?;
    Ok(())
}

#[tokio::test]
async fn whoever_leaves_a_campus_hears_no_more_of_it_from_that_position_on() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut feed = Feed::live(&ada).await?;

    publish::to_campus(&platform, "north", "while she was there").await?;
    directory::leave(&platform, "ada", "north").await?;
    publish::to_campus(&platform, "north", "after she left").await?;
    publish::to_user(&platform, "ada", "the last").await?;

    let events = feed.until(|event| event.title() == Some("the last")).await?;
    assert_eq!(titles(&events), ["while she was there", "the last"]);
    let left = events.iter().position(|event| matches!(event, Event::ViewerChanged { .. }));
    let last_of_campus = events.iter().position(|event| event.title() == Some("while she was there"));
    assert!(left.context("she is told that her view has changed")? > last_of_campus.context("seen")?);
    Ok(())
}

#[tokio::test]
async fn whoever_joins_a_campus_hears_of_it_from_that_position_on() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut feed = Feed::live(&ada).await?;

    publish::to_campus(&platform, "south", "before she came").await?;
    directory::join(&platform, "ada", "south").await?;
    publish::to_campus(&platform, "south", "after she came").await?;

    let events = feed.until(|event| event.title().is_some()).await?;
    assert_eq!(titles(&events), ["after she came"]);
    assert!(events.iter().any(|event| matches!(event, Event::ViewerChanged { .. })), "{events:?}");
    Ok(())
}

#[rstest]
#[case::of_a_campus(json!({ "campusKeys": ["north"] }), &["event", "notice", "urgent event"])]
#[case::of_a_type(json!({ "types": ["EVENT_CREATED"] }), &["event", "urgent event"])]
#[case::of_a_category(json!({ "categories": ["EVENTS"] }), &["event", "cancelled", "urgent event"])]
#[case::from_a_priority_on(json!({ "minPriority": "HIGH" }), &["cancelled", "urgent event"])]
#[tokio::test]
async fn a_filter_holds_for_news_and_for_the_replay(
    #[case] filter: Value,
    #[case] expected: &[&str],
) -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    directory::join(&platform, "ada", "south").await?;
    let page = ada.ask("{ notifications { feedCursor } }", Value::Null).await?;
    let start = page["notifications"]["feedCursor"].as_str();
    let mut live = Feed::open(&ada, None, &filter).await?;
    live.catch_up().await?;

    for (campus, kind, priority, title) in [
        ("north", "EVENT_CREATED", "LOW", "event"),
        ("south", "EVENT_CANCELLED", "HIGH", "cancelled"),
        ("north", "SYSTEM_ANNOUNCEMENT", "MEDIUM", "notice"),
        ("north", "EVENT_CREATED", "URGENT", "urgent event"),
    ] {
        let content = json!({ "type": kind, "title": title, "message": "-", "priority": priority });
        let input = json!({ "campusKey": campus, "content": content });
        publish::publish(&platform, publish::BROADCAST_TO_CAMPUS, &input).await?;
    }

    assert_eq!(live.titles_through("urgent event").await?, expected);
    let mut resumed = Feed::open(&ada, start, &filter).await?;
    assert_eq!(titles(&resumed.catch_up().await?), expected);
    Ok(())
}

#[tokio::test]
async fn who_becomes_a_service_hears_no_more() -> Result<()> {
    let (_server, platform, ada) = ada_on_north().await?;
    let mut feed = Feed::live(&ada).await?;

    let becomes_a_service =
        "mutation { upsertUsers(input: { users: [{ key: \"ada\", name: \"ada\", role: SERVICE }] })
                             { users { id } } }";
    platform.ask(becomes_a_service, Value::Null).await?;
    publish::to_all(&platform, "after that").await?;

    assert!(matches!(feed.next().await?, Event::ViewerChanged { .. }));
    assert_eq!(feed.refusal().await?.code, "FORBIDDEN");
    Ok(())
}
