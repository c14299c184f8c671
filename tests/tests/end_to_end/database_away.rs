//! The database goes away and comes back: nothing acknowledged is lost, nothing is half done, and everything resumes by itself.

use anyhow::{Context, Result};
use campanile_tests::{
    cluster::Cluster,
    directory,
    feed::Feed,
    network::Network,
    postgres::{Postgres, Stop},
    publish,
    server::Server,
    wait::{until, within},
};
use hyper::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

#[rstest]
#[case::in_order(Stop::Fast)]
#[case::as_it_crashes(Stop::Immediate)]
#[tokio::test]
async fn what_cannot_be_done_says_so_and_is_done_again_once_it_can(#[case] how: Stop) -> Result<()> {
    let mut cluster = Cluster::start(2).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = cluster.member(1, "ada").await?;
    let mut feed = Feed::live(&ada).await?;
    publish::to_all(&platform, "before").await?;
    assert_eq!(feed.titles_through("before").await?, ["before"]);

    cluster.postgres.stop(how).await?;
    let input = json!({ "content": publish::content("meanwhile"), "idempotencyKey": "meanwhile" });
    let refused = platform.refusal(publish::BROADCAST_TO_ALL, json!({ "input": input })).await?;
    assert_eq!(refused.code, "UNAVAILABLE");
    let refused = ada.refusal("{ notifications(first: 1) { nodes { id } } }", Value::Null).await?;
    assert_eq!(refused.code, "UNAVAILABLE");
    for (path, expected) in [("/healthz", StatusCode::OK), ("/readyz", StatusCode::SERVICE_UNAVAILABLE)] {
        assert_eq!(platform.get(path).await?.status, expected, "{path}");
    }

    cluster.postgres.begin().await?;
    until("the server is ready again", async || {
        (platform.get("/readyz").await.ok()?.status == StatusCode::OK).then_some(())
    })
    .await?;
    // The same again, by its key: whatever became of the first.
    let again = until("it is published", async || {
        platform.ask(publish::BROADCAST_TO_ALL, json!({ "input": input })).await.ok()
    });
    again.await?;
    publish::to_all(&platform, "after").await?;
    assert_eq!(
        feed.titles_through("after").await?,
        ["meanwhile", "after"],
        "on the socket that was open all the time"
    );
    Ok(())
}

#[tokio::test]
async fn who_is_cut_off_by_the_database_is_answered_all_the_same() -> Result<()> {
    let cluster = Cluster::start(1).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let mut feed = Feed::live(&cluster.member(0, "ada").await?).await?;
    for round in 0..10 {
        let cut =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'campanile%'";
        cluster.postgres.execute("postgres", cut).await?;
        let title = round.to_string();
        let input = json!({ "content": publish::content(&title), "idempotencyKey": title });
        until("it is published", async || {
            platform.ask(publish::BROADCAST_TO_ALL, json!({ "input": input })).await.ok()
        })
        .await?;
        assert_eq!(feed.titles_through(&title).await?, [title]);
    }
    Ok(())
}

#[tokio::test]
async fn nobody_waits_for_long_for_a_database_that_stands_still() -> Result<()> {
    let cluster = Cluster::start_with(&[vec!["--write-timeout", "1s"]]).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    // Somebody holds the head of the log, and does not let go of it.
    let holder = cluster.postgres.connect("postgres").await?;
    holder.batch_execute("BEGIN; SELECT * FROM log_head FOR UPDATE").await?;
    for i in 0..3 {
        let input = json!({ "content": publish::content("held up"), "idempotencyKey": i.to_string() });
        let refused =
            within("an answer", platform.refusal(publish::BROADCAST_TO_ALL, json!({ "input": input })));
        assert_eq!(refused.await??.code, "UNAVAILABLE");
    }
    holder.batch_execute("ROLLBACK").await?;
    let input = json!({ "content": publish::content("let go"), "idempotencyKey": "let go" });
    let published = until("it is published", async || {
        platform.ask(publish::BROADCAST_TO_ALL, json!({ "input": input })).await.ok()
    });
    published.await?;
    cluster.postgres.number("SELECT count(*) FROM notification").await.context("it answers")?;
    Ok(())
}

#[tokio::test]
async fn a_network_that_is_cut_is_a_database_that_is_away() -> Result<()> {
    let postgres = Postgres::start().await?;
    let network = Network::to(postgres.address()).await?;
    let url = format!("postgres://postgres@{}/postgres", network.address());
    let options = ["--database-url", &url, "--database-timeout", "1s", "--write-timeout", "2s"];
    let server = Server::start_with(&options).await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    let mut feed = Feed::live(&ada).await?;
    publish::to_all(&platform, "before").await?;
    assert_eq!(feed.titles_through("before").await?, ["before"]);

    network.cut();
    // More than there are connections: each of them has to be given up.
    for round in 0..20 {
        let input = json!({ "content": publish::content("meanwhile"), "idempotencyKey": "meanwhile" });
        let variables = json!({ "input": input });
        let (written, read) = within(&format!("two answers of round {round}"), async {
            tokio::join!(
                platform.refusal(publish::BROADCAST_TO_ALL, variables),
                ada.refusal("{ notifications(first: 1) { nodes { id } } }", Value::Null)
            )
        })
        .await?;
        assert_eq!((written?.code.as_str(), read?.code.as_str()), ("UNAVAILABLE", "UNAVAILABLE"));
    }
    for (path, expected) in [("/healthz", StatusCode::OK), ("/readyz", StatusCode::SERVICE_UNAVAILABLE)] {
        assert_eq!(platform.get(path).await?.status, expected, "{path}");
    }

    network.mend();
    until("it reads again", async || {
        ada.ask("{ notifications(first: 1) { nodes { id } } }", Value::Null).await.ok()
    })
    .await?;
    for title in ["meanwhile", "after"] {
        let input = json!({ "content": publish::content(title), "idempotencyKey": title });
        until("it is published", async || {
            platform.ask(publish::BROADCAST_TO_ALL, json!({ "input": input })).await.ok()
        })
        .await?;
    }
    assert_eq!(feed.titles_through("after").await?, ["meanwhile", "after"], "on the same socket");
    Ok(())
}

#[tokio::test]
async fn where_every_connection_is_taken_nobody_waits_for_long() -> Result<()> {
    const PAGE: &str = "{ notifications(first: 1) { nodes { id } } }";
    let options = vec!["--database-connections", "1", "--database-timeout", "1s"];
    let cluster = Cluster::start_with(&[options]).await?;
    let platform = cluster.service(0).await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = cluster.member(0, "ada").await?;
    let mut feed = Feed::live(&ada).await?;

    // Whoever reads what was sent waits for whom it is locked by, and everybody else for the one connection.
    let holder = cluster.postgres.connect("postgres").await?;
    holder.batch_execute("BEGIN; LOCK TABLE feed_entry IN ACCESS EXCLUSIVE MODE").await?;
    let waiting = futures_util::future::join_all((0..10).map(|_| ada.refusal(PAGE, Value::Null)));
    for refused in within("all are answered", waiting).await? {
        assert_eq!(refused?.code, "UNAVAILABLE");
    }
    holder.batch_execute("ROLLBACK").await?;

    until("it reads again", async || ada.ask(PAGE, Value::Null).await.ok()).await?;
    publish::to_all(&platform, "after").await?;
    assert_eq!(feed.titles_through("after").await?, ["after"]);
    Ok(())
}
