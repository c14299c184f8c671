//! The database goes away and comes back: nothing acknowledged is lost, nothing is half done, and everything resumes by itself.

use anyhow::{Context, Result};
use campanile_tests::{
    cluster::Cluster,
    directory,
    feed::Feed,
    postgres::Stop,
    publish,
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
