//! What somebody does who wants to hear less, and an admin who watches: in the real terminal client, against the real
//! server.

use anyhow::Result;
use campanile_tests::{caller::Caller, directory, publish, server::Server, terminal::Terminal, wait::until};
use serde_json::{Value, json};

/// A server with ada, who speaks for campus north, and ada's terminal.
struct Scene {
    _server: Server,
    platform: Caller,
    ada: Caller,
    terminal: Terminal,
}

async fn scene() -> Result<Scene> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    directory::appoint(&platform, "ada", "north").await?;
    let ada = server.member("ada").await?;
    let terminal = Terminal::live(&server, &ada).await?;
    Ok(Scene { _server: server, platform, ada, terminal })
}

/// News of the campus, of the type that is muted here.
async fn news(platform: &Caller, title: &str) -> Result<()> {
    let content =
        json!({ "type": "CAMPUS_UPDATE", "title": title, "message": "Nothing but the title matters." });
    let input = json!({ "campusKey": "north", "content": content });
    publish::publish(platform, publish::BROADCAST_TO_CAMPUS, &input).await?;
    Ok(())
}

/// Waits until ada hears of a campus's news, or does not: the screen does not wait for the server.
async fn hears(ada: &Caller, wanted: bool) -> Result<()> {
    let query = "{ preferences { types { type enabled } } }";
    until("the server knows", async || {
        let answer = ada.ask(query, Value::Null).await.ok()?;
        let types = answer["preferences"]["types"].as_array()?;
        let of = types.iter().find(|of| of["type"] == "CAMPUS_UPDATE")?;
        (of["enabled"] == wanted).then_some(())
    })
    .await
}

#[tokio::test]
async fn what_is_muted_does_not_arrive_until_it_is_heard_again() -> Result<()> {
    let Scene { _server, platform, ada, mut terminal } = scene().await?;
    terminal.press("6")?;
    terminal.shows_text("Campus news").await?;
    // Narrowed to the heading and the type below it.
    terminal.press("/campus news\r")?;
    terminal.shows("one type is left", |text| !text.contains("Maintenance")).await?;
    terminal.press("j ")?;
    terminal.shows_text("Campus news by default: off, set in the default").await?;
    hears(&ada, false).await?;

    terminal.press("1")?;
    news(&platform, "chess").await?;
    publish::to_campus(&platform, "north", "choir").await?;
    terminal.shows_text("choir").await?;
    // One feed, one order: chess would have been there before.
    assert!(!terminal.text().contains("chess"), "{}", terminal.text());

    terminal.press("6 ")?;
    terminal.shows_text("Campus news by default: on, set in the default").await?;
    hears(&ada, true).await?;
    terminal.press("1")?;
    news(&platform, "drama").await?;
    terminal.shows_text("drama").await
}

#[tokio::test]
async fn quiet_hours_say_when_they_begin_and_end() -> Result<()> {
    let Scene { _server, mut terminal, .. } = scene().await?;
    terminal.press("6")?;
    terminal.shows_text("off (built in); 22:00–07:00 UTC once they are on").await?;
    terminal.press("e")?;
    terminal.shows_text("Quiet hours: Default").await?;
    // Ctrl-U clears what stands there.
    terminal.press("\u{15}9pm-6:30am\r")?;
    terminal.shows_text("21:00–06:30 (set here)").await?;
    let says_when = |zone: &str, text: &str| {
        let begins = text.contains(&format!("next from 21:00 {zone}, in "));
        (begins && text.contains(", until 06:30"))
            || text.contains(&format!("quiet now, until 06:30 {zone}, in "))
    };
    terminal.shows("when they begin and end", |text| says_when("UTC", text)).await?;

    terminal.press("z")?;
    terminal.shows_text("quiet-zone").await?;
    terminal.press("auckland\r")?;
    terminal.shows("when that is in Auckland", |text| says_when("Pacific/Auckland", text)).await?;
    // The campus says nothing else.
    terminal.shows("it is so on the campus", |text| text.contains("21:00–06:30 (default)")).await
}

#[tokio::test]
async fn the_dashboard_moves_when_something_is_published() -> Result<()> {
    let Scene { _server, platform, mut terminal, .. } = scene().await?;
    let sent = |text: &str| {
        let row = text.lines().find(|line| line.starts_with("north "));
        row.and_then(|row| row.split_whitespace().last()?.parse::<u32>().ok())
    };
    terminal.press("5")?;
    terminal.shows("nothing was sent yet", |text| sent(text) == Some(0)).await?;
    for (title, count) in [("chess", 1), ("choir", 2)] {
        publish::to_campus(&platform, "north", title).await?;
        terminal.shows("the number grows", |text| sent(text) == Some(count)).await?;
    }
    // What would tell of other campuses is not an admin's to see.
    terminal.shows_text("Published in all  —").await
}
