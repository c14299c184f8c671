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

pub(crate) fn campanile(server: &Server, line: &[&str]) -> Command {
    // What is behind a `--` is somebody else's.
    let own = line.iter().position(|word| *word == "--").unwrap_or(line.len());
    let (url, token) = (server.url(), "secret");
    bare(&[&line[..own], &["--server", &url, "--token", token], &line[own..]].concat())
}

/// Without whatever the machine's user has configured.
pub(crate) fn bare(line: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_campanile"));
    command.args(line).env_clear().env("XDG_CONFIG_HOME", "/nonexistent").env("HOME", "/nonexistent");
    // Nor is the keyring of whoever runs this asked.
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) async fn finish(child: Child) -> Output {
    in_time(tokio::task::spawn_blocking(|| child.wait_with_output().unwrap())).await.unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
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
    peer.answer(&again, json!({"broadcastToCampus": {"notification": {"id": "n9"}, "broadcast": {"id": "b9", "sendAt": null}, "created": true}})).await;
    let output = finish(child).await;
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        text(&output.stdout),
        "{\"broadcast\":\"b9\",\"created\":true,\"id\":\"n9\",\"sendAt\":null}\n"
    );
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

pub(crate) fn broadcast(change: impl FnOnce(&mut Value)) -> Value {
    let mut broadcast = json!({
        "id": "b7", "state": "SCHEDULED", "failure": null, "audience": "CAMPUS", "sendAt": "2026-12-01T08:00:00Z",
        "content": {"type": "CAMPUS_UPDATE", "title": "Closed\u{1b}[2J", "message": "Until noon.", "priority": "HIGH",
            "expiresAt": null},
        "notification": null, "sender": {"id": "user:ada", "name": "Ada"},
        "campus": {"id": "campus:north", "key": "north", "name": "North Campus"},
        "audienceSize": 40, "deliveredCount": 30, "readCount": 20,
    });
    change(&mut broadcast);
    broadcast
}

#[tokio::test]
async fn history_pages_until_enough_are_printed() {
    let server = Server::start().await;
    let line = ["history", "--search", "open -day", "--unread", "--category", "events", "--limit", "101"];
    let child = campanile(&server, &line).spawn().unwrap();
    let filter = json!({"unread": true, "categories": ["EVENTS"], "search": "open -day"});
    for (first, after, nodes, next) in [(100, Value::Null, 100, true), (1, json!("p1"), 1, true)] {
        let mut peer = server.accept().await;
        let asked = peer.asks("notifications").await;
        assert_eq!(asked.variables, json!({"first": first, "after": after, "filter": filter}));
        let nodes: Vec<_> = (0..nodes).map(crate::server::notification).collect();
        let info = json!({"hasNextPage": next, "endCursor": "p1"});
        let page = json!({"nodes": nodes, "pageInfo": info, "feedCursor": "c1"});
        peer.answer(&asked, json!({"notifications": page})).await;
    }
    let output = finish(child).await;
    let printed = text(&output.stdout);
    assert_eq!((output.status.code(), printed.lines().count()), (Some(0), 101));
    let first: Value = serde_json::from_str(printed.lines().next().unwrap()).unwrap();
    assert_eq!((&first["id"], &first["type"]), (&json!("n0"), &json!("EVENT_CREATED")));
}

#[tokio::test]
async fn a_command_is_run_for_each_notification_and_its_failure_is_told() {
    let server = Server::start().await;
    let script = "echo $CAMPANILE_ID $CAMPANILE_TITLE $CAMPANILE_CAMPUS $CAMPANILE_CURSOR; [ $CAMPANILE_ID != n4 ] || exit 9";
    let child = campanile(&server, &["run", "--after", "c0", "--", "sh", "-c", script]).spawn().unwrap();
    let mut peer = server.accept().await;
    let feed = peer.asks("feed").await;
    peer.tell(&feed, live("c2")).await;
    peer.tell(&feed, added(3)).await;
    peer.tell(&feed, added(4)).await;
    peer.tell(&feed, added(5)).await;
    let output = finish(child).await;
    assert_eq!(text(&output.stdout), "n3 Event 3 north c3\nn4 Event 4 north c4\n");
    assert_eq!((output.status.code(), text(&output.stderr).contains("sh: exit status: 9")), (Some(9), true));
}

#[rstest]
#[case::nothing_there(&["run", "--after", "c0", "--", "/nonexistent/program"], 127)]
#[case::no_program(&["run", "--after", "c0", "--", "/"], 126)]
#[tokio::test]
async fn what_cannot_be_run_is_told_as_a_shell_does(#[case] line: &[&str], #[case] code: i32) {
    let server = Server::start().await;
    let child = campanile(&server, line).spawn().unwrap();
    let mut peer = server.accept().await;
    let feed = peer.asks("feed").await;
    peer.tell(&feed, added(3)).await;
    let output = finish(child).await;
    assert_eq!(output.status.code(), Some(code), "{output:?}");
}

