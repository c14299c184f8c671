//! Several servers on one database are one Campanile: whoever is connected where.

use anyhow::Result;
use campanile_tests::{
    cluster::Cluster,
    directory,
    feed::{Event, Feed, titles},
    publish,
    server::Role,
    wait::until,
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

#[tokio::test]
async fn everybody_is_told_the_same_in_one_order_wherever_it_was_published() -> Result<()> {
    let cluster = Cluster::start(2).await?;
    let platforms = [cluster.service(0).await?, cluster.service(1).await?];
    directory::set_up(&platforms[0], &["north"], &[("ada", &["north"]), ("bea", &["north"])]).await?;
    let mut feeds = [
        Feed::live(&cluster.member(0, "ada").await?).await?,
        Feed::live(&cluster.member(1, "bea").await?).await?,
    ];

    let publishing = (0..60).map(|i| {
        let platform = &platforms[i % 2];
        async move { publish::to_campus(platform, "north", &i.to_string()).await }
    });
    try_join_all(publishing).await?;
    publish::to_all(&platforms[0], "the last").await?;

    let [first, second] = &mut feeds;
    let (first, second) = (first.titles_through("the last").await?, second.titles_through("the last").await?);
    assert_eq!(first, second, "one order for all");
    let mut sorted = first.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((first.len(), sorted.len()), (61, 61), "each once");
    Ok(())
}

#[tokio::test]
async fn who_was_taken_off_a_campus_elsewhere_is_told_nothing_more_of_it() -> Result<()> {
    let cluster = Cluster::start(2).await?;
    let here = cluster.service(0).await?;
    directory::set_up(&here, &["north"], &[("ada", &["north"])]).await?;
    let mut feed = Feed::live(&cluster.member(1, "ada").await?).await?;
    for round in 0..5 {
        publish::to_campus(&here, "north", &format!("{round}: theirs")).await?;
        directory::leave(&here, "ada", "north").await?;
        publish::to_campus(&here, "north", &format!("{round}: not theirs")).await?;
        directory::join(&here, "ada", "north").await?;
    }
    let recalled = publish::to_all(&here, "taken back").await?;
    let recall = "mutation ($id: ID!) { recall(input: { id: $id }) { notificationId } }";
    here.ask(recall, json!({ "id": recalled })).await?;
    let events = feed.until(|event| matches!(event, Event::NotificationRecalled { .. })).await?;
    let told = titles(&events);
    let theirs: Vec<_> =
        (0..5).map(|round| format!("{round}: theirs")).chain(["taken back".to_owned()]).collect();
    assert_eq!(told, theirs);
    Ok(())
}

#[tokio::test]
async fn what_is_read_at_one_server_is_told_at_the_others() -> Result<()> {
    let cluster = Cluster::start(2).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let (here, there) = (cluster.member(0, "ada").await?, cluster.member(1, "ada").await?);
    let mut feed = Feed::live(&there).await?;
    let mut revisions = Vec::new();
    for round in 0..3 {
        let id = publish::to_all(&platform, &round.to_string()).await?;
        let read =
            "mutation ($id: ID!) { markRead(input: { ids: [$id] }) { viewer { unreadCount { count } } } }";
        here.ask(read, json!({ "id": id })).await?;
        let told = feed.until(|event| matches!(event, Event::ReadStateChanged { .. })).await?;
        let Some(Event::ReadStateChanged { revision, unread_count, .. }) = told.last() else {
            unreachable!()
        };
        assert_eq!(*unread_count, 0, "after the notification that it is about");
        assert!(titles(&told).contains(&round.to_string()));
        revisions.push(*revision);
    }
    assert_eq!(revisions, [1, 2, 3]);
    Ok(())
}

#[tokio::test]
async fn hints_are_only_hints() -> Result<()> {
    let cluster = Cluster::start(2).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let (here, there) = (cluster.member(0, "ada").await?, cluster.member(1, "ada").await?);
    let mut feed = Feed::live(&there).await?;
    for round in 0..5 {
        // Whoever listens or tells is cut off.
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'campanile-line'";
        cluster.postgres.execute("postgres", cut).await?;
        let title = round.to_string();
        let id = publish::to_all(&platform, &title).await?;
        let read =
            "mutation ($id: ID!) { markRead(input: { ids: [$id] }) { viewer { unreadCount { count } } } }";
        here.ask(read, json!({ "id": id })).await?;
        let told = feed
            .until(
                |event| matches!(event, Event::ReadStateChanged { revision, .. } if *revision == round + 1),
            )
            .await?;
        assert_eq!(titles(&told), [title]);
    }
    Ok(())
}

#[tokio::test]
async fn what_was_scheduled_is_sent_once_by_whoever_is_there() -> Result<()> {
    let mut cluster = Cluster::start(3).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let mut feed = Feed::live(&cluster.member(0, "ada").await?).await?;
    let at = soon();
    let schedule = "mutation ($input: CampusBroadcastInput!) { broadcastToCampus(input: $input) { broadcast { state } } }";
    for i in 0..20 {
        let title = i.to_string();
        let input =
            json!({ "campusKey": "north", "content": publish::content(&title), "sendAt": at.to_rfc3339() });
        let scheduled = cluster.service(i % 3).await?.ask(schedule, json!({ "input": input })).await?;
        assert_eq!(scheduled["broadcastToCampus"]["broadcast"]["state"], "SCHEDULED");
    }
    // One is in the middle of something, and another is gone.
    cluster[1].pause(true)?;
    cluster[2].kill_9().await?;
    cluster.postgres.until_number("SELECT count(*) FROM broadcast WHERE state = 0", 0).await?;
    cluster[1].pause(false)?;
    cluster[2].restart().await?;
    publish::to_all(&cluster.service(1).await?, "the last").await?;
    let mut told = feed.titles_through("the last").await?;
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 21);
    assert_eq!(cluster.postgres.number("SELECT count(*) FROM notification").await?, 21);
    Ok(())
}

