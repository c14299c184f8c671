//! Programs that others wrote, against the real server: the audits of GraphQL over HTTP, and `GraphiQL` in a browser.

use std::path::Path;

use anyhow::{Result, ensure};
use campanile_tests::{
    directory,
    program::Program,
    server::{Role, Server},
};
use rstest::rstest;
use tokio::process::Command;

#[rstest]
#[case::graphql_over_http("audits.mjs", "/graphql")]
#[case::graphiql("graphiql.mjs", "")]
#[tokio::test]
async fn it_is_as_others_expect(#[case] script: &str, #[case] path: &str) -> Result<()> {
    let server = Server::start().await?;
    directory::set_up(&server.service().await?, &["north"], &[("ada", &["north"])]).await?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("node");
    ensure!(
        folder.join("node_modules").is_dir(),
        "the Node packages are missing: scripts/test installs them"
    );

    let mut command = Command::new("node");
    command.arg(script).arg(format!("{}{path}", server.url())).arg(server.token("ada", Role::Member).await?);
    command.current_dir(folder);
    let ended = Program::start_command(script, command)?.end().await?;

    ensure!(ended.status.success(), "{script} failed:\n{}{}", ended.stdout, ended.stderr);
    Ok(())
}