#[tokio::test]
async fn a_broadcast_is_called_off_and_nothing_of_it_is_obeyed() {
    let server = Server::start().await;
    let child = campanile(&server, &["broadcasts", "cancel", "b7", "--plain"]).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("cancelBroadcast").await;
    assert_eq!(asked.variables, json!({"input": {"id": "b7"}}));
    let cancelled = broadcast(|broadcast| broadcast["state"] = json!("CANCELLED"));
    peer.answer(&asked, json!({"cancelBroadcast": {"broadcast": cancelled}})).await;
    let output = finish(child).await;
    let printed = "b7  cancelled  2026-12-01 08:00:00  North Campus  30 of 40 delivered, 20 read  Closed[2J\nUntil noon.\n";
    assert_eq!(text(&output.stdout), printed);
}

#[tokio::test]
async fn a_broadcast_is_recalled_by_its_own_id() {
    let server = Server::start().await;
    let child = campanile(&server, &["broadcasts", "recall", "b7"]).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("node").await;
    let mut sent = broadcast(|broadcast| broadcast["notification"] = json!({"id": "n9"}));
    sent["__typename"] = json!("Broadcast");
    peer.answer(&asked, json!({"node": sent})).await;
    drop(peer);
    let mut peer = server.accept().await;
    let asked = peer.asks("recall").await;
    assert_eq!(asked.variables, json!({"input": {"id": "n9"}}));
    peer.answer(&asked, json!({"recall": {"notificationId": "n9"}})).await;
    let output = finish(child).await;
    assert_eq!(text(&output.stdout), "{\"notificationId\":\"n9\"}\n");
}

#[rstest]
#[case::muted(&["prefs", "set", "EVENT_UPDATED", "off", "--campus", "north"], json!({"campusKey": "north", "types": [{"type": "EVENT_UPDATED", "enabled": false}]}))]
#[case::inherited(&["prefs", "set", "A", "B", "inherit"], json!({"types": [{"type": "A", "enabled": null}, {"type": "B", "enabled": null}]}))]
#[case::quiet(&["prefs", "quiet", "22:00-07:00", "--timezone", "Europe/Rome"], json!({"quietHours": {"enabled": true, "startTime": "22:00", "endTime": "07:00", "timezone": "Europe/Rome"}}))]
#[case::quiet_as_inherited(&["prefs", "quiet", "inherit", "--campus", "north"], json!({"campusKey": "north", "quietHours": {"enabled": null}}))]
#[tokio::test]
async fn preferences_are_changed_as_asked(#[case] line: &[&str], #[case] input: Value) {
    let server = Server::start().await;
    let child = campanile(&server, &[line, &["--plain"]].concat()).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("updatePreferences").await;
    assert_eq!(asked.variables, json!({"input": input}));
    let kind = json!({"type": "EVENT_UPDATED", "category": "EVENTS", "label": "Event updated", "enabled": false,
        "inherited": false, "mandatory": false});
    let quiet = json!({"enabled": true, "startTime": "22:00", "endTime": "07:00", "timezone": "Europe/Rome",
        "inherited": true, "active": true, "nextStart": "2026-11-22T21:00:00Z", "nextEnd": "2026-11-22T06:00:00Z"});
    let preferences = json!({"campus": null, "types": [kind], "quietHours": quiet});
    peer.answer(&asked, json!({"updatePreferences": {"preferences": preferences}})).await;
    let output = finish(child).await;
    let printed = "by default\nEVENT_UPDATED  off  set here  Event updated\n\
        quiet hours: 22:00-07:00 Europe/Rome (inherited); quiet now, until 2026-11-22 06:00 UTC\n";
    assert_eq!(text(&output.stdout), printed);
}

#[rstest]
#[case(&["archive", "n1", "n2"], "archive")]
#[case(&["unarchive", "n1", "n2"], "unarchive")]
#[case(&["unread", "n1", "n2"], "markUnread")]
#[tokio::test]
async fn marks_say_how_many_are_left_unless_nobody_wants_to_know(#[case] line: &[&str], #[case] field: &str) {
    for (quiet, printed) in
        [(&[][..], "{\"unreadCount\":{\"atLeast\":true,\"count\":1000}}\n"), (&["-q"], "")]
    {
        let server = Server::start().await;
        let child = campanile(&server, &[line, quiet].concat()).spawn().unwrap();
        let mut peer = server.accept().await;
        let asked = peer.asks(field).await;
        assert_eq!(asked.variables, json!({"input": {"ids": ["n1", "n2"]}}));
        let count = json!({"count": 1000, "atLeast": true});
        let viewer = json!({"unreadCount": count, "unseenCount": count});
        peer.answer(&asked, json!({field: {"notifications": [], "viewer": viewer}})).await;
        assert_eq!(text(&finish(child).await.stdout), printed);
    }
}

