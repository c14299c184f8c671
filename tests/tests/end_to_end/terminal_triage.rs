//! Triage in the real terminal client, against the real server: find, mark, archive, take back, search.

use anyhow::Result;
use campanile_tests::{directory, publish, server::Server, terminal::Terminal, wait::until};
use serde_json::{Value, json};

#[tokio::test]
async fn what_is_found_is_archived_taken_back_and_found_again() -> Result<()> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    let mut terminal = Terminal::live(&server, &ada).await?;
    for title in ["chess club", "choir", "chess finals", "drama"] {
        let content =
            json!({ "type": "CAMPUS_UPDATE", "title": title, "message": format!("All about {title}.") });
        let input = json!({ "campusKey": "north", "content": content });
        publish::publish(&platform, publish::BROADCAST_TO_CAMPUS, &input).await?;
        terminal.shows_text(title).await?;
    }

    // Found as it is typed, and kept by Enter.
    terminal.press("/chess")?;
    terminal.shows("only chess", |text| text.contains("chess club") && !text.contains("drama")).await?;
    terminal.press("\r")?;
    terminal.shows_text("/chess").await?;
    terminal.press("  ")?;
    terminal.shows_text("2 marked").await?;
    terminal.press("a")?;
    terminal.shows_text("archived 2").await?;
    terminal.press("\u{1b}")?;
    terminal.shows("both are gone", |text| text.contains("drama") && !text.contains("chess")).await?;
    let archived = "{ notifications(filter: { archived: true }) { nodes { title archivedAt } } }";
    let count = async || {
        let answer = ada.ask(archived, Value::Null).await.ok()?;
        let nodes = answer["notifications"]["nodes"].as_array()?.clone();
        Some(nodes.iter().filter(|node| !node["archivedAt"].is_null()).count())
    };
    until("the server has archived them", async || count().await.filter(|count| *count == 2)).await?;

    // Taken back, here and there.
    terminal.press("U")?;
    terminal
        .shows("both are back", |text| text.contains("chess club") && text.contains("chess finals"))
        .await?;
    until("the server has them back", async || count().await.filter(|count| *count == 0)).await?;

    // The history looks through everything, by itself once nothing more is typed.
    terminal.press("2")?;
    terminal.shows_text("to search everything").await?;
    terminal.shows_text("drama").await?;
    terminal.press("/choir")?;
    terminal
        .shows("only the choir", |text| text.contains("All about choir.") && !text.contains("drama"))
        .await?;
    terminal.press("\r/x\r")?;
    terminal.shows_text("Nothing found").await
}
