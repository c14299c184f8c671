//! `campanile-server demo`: what it prints is all that one needs to see a feed fill.

use anyhow::{Context, Result};
use campanile_tests::{
    binaries::SERVER, caller::Caller, feed::Feed, program::Program, server, terminal::Terminal,
};
use rustix::process::Signal;
use serde_json::Value;

#[tokio::test]
async fn the_demo_prints_tokens_and_the_lines_that_show_it() -> Result<()> {
    let home = tempfile::tempdir()?;
    let mut demo = Program::start(SERVER, &["demo", "--listen", "127.0.0.1:0"], home.path())?;
    let address = server::address_on_screen(&mut demo).await?;
    let lines = demo.stdout.find("a command line for each of three people", command_lines).await?;

    for line in &lines {
        let token = token_in(line).with_context(|| format!("no token in {line}"))?;
        let caller = Caller::new(address, Some(token.to_owned()));
        let seen =
            caller.ask("{ campuses { key } viewer { permissions { broadcastToAll } } }", Value::Null).await?;
        assert_ne!(seen["campuses"].as_array().map(Vec::len), Some(0), "{line}: {seen}");
        let mut feed = Feed::live(&caller).await?;
        feed.until(|event| event.title().is_some()).await?;
    }

    demo.signal(Signal::TERM)?;
    assert_eq!(demo.exit().await?.code(), Some(0));
    Ok(())
}

#[tokio::test]
async fn a_printed_line_shows_the_feed_in_a_terminal() -> Result<()> {
    let home = tempfile::tempdir()?;
    let mut demo = Program::start(SERVER, &["demo", "--listen", "127.0.0.1:0"], home.path())?;
    let lines = demo.stdout.find("a command line for each of three people", command_lines).await?;

    let arguments: Vec<_> = lines[0].split_whitespace().skip(1).collect();
    let mut terminal = Terminal::start(&arguments, home.path())?;

    terminal.shows_text("● live").await?;
    // The member, the first of them, has been told something already, and is told more.
    terminal.shows("the feed fills", |text| text.contains("unread") && !text.contains(" 0 unread")).await
}

/// The three command lines of the terminal client that a demo prints.
fn command_lines(screen: &str) -> Option<Vec<String>> {
    let lines = screen.lines().map(str::trim).filter(|line| line.contains("campanile --server"));
    let lines: Vec<_> = lines.map(str::to_owned).collect();
    (lines.len() == 3).then_some(lines)
}

fn token_in(line: &str) -> Option<&str> {
    line.split_whitespace().skip_while(|&word| word != "--token").nth(1)
}
