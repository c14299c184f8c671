//! Programs that others wrote, against the real server: the audits of GraphQL over HTTP, and `GraphiQL` in a browser.

use anyhow::Result;
use campanile_tests::{
    directory, node,
    server::{Role, Server},
};
use rstest::rstest;

#[rstest]
#[case::graphql_over_http("audits.mjs", "/graphql")]
#[case::graphiql("graphiql.mjs", "")]
#[tokio::test]
async fn it_is_as_others_expect(#[case] script: &str, #[case] path: &str) -> Result<()> {
    let server = Server::start().await?;
    directory::set_up(&server.service().await?, &["north"], &[("ada", &["north"])]).await?;
    let url = format!("{}{path}", server.url());
    let token = server.token("ada", Role::Member).await?;
    node::succeed(node::start(script, &[&url, &token])?).await
}
