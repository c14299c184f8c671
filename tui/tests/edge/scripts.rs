//! The commands for scripts: the real binary, its output and its exit codes.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Output, Stdio},
};

use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    screen::in_time,
    server::{Server, added, live},
};

fn campanile(server: &Server, line: &[&str]) -> Command {
    let mut command = bare(line);
    command.args(["--server", &server.url(), "--token", "secret"]);
    command
}

/// Without whatever the machine's user has configured.
fn bare(line: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_campanile"));
    command.args(line).env_clear().env("XDG_CONFIG_HOME", "/nonexistent").env("HOME", "/nonexistent");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

async fn finish(child: Child) -> Output {
    in_time(tokio::task::spawn_blocking(|| child.wait_with_output().unwrap())).await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn head(cursor: &str) -> Value {
    json!({"notifications": {"nodes": [{"id": "n2"}], "feedCursor": cursor}})
}

#[tokio::test]
async fn tail_prints_lines_and_resumes_after_a_cut() {
    let server = Server::start().await;
    let line = ["tail", "--campus", "north", "--type", "X", "--min-priority", "high", "--count", "2"];
    let child = campanile(&server, &line).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("notifications").await;
    peer.answer(&asked, head("c2")).await;
    let feed = peer.asks("feed").await;
    let filter = json!({"campusKeys": ["north"], "types": ["X"], "minPriority": "HIGH"});
    assert_eq!(feed.variables, json!({"after": "c2", "filter": filter}));
    peer.tell(&feed, added(3)).await;
    peer.close(1012, "restart").await;

    let mut peer = server.accept().await;
    let feed = peer.asks("feed").await;
    assert_eq!(feed.variables["after"], "c3");
    peer.tell(&feed, live("c3")).await;
    peer.tell(&feed, added(4)).await;
    let output = finish(child).await;
    assert_eq!(output.status.code(), Some(0));
    let printed = text(&output.stdout);
    let lines: Vec<Value> = printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<_> = lines.iter().map(|line| (&line["cursor"], &line["kind"])).collect();
    assert_eq!(json!(kinds), json!([["c3", "notification"], ["c3", "progress"], ["c4", "notification"]]));
    assert!(text(&output.stderr).contains("the server restarts; reconnecting"));
}

#[tokio::test]
async fn a_server_that_hangs_up_before_it_answers_is_asked_again() {
    let server = Server::start().await;
    let child = campanile(&server, &["read", "n1"]).spawn().unwrap();
    server.hang_up().await;
    server.meet().await.close(4403, "it has expired").await;
    let output = finish(child).await;
    assert!(text(&output.stderr).starts_with("campanile: the server hung up; trying again\n"), "{output:?}");
}

#[tokio::test]
async fn tail_ends_with_its_pipe_even_when_nothing_happens() {
    let server = Server::start().await;
    let mut child = campanile(&server, &["tail", "--after", "c0"]).spawn().unwrap();
    let mut peer = server.accept().await;
    let feed = peer.asks("feed").await;
    assert_eq!(feed.variables["after"], "c0");
    peer.tell(&feed, live("c0")).await;
    let mut printed = BufReader::new(child.stdout.take().unwrap());
    let (line, printed) = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        printed.read_line(&mut line).unwrap();
        (line, printed)
    })
    .await
    .unwrap();
    assert_eq!(line, "{\"cursor\":\"c0\",\"kind\":\"progress\",\"live\":true}\n");
    drop(printed);
    let output = finish(child).await;
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

#[tokio::test]
async fn tail_says_so_when_its_cursor_is_of_no_use() {
    let server = Server::start().await;
    let child = campanile(&server, &["tail", "--after", "old"]).spawn().unwrap();
    let mut peer = server.accept().await;
    let feed = peer.asks("feed").await;
    peer.refuse(&feed, "CURSOR_EXPIRED").await;
    let output = finish(child).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stderr), "campanile: no (CURSOR_EXPIRED)\n");
}

