//! The real terminal client on bad days: what happens to a terminal, to a token and to a keyboard, and it goes on.

use std::time::UNIX_EPOCH;

use anyhow::Result;
use campanile_tests::{caller::Caller, directory, publish, server::Server, terminal::Terminal};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::json;

const SECRET: &str = "a secret that the platform and its server share";

/// A token that ends in so many seconds.
fn token(subject: &str, role: &str, seconds: u64) -> Result<String> {
    let exp = UNIX_EPOCH.elapsed()?.as_secs() + seconds;
    let claims = json!({ "sub": subject, "role": role, "exp": exp });
    Ok(encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET.as_bytes()))?)
}

/// A server with ada on campus north, and the platform.
async fn server() -> Result<(Server, Caller)> {
    let server = Server::start_with(&["--jwt-secret", SECRET]).await?;
    let platform = Caller::new(server.address(), Some(token("platform", "service", 3_600)?));
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    Ok((server, platform))
}

fn start(server: &Server, token: &str) -> Result<Terminal> {
    Terminal::start(&["--server", &server.url(), "--token", token], server.home())
}

#[tokio::test]
async fn a_terminal_of_nothing_is_one_again() -> Result<()> {
    let (server, platform) = server().await?;
    let mut terminal = start(&server, &token("ada", "member", 3_600)?)?;
    terminal.shows_text("● live").await?;
    for (columns, rows) in [(1, 1), (0, 0), (19, 4)] {
        terminal.resize(columns, rows)?;
    }
    terminal.shows_text("too small").await?;
    publish::to_campus(&platform, "north", "chess").await?;
    terminal.resize(60, 15)?;
    terminal.shows_text("chess").await?;
    terminal.shows("it is not too small any more", |text| !text.contains("too small")).await?;
    terminal.resize(300, 80)?;
    terminal.shows_text("Nothing but the title matters.").await
}

#[tokio::test]
async fn a_spent_token_asks_for_another_and_goes_on() -> Result<()> {
    let (server, platform) = server().await?;
    let mut terminal = start(&server, &token("ada", "member", 4)?)?;
    terminal.shows_text("● live").await?;
    publish::to_campus(&platform, "north", "chess").await?;
    terminal.shows_text("chess").await?;

    terminal.shows_text("Another token for this server").await?;
    publish::to_campus(&platform, "north", "choir").await?;
    let fresh = token("ada", "member", 3_600)?;
    terminal.paste(&fresh)?;
    terminal.press("\r")?;
    terminal.shows_text("● live").await?;
    terminal.shows_text("choir").await?;
    let text = terminal.text();
    assert!(text.contains("chess"), "what was there is still there:\n{text}");
    // Of a secret nothing is shown.
    assert!(!text.contains(&fresh[..12]), "{text}");
    Ok(())
}

#[tokio::test]
async fn a_megabyte_is_pasted_and_the_keys_still_work() -> Result<()> {
    let (server, platform) = server().await?;
    let mut terminal = start(&server, &token("ada", "member", 3_600)?)?;
    terminal.shows_text("● live").await?;
    publish::to_campus(&platform, "north", "chess").await?;
    terminal.shows_text("1 unread").await?;

    // Where nothing is typed it does nothing: least of all is it taken for keys.
    terminal.paste(&"rq".repeat(1 << 19))?;
    terminal.press(":")?;
    terminal.shows_text("What to do").await?;
    terminal.paste(&"日本".repeat(1 << 18))?;
    terminal.shows_text("nothing here is called that").await?;
    terminal.press("\u{1b}")?;
    terminal.shows("the palette is gone", |text| !text.contains("What to do")).await?;
    terminal.shows_text("1 unread").await?;
    terminal.press("r")?;
    terminal.shows_text("0 unread").await
}

#[tokio::test]
async fn a_click_selects() -> Result<()> {
    let (server, platform) = server().await?;
    let mut terminal = start(&server, &token("ada", "member", 3_600)?)?;
    terminal.shows_text("● live").await?;
    for title in ["chess", "choir", "drama"] {
        let content =
            json!({ "type": "CAMPUS_UPDATE", "title": title, "message": format!("All about {title}.") });
        let input = json!({ "campusKey": "north", "content": content });
        publish::publish(&platform, publish::BROADCAST_TO_CAMPUS, &input).await?;
        terminal.shows_text(title).await?;
    }
    for title in ["chess", "drama", "choir"] {
        let row = terminal.look(|screen| {
            let rows: Vec<_> = screen.rows(0, 60).collect();
            rows.iter().position(|row| row.contains(title))
        });
        terminal.click(12, u16::try_from(row.unwrap_or_default())?)?;
        terminal.shows_text(&format!("All about {title}.")).await?;
    }
    // Who wants to select text gets the mouse back.
    terminal.press("m")?;
    terminal
        .state("the mouse is the terminal's", |screen| {
            screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        })
        .await
}
