//! The clients that other people wrote, from npm and unmodified, against the real server. Whatever happens to their
//! connections, they are told everything, each once, in order. What they do is in `tests/node/clients`.

use anyhow::Result;
use campanile_tests::{
    directory, node,
    program::Program,
    server::{Role, Server},
};
use rstest::rstest;

async fn server(options: &[&str]) -> Result<Server> {
    let server = Server::start_with(options).await?;
    directory::set_up(&server.service().await?, &["north"], &[("ada", &["north"])]).await?;
    Ok(server)
}

/// Starts a story of a client's script, as ada with that token.
async fn start(server: &Server, client: &str, story: &str, token: &str) -> Result<Program> {
    let platform = server.token("platform", Role::Service).await?;
    node::start(&format!("clients/{client}.mjs"), &[&server.url(), token, &platform, story])
}

#[rstest]
#[case::graphql_ws("graphql-ws", "cuts")]
#[case::graphql_ws_after_a_page("graphql-ws", "cuts-after-a-page")]
#[case::graphql_sse("graphql-sse", "cuts")]
#[case::apollo_over_a_socket("apollo", "over-a-socket")]
#[case::apollo_over_multipart("apollo", "over-multipart")]
#[case::urql_over_a_socket("urql", "over-a-socket")]
#[case::urql_as_an_event_stream("urql", "as-an-event-stream")]
#[case::urql_as_multipart("urql", "as-multipart")]
#[case::relay("relay", "cuts")]
#[tokio::test]
async fn a_cut_loses_and_repeats_nothing(#[case] client: &str, #[case] story: &str) -> Result<()> {
    let server = server(&[]).await?;
    let token = server.token("ada", Role::Member).await?;
    node::succeed(start(&server, client, story, &token).await?).await
}

#[rstest]
#[case::graphql_ws("graphql-ws", "restarts")]
#[case::graphql_sse("graphql-sse", "restarts")]
#[case::apollo_over_multipart("apollo", "over-multipart-through-restarts")]
#[case::urql_as_an_event_stream("urql", "as-an-event-stream-through-restarts")]
#[tokio::test]
async fn a_restart_loses_and_repeats_nothing(#[case] client: &str, #[case] story: &str) -> Result<()> {
    let mut server = server(&[]).await?;
    let token = server.token("ada", Role::Member).await?;
    let mut script = start(&server, client, story, &token).await?;

    script.stdout.line_with("restart: gently").await?;
    server.terminate().await?;
    server.restart().await?;
    script.stdout.line_with("restart: by force").await?;
    server.kill_9().await?;
    server.restart().await?;

    node::succeed(script).await
}

#[rstest]
#[case::pings_of_the_client("graphql-ws", "keep-alive", &[])]
#[case::pings_of_the_server("graphql-ws", "pings", &["--ping-interval", "1s"])]
#[case::comments_in_an_event_stream("graphql-sse", "heartbeats", &["--heartbeat-interval", "1s"])]
#[case::empty_parts("apollo", "multipart-heartbeats", &["--heartbeat-interval", "1s"])]
#[case::wrong_messages("graphql-ws", "close-codes", &[])]
#[case::a_bad_token("graphql-ws", "a-bad-token", &[])]
#[case::a_late_token("graphql-ws", "a-late-token", &["--init-timeout", "1s"])]
#[case::one_too_many("graphql-ws", "one-too-many", &["--max-sockets-per-user", "1"])]
#[case::a_bad_operation("graphql-ws", "a-bad-operation", &[])]
#[tokio::test]
async fn it_understands_the_server(
    #[case] client: &str,
    #[case] story: &str,
    #[case] options: &[&str],
) -> Result<()> {
    let server = server(options).await?;
    let token = server.token("ada", Role::Member).await?;
    node::succeed(start(&server, client, story, &token).await?).await
}

#[tokio::test]
async fn a_token_that_runs_out_is_replaced_by_the_next() -> Result<()> {
    let server = server(&[]).await?;
    let next = server.token("ada", Role::Member).await?;
    // Long enough for a busy machine to connect.
    let brief = server.token_for("ada", Role::Member, "6s").await?;
    let tokens = [brief, next].join(",");
    node::succeed(start(&server, "graphql-ws", "a-token-that-runs-out", &tokens).await?).await
}