#[tokio::test]
async fn send_tries_again_under_the_same_key() {
    let server = Server::start().await;
    let line = ["send", "--campus", "north", "--title", "Closed", "--message", "-", "--priority", "URGENT"];
    let mut child = campanile(&server, &line).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, "Until noon.\n".as_bytes()).unwrap();
    drop(stdin);
    let mut peer = server.accept().await;
    let first = peer.asks("broadcastToCampus").await;
    drop(peer);
    let mut peer = server.accept().await;
    let again = peer.asks("broadcastToCampus").await;
    assert_eq!(first.variables, again.variables);
    let input = &again.variables["input"];
    let content =
        json!({"type": "CAMPUS_UPDATE", "title": "Closed", "message": "Until noon.", "priority": "URGENT"});
    assert_eq!((&input["campusKey"], &input["content"]), (&json!("north"), &content));
    assert!(input["idempotencyKey"].as_str().unwrap().len() > 20);
    peer.answer(&again, json!({"broadcastToCampus": {"notification": {"id": "n9"}, "created": true}})).await;
    let output = finish(child).await;
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), "{\"id\":\"n9\",\"created\":true}\n");
}

#[rstest]
#[case::all(&["send", "--all", "--title", "t", "--message", "m"], "broadcastToAll", "SYSTEM_ANNOUNCEMENT")]
#[case::users(&["send", "--user", "ada", "--title", "t", "--message", "m"], "notifyUsers", "SYSTEM_ANNOUNCEMENT")]
#[case::of_type(&["send", "--all", "--type", "X", "--title", "t", "--message", "m"], "broadcastToAll", "X")]
#[tokio::test]
async fn what_the_server_refuses_is_said_with_its_code(
    #[case] line: &[&str],
    #[case] field: &str,
    #[case] kind: &str,
) {
    let server = Server::start().await;
    let child = campanile(&server, line).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks(field).await;
    assert_eq!(asked.variables["input"]["content"]["type"], kind);
    peer.refuse(&asked, "FORBIDDEN").await;
    let output = finish(child).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        (text(&output.stderr).as_str(), text(&output.stdout).as_str()),
        ("campanile: no (FORBIDDEN)\n", "")
    );
}

#[tokio::test]
async fn read_all_reads_through_the_newest() {
    let server = Server::start().await;
    let child = campanile(&server, &["read", "--all", "--campus", "north"]).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("notifications").await;
    assert_eq!(asked.variables, json!({"first": 1, "after": null, "filter": {"campusKeys": ["north"]}}));
    peer.answer(&asked, head("c2")).await;
    let asked = peer.asks("markAllRead").await;
    assert_eq!(asked.variables, json!({"input": {"through": "n2", "campusKey": "north"}}));
    let count = json!({"count": 3, "atLeast": false});
    peer.answer(&asked, json!({"markAllRead": {"viewer": {"unreadCount": count, "unseenCount": count}}}))
        .await;
    let output = finish(child).await;
    assert_eq!(text(&output.stdout), "{\"unreadCount\":{\"atLeast\":false,\"count\":3}}\n");
}

#[tokio::test]
async fn who_is_not_known_is_told_so() {
    let server = Server::start().await;
    let child = campanile(&server, &["read", "n1"]).spawn().unwrap();
    server.meet().await.close(4403, "it has expired").await;
    let output = finish(child).await;
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(text(&output.stderr), "campanile: the token is not accepted: it has expired (4403)\n");
}

#[rstest]
#[case::no_token(&["tail"], 4, "no token")]
#[case::no_terminal(&["--token", "x"], 2, "needs a terminal")]
#[case::no_authority(&["tail", "--token", "x", "--server", "https://x", "--ca-file", "/nonexistent"], 2, "failed to read certificates from /nonexistent: ")]
#[case::no_server(&["tail", "--token", "x", "--server", "http://127.0.0.1:1"], 3, "cannot reach http://127.0.0.1:1: connection refused")]
#[case::no_sense(&["tail", "--json", "--plain"], 2, "cannot be used with")]
fn every_failure_has_its_code(#[case] line: &[&str], #[case] code: i32, #[case] says: &str) {
    let output = bare(line).output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(says), "{said}");
}

#[test]
fn the_help_documents_the_codes_and_hides_the_token() {
    let mut child = bare(&["--help"]).env("CAMPANILE_TOKEN", "secret").spawn().unwrap();
    let mut help = String::new();
    child.stdout.take().unwrap().read_to_string(&mut help).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(
        help.contains("Exit codes:") && help.contains("CAMPANILE_TOKEN") && !help.contains("secret"),
        "{help}"
    );
}
