//! `campanile` as a script uses it, against the real server: JSON lines when piped, and an exit code that tells.

use std::net::TcpListener;

use anyhow::{Context, Result};
use campanile_tests::{
    binaries::CLIENT,
    caller::Caller,
    directory,
    program::{Ended, Program},
    publish,
    server::Server,
};
use rstest::rstest;
use rustix::process::Signal;
use serde_json::{Value, json};

/// A server with ada, an admin of campus north; the platform that publishes, and ada.
async fn scene() -> Result<(Server, Caller, Caller)> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north", "south"], &[("ada", &[])]).await?;
    directory::appoint(&platform, "ada", "north").await?;
    let ada = server.member("ada").await?;
    Ok((server, platform, ada))
}

/// Starts the client as someone.
fn start(server: &Server, who: &Caller, arguments: &[&str]) -> Result<Program> {
    let (url, token) = (server.url(), who.token.as_deref().unwrap_or_default());
    let arguments = [arguments, &["--server", &url, "--token", token]].concat();
    Program::start(CLIENT, &arguments, server.home())
}

/// Runs the client as someone, successfully. Returns the one JSON object that it prints.
async fn run(server: &Server, who: &Caller, arguments: &[&str]) -> Result<Value> {
    let Ended { status, stdout, stderr } = start(server, who, arguments)?.end().await?;
    assert_eq!(status.code(), Some(0), "{stderr}");
    serde_json::from_str(&stdout).with_context(|| format!("not one JSON object: {stdout}"))
}

#[tokio::test]
async fn tail_prints_each_notification_once_though_the_server_restarts() -> Result<()> {
    let (mut server, platform, ada) = scene().await?;
    let mut tail = start(&server, &ada, &["tail"])?;
    tail.stdout.line_with(r#""kind":"progress""#).await?;

    publish::to_campus(&platform, "north", "before").await?;
    tail.stdout.line_with("before").await?;
    server.kill_9().await?;
    server.restart().await?;
    publish::to_campus(&platform, "north", "after").await?;
    tail.stdout.line_with("after").await?;
    tail.signal(Signal::TERM)?;

    let ended = tail.end().await?;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
    let lines: Vec<Value> = ended.stdout.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    assert!(lines.iter().all(|line| line["cursor"].is_string()), "{}", ended.stdout);
    let notifications = lines.iter().filter(|line| line["kind"] == "notification");
    let titles: Vec<_> = notifications.map(|line| &line["notification"]["title"]).collect();
    assert_eq!(titles, ["before", "after"]);
    Ok(())
}

#[tokio::test]
async fn tail_goes_on_from_a_cursor() -> Result<()> {
    let (server, platform, ada) = scene().await?;
    let page = ada.ask("{ notifications { feedCursor } }", Value::Null).await?;
    let cursor = page["notifications"]["feedCursor"].as_str().context("every page has a feedCursor")?;
    publish::to_campus(&platform, "north", "missed").await?;

    let ended = start(&server, &ada, &["tail", "--after", cursor, "--count", "1"])?.end().await?;

    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("missed"), "{}", ended.stdout);
    Ok(())
}

#[tokio::test]
async fn send_says_what_it_sent_and_sends_the_same_once() -> Result<()> {
    let (server, _, ada) = scene().await?;
    let send = [
        "send",
        "--campus",
        "north",
        "--title",
        "Closed",
        "--message",
        "Until noon.",
        "--idempotency-key",
        "k",
    ];

    let first = run(&server, &ada, &send).await?;
    let again = run(&server, &ada, &send).await?;

    assert_eq!(first["created"], true, "{first}");
    assert_eq!((&again["id"], &again["created"]), (&first["id"], &json!(false)));
    let page = ada.ask("{ notifications { nodes { id title } } }", Value::Null).await?;
    assert_eq!(page["notifications"]["nodes"], json!([{ "id": first["id"], "title": "Closed" }]));
    Ok(())
}

#[tokio::test]
async fn read_says_what_is_left() -> Result<()> {
    let (server, platform, ada) = scene().await?;
    let first = publish::to_campus(&platform, "north", "first").await?;
    publish::to_campus(&platform, "north", "second").await?;

    let one = run(&server, &ada, &["read", &first]).await?;
    let all = run(&server, &ada, &["read", "--all"]).await?;

    assert_eq!([&one["unreadCount"]["count"], &all["unreadCount"]["count"]], [1, 0]);
    Ok(())
}

#[tokio::test]
async fn what_is_scheduled_is_listed_and_called_off() -> Result<()> {
    let (server, _, ada) = scene().await?;
    let send = [&SEND[..], &["--campus", "north", "--send-at", "in 2 hours"]].concat();

    let preview = run(&server, &ada, &[&send[..], &["--dry-run"]].concat()).await?;
    let sent = run(&server, &ada, &send).await?;
    let id = sent["broadcast"].as_str().context("every broadcast has an id")?;
    let listed = run(&server, &ada, &["broadcasts"]).await?;
    let cancelled = run(&server, &ada, &["broadcasts", "cancel", id]).await?;

    assert_eq!(preview["size"], 1, "{preview}");
    assert_eq!((&sent["id"], &listed["id"]), (&Value::Null, &sent["broadcast"]));
    assert_eq!([&listed["state"], &cancelled["state"]], ["SCHEDULED", "CANCELLED"]);
    Ok(())
}

