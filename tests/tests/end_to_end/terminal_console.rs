//! The real terminal client in a pseudo-terminal, as somebody who speaks for a campus uses it, against the real server.

use std::fs;

use anyhow::Result;
use campanile_tests::{caller::Caller, directory, server::Server, terminal::Terminal, wait::until};
use rustix::process::{Signal, kill_process};
use serde_json::{Value, json};

const CONTROL_S: &str = "\u{13}";

/// A server with ada, who speaks for campus north, and grace, who belongs to it.
struct Scene {
    server: Server,
    ada: Caller,
    grace: Caller,
}

impl Scene {
    async fn set() -> Result<Self> {
        let server = Server::start().await?;
        let platform = server.service().await?;
        directory::set_up(&platform, &["north"], &[("ada", &["north"]), ("grace", &["north"])]).await?;
        directory::appoint(&platform, "ada", "north").await?;
        let (ada, grace) = (server.member("ada").await?, server.member("grace").await?);
        Ok(Self { server, ada, grace })
    }

    /// Ada's terminal, with her draft in front of her.
    async fn compose(&self) -> Result<Terminal> {
        let mut terminal = Terminal::live(&self.server, &self.ada).await?;
        terminal.shows_text("4 Compose").await?;
        terminal.press("4")?;
        let is_ready = |text: &str| text.contains("Send at") && !text.contains("Reading the draft");
        terminal.shows("a draft can be written", is_ready).await?;
        Ok(terminal)
    }

    /// What ada has sent, and what waits.
    async fn broadcasts(&self) -> Option<Vec<Value>> {
        let query = "{ broadcasts { edges { node { state content { title } } } } }";
        let answer = self.ada.ask(query, Value::Null).await.ok()?;
        Some(answer["broadcasts"]["edges"].as_array()?.iter().map(|edge| edge["node"].clone()).collect())
    }
}

/// Writes a draft to campus north, and waits until it is on the screen.
async fn write(terminal: &mut Terminal, title: &str) -> Result<()> {
    terminal.press("l")?;
    terminal.shows_text("‹ north ›").await?;
    // Down to the title; Enter, to write it; Tab, to write the message.
    terminal.press("jjjj\r")?;
    terminal.press(title)?;
    terminal.press("\tBy the nearest door.")?;
    terminal.shows_text("By the nearest door.").await
}

/// Confirms as large as the blast is.
async fn send(terminal: &mut Terminal) -> Result<()> {
    terminal.press(CONTROL_S)?;
    terminal.shows_text("Send it to north?").await?;
    terminal.shows_text("It reaches 2 people.").await?;
    terminal.press("north\r")?;
    terminal.shows_text("Delivered").await
}

#[tokio::test]
async fn what_is_scheduled_counts_down_and_can_be_called_off() -> Result<()> {
    let scene = Scene::set().await?;
    let mut terminal = scene.compose().await?;
    write(&mut terminal, "Fire drill").await?;
    terminal.press("\t\t\ttomorrow 9:00")?;
    terminal.shows("the moment is spelled out", |text| text.contains("09:00 UTC (UTC), in ")).await?;
    send(&mut terminal).await?;
    terminal.shows("it waits", |text| text.contains("scheduled in ") && text.contains("Fire drill")).await?;

    terminal.press("x")?;
    terminal.shows_text("Call it off?").await?;
    terminal.press("y")?;
    terminal.shows_text("called off: Fire drill").await?;
    terminal.shows("the row says so", |text| text.contains("cancelled")).await?;
    let cancelled = [json!({ "state": "CANCELLED", "content": { "title": "Fire drill" } })];
    until("the server knows", async || scene.broadcasts().await.filter(|all| *all == cancelled)).await?;
    Ok(())
}

#[tokio::test]
async fn what_is_sent_moves_its_bars_as_people_read_it() -> Result<()> {
    let scene = Scene::set().await?;
    let mut terminal = scene.compose().await?;
    write(&mut terminal, "Fire drill").await?;
    send(&mut terminal).await?;
    // Ada's own console is on the feed.
    terminal.shows_text("50%  1 of 2").await?;
    terminal.shows_text("0%  0 of 2").await?;

    let feed = "{ notifications(first: 1) { nodes { id title } } }";
    let newest = scene.grace.ask(feed, Value::Null).await?["notifications"]["nodes"][0].clone();
    assert_eq!(newest["title"], "Fire drill");
    terminal.shows_text("100%  2 of 2").await?;
    let read = "mutation ($id: ID!) { markRead(input: { ids: [$id] }) { viewer { id } } }";
    scene.grace.ask(read, json!({ "id": newest["id"] })).await?;
    terminal.shows_text("50%  1 of 2").await
}

#[tokio::test]
async fn a_draft_survives_a_crash() -> Result<()> {
    let scene = Scene::set().await?;
    let mut terminal = scene.compose().await?;
    write(&mut terminal, "Half a sentence that nob").await?;
    let folder = scene.server.home().join(".local/state/campanile/drafts");
    // In its place: beside it may be one that is still being written.
    let kept = || {
        let files = fs::read_dir(&folder).ok()?.filter_map(|file| Some(file.ok()?.path()));
        files
            .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
            .find_map(|path| fs::read_to_string(path).ok())
    };
    until("the draft is kept", async || kept().filter(|text| text.contains("nearest door."))).await?;
    kill_process(terminal.pid()?, Signal::KILL)?;
    terminal.exit().await?;

    let mut terminal = scene.compose().await?;
    terminal.shows_text("Half a sentence that nob").await?;
    terminal.shows_text("By the nearest door.").await?;
    send(&mut terminal).await?;
    let sent = [json!({ "state": "SENT", "content": { "title": "Half a sentence that nob" } })];
    until("it is sent, once", async || scene.broadcasts().await.filter(|all| *all == sent)).await?;
    until("and kept no more", async || kept().is_none().then_some(())).await
}
