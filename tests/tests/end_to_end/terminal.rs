//! The real terminal client in a pseudo-terminal, against the real server.

use anyhow::Result;
use campanile_tests::{caller::Caller, directory, publish, server::Server, terminal::Terminal, wait::until};
use rstest::rstest;
use rustix::process::{Signal, kill_process};
use serde_json::{Value, json};

/// A server with ada on campus north, and ada's terminal.
struct Scene {
    server: Server,
    platform: Caller,
    ada: Caller,
    terminal: Terminal,
}

async fn scene() -> Result<Scene> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    let terminal = Terminal::live(&server, &ada).await?;
    Ok(Scene { server, platform, ada, terminal })
}

/// Publishes to campus north; the message tells what is selected, since only the selected one's is on the screen.
async fn ring(platform: &Caller, title: &str) -> Result<()> {
    let content =
        json!({ "type": "CAMPUS_UPDATE", "title": title, "message": format!("All about {title}.") });
    let input = json!({ "campusKey": "north", "content": content });
    publish::publish(platform, publish::BROADCAST_TO_CAMPUS, &input).await?;
    Ok(())
}

#[tokio::test]
async fn what_happens_appears_and_keys_do_what_the_help_says() -> Result<()> {
    let Scene { server: _server, platform, ada, mut terminal } = scene().await?;
    for title in ["chess", "choir", "drama"] {
        ring(&platform, title).await?;
        terminal.shows_text(title).await?;
    }
    terminal.shows_text("3 unread").await?;
    terminal.shows_text("All about drama.").await?;

    terminal.press("j")?;
    terminal.shows_text("All about choir.").await?;
    terminal.press("k")?;
    terminal.shows_text("All about drama.").await?;
    terminal.press("?")?;
    terminal
        .shows("the help covers the list", |text| text.contains("mark as unread") && !text.contains("choir"))
        .await?;
    terminal.press("?")?;
    terminal.shows_text("choir").await?;

    terminal.press("r")?;
    terminal.shows_text("2 unread").await?;
    terminal.shows_text("All about choir.").await?;
    // The screen does not wait for the server.
    let read = "{ notifications(filter: { unread: false }) { nodes { title } } }";
    let is_read = json!({ "notifications": { "nodes": [{ "title": "drama" }] } });
    until("the server knows", async || ada.ask(read, Value::Null).await.ok().filter(|read| *read == is_read))
        .await?;
    terminal.press("R")?;
    terminal.shows_text("0 unread").await
}

#[tokio::test]
async fn what_is_read_elsewhere_is_read_here() -> Result<()> {
    let Scene { server: _server, platform, ada, mut terminal } = scene().await?;
    let id = publish::to_user(&platform, "ada", "chess").await?;
    terminal.shows_text("1 unread").await?;
    ada.ask("mutation ($id: ID!) { markRead(input: { ids: [$id] }) { viewer { id } } }", json!({ "id": id }))
        .await?;
    terminal.shows_text("0 unread").await
}

#[tokio::test]
async fn the_feed_goes_on_when_the_server_has_restarted() -> Result<()> {
    let Scene { mut server, platform, ada: _, mut terminal } = scene().await?;
    for title in ["chess", "choir"] {
        ring(&platform, title).await?;
        terminal.shows_text(title).await?;
    }

    server.kill_9().await?;
    terminal.shows_text("reconnecting").await?;
    server.restart().await?;
    // Before the client is back, most likely.
    ring(&platform, "drama").await?;
    terminal.shows_text("● live").await?;
    ring(&platform, "fencing").await?;
    terminal.shows_text("All about fencing.").await?;

    let text = terminal.text();
    // The last one is selected, and its title is in the detail pane as well.
    for title in ["chess", "choir", "drama"] {
        assert_eq!(text.matches(title).count(), 1, "{title} once:\n{text}");
    }
    assert!(text.contains("4 unread"), "{text}");
    Ok(())
}

#[rstest]
#[case::q("q")]
#[case::control_c("\u{3}")]
#[tokio::test]
async fn leaving_by_a_key_leaves_the_terminal_as_it_was(#[case] key: &str) -> Result<()> {
    let Scene { server: _server, mut terminal, .. } = scene().await?;
    terminal.press(key)?;
    assert_eq!(terminal.exit().await?.exit_code(), 0);
    is_as_it_was(&mut terminal).await
}

#[tokio::test]
async fn a_signal_leaves_the_terminal_as_it_was() -> Result<()> {
    let Scene { server: _server, mut terminal, .. } = scene().await?;
    kill_process(terminal.pid()?, Signal::TERM)?;
    terminal.exit().await?;
    is_as_it_was(&mut terminal).await
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_said_so() -> Result<()> {
    let server = Server::start().await?;
    let mut terminal =
        Terminal::start(&["--server", &server.url(), "--token", "not.a.token"], server.home())?;
    terminal.shows_text("refused").await
}

async fn is_as_it_was(terminal: &mut Terminal) -> Result<()> {
    terminal
        .state("the shell's screen, cursor and modes are back", |screen| {
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        })
        .await
}