#[tokio::test]
async fn history_finds_what_it_is_asked_for_and_explain_says_why() -> Result<()> {
    let (server, platform, ada) = scene().await?;
    publish::to_campus(&platform, "north", "thesis workshop").await?;
    publish::to_campus(&platform, "north", "chess evening").await?;

    let line = ["history", "--search", "work*", "--unread", "--since", "yesterday"];
    let found = run(&server, &ada, &line).await?;
    let id = found["id"].as_str().context("every notification has an id")?;
    let explained = run(&server, &ada, &["explain", id]).await?;

    assert_eq!(found["title"], "thesis workshop");
    assert_eq!(explained["received"], true, "{explained}");
    Ok(())
}

#[tokio::test]
async fn what_is_muted_is_gone_until_it_is_heard_again() -> Result<()> {
    let (server, platform, ada) = scene().await?;
    publish::to_campus(&platform, "north", "news").await?;
    let news = run(&server, &ada, &["history"]).await?;
    let kind = news["type"].as_str().context("every notification has a type")?;

    run(&server, &ada, &["prefs", "set", kind, "off", "--campus", "north"]).await?;
    let muted = start(&server, &ada, &["history"])?.end().await?;
    let quiet = run(&server, &ada, &["prefs", "quiet", "22:00-07:00", "--timezone", "Europe/Rome"]).await?;
    run(&server, &ada, &["prefs", "reset", "north"]).await?;
    let heard = run(&server, &ada, &["history"]).await?;

    assert_eq!(muted.stdout, "");
    assert_eq!(quiet["quietHours"]["timezone"], "Europe/Rome", "{quiet}");
    assert_eq!(heard["id"], news["id"]);
    Ok(())
}

#[tokio::test]
async fn a_token_is_kept_until_it_is_forgotten() -> Result<()> {
    let (server, platform, ada) = scene().await?;
    publish::to_campus(&platform, "north", "news").await?;
    let url = server.url();
    let logged_in = run(&server, &ada, &["login"]).await?;
    assert_eq!(logged_in["key"], "ada");
    let line = ["read", "--all", "--server", &url];
    let ended = Program::run(CLIENT, &line, server.home()).await?;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
    for code in [0, 4] {
        let line = if code == 0 { &["logout", "--server", &url][..] } else { &line[..] };
        let ended = Program::run(CLIENT, line, server.home()).await?;
        assert_eq!(ended.status.code(), Some(code), "{}", ended.stderr);
    }
    Ok(())
}

#[tokio::test]
async fn who_only_looks_changes_nothing() -> Result<()> {
    let (server, _, ada) = scene().await?;
    let send = [&SEND[..], &["--campus", "north", "--readonly"]].concat();
    let ended = start(&server, &ada, &send)?.end().await?;
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let metrics = run(&server, &ada, &["dashboard", "--once", "--readonly"]).await?;
    assert_eq!(metrics["perCampus"][0]["publishedLastHour"], 0, "{metrics}");
    Ok(())
}

const SEND: [&str; 5] = ["send", "--title", "Closed", "--message", "Until noon."];

#[rstest]
#[case::refused(&[&SEND[..], &["--campus", "south"]].concat(), 1)]
#[case::without_an_audience(&SEND, 2)]
#[case::without_a_title(&["send", "--campus", "north", "--message", "Until noon."], 2)]
#[case::an_unknown_command(&["ring"], 2)]
#[case::no_url(&["read", "--all", "--server", "nowhere"], 2)]
#[case::a_bad_token(&["read", "--all", "--token", "not.a.token"], 4)]
#[tokio::test]
async fn a_failure_has_an_exit_code_and_says_why(
    #[case] arguments: &[&str],
    #[case] code: i32,
) -> Result<()> {
    let (server, _, ada) = scene().await?;
    let (url, token) = (server.url(), ada.token.as_deref().unwrap_or_default());
    let mut all = arguments.to_vec();
    for (option, value) in [("--server", url.as_str()), ("--token", token)] {
        if !all.contains(&option) {
            all.extend([option, value]);
        }
    }
    let ended = Program::run(CLIENT, &all, server.home()).await?;
    assert_eq!(ended.status.code(), Some(code), "{}", ended.stderr);
    assert!(!ended.stderr.is_empty());
    assert_eq!(ended.stdout, "");
    Ok(())
}

#[rstest]
#[case::tail(&["tail"])]
#[case::read(&["read", "--all"])]
#[tokio::test]
async fn a_server_that_is_not_there_has_an_exit_code_of_its_own(#[case] arguments: &[&str]) -> Result<()> {
    let home = tempfile::tempdir()?;
    // Free a moment ago, and not likely to be taken by now.
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let url = format!("http://{free}");
    let arguments = [arguments, &["--server", &url, "--token", "any"]].concat();
    let ended = Program::run(CLIENT, &arguments, home.path()).await?;
    assert_eq!(ended.status.code(), Some(3), "{}", ended.stderr);
    Ok(())
}
