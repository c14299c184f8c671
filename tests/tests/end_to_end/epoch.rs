//! A database that was restored, or taken over by a replica that lagged, is another life of the log: no cursor from before
//! it counts, on any server.

use anyhow::Result;
use campanile_tests::{
    binaries, caller::Caller, cluster::Cluster, directory, feed::Feed, program::Program, publish, wait::until,
};
use serde_json::{Value, json};

/// The cursor that a page of this reader's has.
async fn cursor(reader: &Caller) -> Result<String> {
    let page = reader.ask("{ notifications(first: 1) { feedCursor } }", Value::Null).await?;
    Ok(page["notifications"]["feedCursor"].as_str().unwrap_or_default().to_owned())
}

/// Waits until this cursor is expired for this reader.
async fn expires(reader: &Caller, cursor: &str) -> Result<()> {
    until("the cursor is expired", async || {
        let mut feed = Feed::open(reader, Some(cursor), &Value::Null).await.ok()?;
        (feed.refusal().await.ok()?.code == "CURSOR_EXPIRED").then_some(())
    })
    .await
}

#[tokio::test]
async fn a_command_expires_every_cursor_on_servers_that_run() -> Result<()> {
    let cluster = Cluster::start(2).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let readers = [cluster.member(0, "ada").await?, cluster.member(1, "ada").await?];
    publish::to_all(&platform, "before").await?;
    let mut feeds = [Feed::live(&readers[0]).await?, Feed::live(&readers[1]).await?];
    let before = cursor(&readers[0]).await?;

    let home = tempfile::tempdir()?;
    let url = cluster.postgres.url();
    let ended = Program::run(binaries::SERVER, &["new-epoch", "--database-url", &url], home.path()).await?;
    assert!(ended.status.success(), "{}", ended.stderr);
    for feed in &mut feeds {
        assert_eq!(feed.refusal().await?.code, "CURSOR_EXPIRED", "who is connected starts again");
    }
    for reader in &readers {
        expires(reader, &before).await?;
        let now = cursor(reader).await?;
        assert_ne!(now, before);
        let mut feed = Feed::open(reader, Some(&now), &Value::Null).await?;
        feed.catch_up().await?;
        let title = format!("to {}", reader.address);
        publish::to_all(&platform, &title).await?;
        assert_eq!(feed.titles_through(&title).await?, [title]);
    }
    Ok(())
}

#[tokio::test]
async fn a_log_that_went_backwards_is_noticed_by_itself() -> Result<()> {
    let cluster = Cluster::start(2).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let readers = [cluster.member(0, "ada").await?, cluster.member(1, "ada").await?];
    publish::to_all(&platform, "kept").await?;
    // A back-up is taken,
    let out_of_reach = [
        "UPDATE pg_database SET datallowconn = false WHERE datname = 'postgres'",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'",
    ];
    for statement in out_of_reach {
        cluster.postgres.execute("template1", statement).await?;
    }
    cluster.postgres.execute("template1", "CREATE DATABASE backup TEMPLATE postgres").await?;
    cluster
        .postgres
        .execute("template1", "UPDATE pg_database SET datallowconn = true WHERE datname = 'postgres'")
        .await?;
    for i in 0..10 {
        let input = json!({ "content": publish::content(&i.to_string()), "idempotencyKey": i.to_string() });
        until("it is published", async || {
            platform.ask(publish::BROADCAST_TO_ALL, json!({ "input": input })).await.ok()
        })
        .await?;
    }
    let mut feeds = [Feed::live(&readers[0]).await?, Feed::live(&readers[1]).await?];
    let before = cursor(&readers[0]).await?;
    // and restored under the servers.
    for statement in out_of_reach {
        cluster.postgres.execute("template1", statement).await?;
    }
    cluster.postgres.execute("template1", "DROP DATABASE postgres").await?;
    cluster.postgres.execute("template1", "ALTER DATABASE backup RENAME TO postgres").await?;
    cluster
        .postgres
        .execute("template1", "UPDATE pg_database SET datallowconn = true WHERE datname = 'postgres'")
        .await?;

    for feed in &mut feeds {
        assert_eq!(feed.refusal().await?.code, "CURSOR_EXPIRED");
    }
    for reader in &readers {
        expires(reader, &before).await?;
    }
    let mut feed = Feed::live(&readers[1]).await?;
    until("it is published", async || publish::to_all(&platform, "afterwards").await.ok()).await?;
    assert_eq!(feed.titles_through("afterwards").await?.last().map(String::as_str), Some("afterwards"));
    Ok(())
}