#[tokio::test]
async fn what_is_old_is_archived_then_deleted_whoever_is_there() -> Result<()> {
    let young = vec!["--archive-after", "2s", "--keep-for", "4s"];
    let mut cluster = Cluster::start_with(&[young.clone(), young.clone(), young]).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let mut feed = Feed::live(&cluster.member(0, "ada").await?).await?;
    publish::to_all(&platform, "old").await?;
    let old = publish::to_campus(&platform, "north", "as old").await?;
    assert_eq!(feed.titles_through("as old").await?, ["old", "as old"]);

    // One is in the middle of something, and another is gone.
    cluster[1].pause(true)?;
    cluster[2].kill_9().await?;
    let old: i64 = old.trim_start_matches('n').parse()?;
    let rows = format!("SELECT count(*) FROM notification WHERE seq <= {old}");
    cluster.postgres.until_number(&rows, 0).await?;
    let positions = "SELECT archived_through + deleted_through FROM log_head";
    let before = cluster.postgres.number(positions).await?;
    assert!(before >= 2 * old, "what is gone was old");

    // Whoever goes on from before moves nothing back, and finds nothing to do again.
    cluster[1].pause(false)?;
    cluster[2].restart().await?;
    for server in [1, 2] {
        publish::to_all(&cluster.service(server).await?, &format!("by {server}")).await?;
        assert_eq!(feed.titles_through(&format!("by {server}")).await?, [format!("by {server}")]);
    }
    assert!(cluster.postgres.number(positions).await? >= before, "they only grow");
    Ok(())
}

#[tokio::test]
async fn a_type_that_only_one_server_knows_is_shown_by_the_other() -> Result<()> {
    let home = tempfile::tempdir()?;
    let file = home.path().join("types.toml");
    std::fs::write(&file, "[[type]]\nname = \"LOAN_DUE\"\ncategory = \"ACCOUNT\"\nlabel = \"Loan due\"\n")?;
    let types = file.to_string_lossy();
    let cluster = Cluster::start_with(&[vec![], vec!["--types", &types]]).await?;
    let platform = cluster.service(1).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = cluster.member(0, "ada").await?;
    let mut feed = Feed::live(&ada).await?;
    let content = json!({ "type": "LOAN_DUE", "title": "heard", "message": "What was borrowed." });
    let input = json!({ "campusKey": "north", "content": content });
    publish::publish(&platform, publish::BROADCAST_TO_CAMPUS, &input).await?;
    assert_eq!(feed.titles_through("heard").await?, ["heard"]);
    let page = ada.ask("{ notifications(first: 5) { nodes { title type category } } }", Value::Null).await?;
    let loan = json!({ "title": "heard", "type": "LOAN_DUE", "category": "ACCOUNT" });
    assert_eq!(page["notifications"]["nodes"], json!([loan]));
    Ok(())
}

#[tokio::test]
async fn the_numbers_add_up_over_all_servers_that_are_alive() -> Result<()> {
    let cluster = Cluster::start(2).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"]), ("bea", &["north"])]).await?;
    let mut feeds = [
        Feed::live(&cluster.member(0, "ada").await?).await?,
        Feed::live(&cluster.member(1, "ada").await?).await?,
        Feed::live(&cluster.member(1, "bea").await?).await?,
    ];
    for i in 0..10 {
        publish::to_campus(&platform, "north", &i.to_string()).await?;
    }
    for feed in &mut feeds {
        feed.titles_through("9").await?;
    }
    let root = cluster.caller(0, "root", Role::SuperAdmin).await?;
    let preview = "query ($to: AudienceInput!) { previewAudience(input: $to) { connected } }";
    for (to, connected) in [(json!({ "campusKey": "north" }), 3), (json!({ "userKeys": ["bea"] }), 1)] {
        let mut to = to;
        to["type"] = "CAMPUS_UPDATE".into();
        // One who is at two servers counts for both.
        until("everybody who is connected counts", async || {
            let found = root.ask(preview, json!({ "to": to })).await.ok()?;
            (found["previewAudience"]["connected"] == connected).then_some(())
        })
        .await?;
    }
    let metrics = "{ metrics { servers connections subscriptions deliveredTotal perCampus { connections } deliveryLatencyMs { max } } }";
    for server in 0..2 {
        let root = cluster.caller(server, "root", Role::SuperAdmin).await?;
        until("the numbers are everybody's", async || {
            let found = root.ask(metrics, Value::Null).await.ok()?["metrics"].take();
            let expected = found["servers"] == 2
                && found["connections"] == 3
                && found["subscriptions"] == 3
                && found["deliveredTotal"] == 30.0
                && found["perCampus"][0]["connections"] == 3
                && found["deliveryLatencyMs"].is_object();
            expected.then_some(())
        })
        .await?;
    }
    cluster[1].pause(true)?;
    let root = cluster.caller(0, "root", Role::SuperAdmin).await?;
    until("who is silent does not count", async || {
        let found = root.ask(metrics, Value::Null).await.ok()?["metrics"].take();
        (found["servers"] == 1 && found["connections"] == 1).then_some(())
    })
    .await?;
    cluster[1].pause(false)?;
    until("until they are back", async || {
        let found = root.ask(metrics, Value::Null).await.ok()?["metrics"].take();
        (found["servers"] == 2 && found["connections"] == 3).then_some(())
    })
    .await
}

#[expect(clippy::disallowed_methods, reason = "a server that runs goes by the real time")]
fn soon() -> DateTime<Utc> {
    Utc::now() + TimeDelta::seconds(2)
}