#[tokio::test]
async fn a_time_in_words_goes_by_the_clock_of_the_campus() {
    let server = Server::start().await;
    let line =
        ["send", "--campus", "north", "--title", "t", "--message", "m", "--send-at", "2026-12-01 9:00"];
    let child = campanile(&server, &line).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("campus").await;
    peer.answer(&asked, json!({"campus": {"timezone": "Europe/Rome"}})).await;
    drop(peer);
    let mut peer = server.accept().await;
    let asked = peer.asks("broadcastToCampus").await;
    assert_eq!(asked.variables["input"]["sendAt"], "2026-12-01T08:00:00Z");
    let waits = json!({"id": "b9", "sendAt": "2026-12-01T08:00:00Z"});
    let payload = json!({"notification": null, "broadcast": waits, "created": true});
    peer.answer(&asked, json!({"broadcastToCampus": payload})).await;
    let output = finish(child).await;
    let printed = r#"{"broadcast":"b9","created":true,"id":null,"sendAt":"2026-12-01T08:00:00Z"}"#;
    assert_eq!(text(&output.stdout).trim_end(), printed);
}

#[tokio::test]
async fn a_dry_run_sends_nothing() {
    let server = Server::start().await;
    let line = ["send", "--all", "--title", "t", "--message", "m", "--dry-run", "--plain"];
    let child = campanile(&server, &line).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("previewAudience").await;
    assert_eq!(asked.variables, json!({"input": {"all": true, "type": "SYSTEM_ANNOUNCEMENT"}}));
    let preview = json!({"size": 9, "muted": 1, "inQuietHours": 2, "connected": 3});
    peer.answer(&asked, json!({"previewAudience": preview})).await;
    let output = finish(child).await;
    let printed = "would reach 9: 1 mute the type, 2 have quiet hours; connected: 3\n";
    assert_eq!(text(&output.stdout), printed);
}

#[rstest]
#[case(&["read", "n1"])]
#[case(&["send", "--all", "--title", "t", "--message", "m"])]
#[case(&["prefs", "set", "X", "off"])]
#[case(&["broadcasts", "cancel", "b1"])]
#[tokio::test]
async fn who_only_looks_changes_nothing(#[case] line: &[&str]) {
    let server = Server::start().await;
    let child = campanile(&server, &[line, &["--readonly"]].concat()).spawn().unwrap();
    // What it is asked after it has connected would have to be answered.
    let _peer = server.accept().await;
    let output = finish(child).await;
    let refused = "campanile: nothing is changed with --readonly (READONLY)\n";
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(1), refused));
}

#[tokio::test]
async fn explain_says_what_each_rule_says() {
    let server = Server::start().await;
    let child = campanile(&server, &["explain", "n1", "--user", "ben", "--plain"]).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("explain").await;
    assert_eq!(asked.variables, json!({"notificationId": "n1", "userKey": "ben"}));
    let reasons = json!([
        {"rule": "audience", "holds": true, "detail": "It was sent to North Campus.", "at": "2026-11-21T18:00:00Z"},
        {"rule": "membership", "holds": false, "detail": "Ben has never been there.", "at": null},
    ]);
    peer.answer(&asked, json!({"explain": {"received": false, "reasons": reasons}})).await;
    let printed = "not received\n\
        yes  audience    2026-11-21 18:00:00  It was sent to North Campus.\n\
        no   membership                       Ben has never been there.\n";
    assert_eq!(text(&finish(child).await.stdout), printed);
}

#[tokio::test]
async fn one_reading_of_the_numbers_shows_what_is_hidden_as_hidden() {
    let server = Server::start().await;
    let child = campanile(&server, &["dashboard", "--once", "--plain"]).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("metrics").await;
    let campus = json!({"campus": {"id": "campus:north", "key": "north", "name": "North"}, "connections": 3,
        "publishedLastHour": 4});
    let metrics = json!({"connections": null, "subscriptions": null, "publishedTotal": null, "deliveredTotal": null,
        "publishedPerSecond": null, "deliveredPerSecond": null, "deliveryLatencyMs": null, "catchingUp": null,
        "servers": 1, "perCampus": [campus]});
    peer.answer(&asked, json!({"metrics": metrics})).await;
    let printed = text(&finish(child).await.stdout);
    assert!(printed.starts_with("connections           –\n"), "{printed}");
    assert!(printed.ends_with("North   3            4\n"), "{printed}");
}

#[rstest]
#[case::completions(&["completions", "bash"], "_campanile")]
#[case::a_manual_page(&["man"], ".TH campanile 1")]
#[case::where_the_file_is(&["config", "path", "--plain"], "/nonexistent/campanile/config.toml")]
#[case::what_is_in_force(&["config", "show", "--plain", "--token", "secret"], "(not shown)")]
#[tokio::test]
async fn what_needs_no_server_needs_none(#[case] line: &[&str], #[case] shows: &str) {
    let output = finish(bare(line).spawn().unwrap()).await;
    let printed = text(&output.stdout);
    assert!(output.status.success() && printed.contains(shows) && !printed.contains("secret"), "{output:?}");
}
