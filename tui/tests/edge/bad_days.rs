//! Bad days of a script: pipes that close, signals, commands that fail, servers that are newer.

use std::{
    fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    scripts::{broadcast, campanile, finish, text},
    server::{Server, added, live, notification},
};

fn signal(child: &Child, name: &str) {
    let line = format!("kill -{name} {}", child.id());
    assert!(Command::new("sh").args(["-c", &line]).status().unwrap().success());
}

/// The same as a terminal would run it: in the background, shells have Ctrl-C ignored by whatever they run.
fn interruptible(command: &Command) -> Command {
    let mut env = Command::new("env");
    env.arg("--default-signal=INT").arg(command.get_program()).args(command.get_args());
    env.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    env.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    env
}

#[rstest]
#[case::output_that_goes_on(&["tail", "--after", "c0"], "INT", Some(0), None)]
#[case::output_that_goes_on(&["tail", "--after", "c0"], "TERM", Some(0), None)]
#[case::a_question(&["read", "n1"], "INT", None, Some(2))]
#[case::a_question(&["read", "n1"], "TERM", None, Some(15))]
#[tokio::test]
async fn what_goes_on_is_ended_and_what_waits_is_killed(
    #[case] line: &[&str],
    #[case] name: &str,
    #[case] code: Option<i32>,
    #[case] killed: Option<i32>,
) {
    let server = Server::start().await;
    let child = interruptible(&campanile(&server, line)).spawn().unwrap();
    let mut peer = server.accept().await;
    peer.asks("").await;
    signal(&child, name);
    let status = finish(child).await.status;
    assert_eq!((status.code(), status.signal()), (code, killed));
}

#[tokio::test]
async fn a_page_that_nobody_reads_is_no_failure() {
    let server = Server::start().await;
    let mut child = campanile(&server, &["history", "--all"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut peer = server.accept().await;
    let asked = peer.asks("notifications").await;
    let info = json!({"hasNextPage": true, "endCursor": "p1"});
    peer.answer(
        &asked,
        json!({"notifications": {"nodes": [notification(1)], "pageInfo": info, "feedCursor": "c1"}}),
    )
    .await;
    let output = finish(child).await;
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

#[tokio::test]
async fn a_failure_that_nobody_hears_of_keeps_its_code() {
    let server = Server::start().await;
    let mut child = campanile(&server, &["read", "n1"]).spawn().unwrap();
    drop(child.stderr.take());
    server.hang_up().await;
    server.meet().await.close(4403, "it has expired").await;
    assert_eq!(finish(child).await.status.code(), Some(4));
}

#[tokio::test]
async fn what_a_newer_server_says_is_passed_on() {
    let server = Server::start().await;
    let child = campanile(&server, &["broadcasts"]).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("broadcasts").await;
    let newer = broadcast(|broadcast| {
        broadcast["state"] = json!("PAUSED");
        broadcast["audience"] = json!("BUILDING");
        broadcast["content"]["priority"] = json!("CRITICAL");
    });
    let info = json!({"hasNextPage": false, "endCursor": null});
    peer.answer(&asked, json!({"broadcasts": {"edges": [{"node": newer}], "pageInfo": info}})).await;
    let printed: Value = serde_json::from_str(&text(&finish(child).await.stdout)).unwrap();
    let shown = (&printed["state"], &printed["audience"], &printed["content"]["priority"]);
    assert_eq!(shown, (&json!("PAUSED"), &json!("BUILDING"), &json!("CRITICAL")));
}

#[tokio::test]
async fn a_broadcast_is_watched_across_a_cut() {
    let server = Server::start().await;
    let child = campanile(&server, &["broadcasts", "watch", "b7"]).spawn().unwrap();
    for delivered in [30, 40] {
        let mut peer = server.accept().await;
        let asked = peer.asks("broadcast").await;
        let reading = broadcast(|broadcast| broadcast["deliveredCount"] = json!(delivered));
        peer.next(&asked, json!({"broadcast": reading})).await;
        peer.close(1012, "restart").await;
    }
    server.meet().await.close(4403, "it has expired").await;
    let output = finish(child).await;
    let delivered = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["deliveredCount"].clone())
        .collect::<Vec<_>>();
    assert_eq!((json!(delivered), output.status.code()), (json!([30, 40]), Some(4)));
}

#[tokio::test]
async fn a_broadcast_to_some_names_them_all() {
    let server = Server::start().await;
    let child = campanile(&server, &["broadcasts", "show", "b7", "--plain"]).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("node").await;
    let mut sent = broadcast(|broadcast| broadcast["audience"] = json!("USERS"));
    sent["__typename"] = json!("Broadcast");
    peer.answer(&asked, json!({"node": sent})).await;
    for (after, key, next) in [(Value::Null, "ada", true), (json!("p1"), "ben", false)] {
        let mut peer = server.accept().await;
        let asked = peer.asks("recipients").await;
        assert_eq!(asked.variables, json!({"id": "b7", "first": 100, "after": after}));
        let edges = json!([{"node": {"key": key, "name": key.to_uppercase()}}]);
        let page = json!({"edges": edges, "pageInfo": {"hasNextPage": next, "endCursor": "p1"}});
        peer.answer(&asked, json!({"node": {"__typename": "Broadcast", "recipients": page}})).await;
    }
    let printed = text(&finish(child).await.stdout);
    assert!(printed.ends_with("Until noon.\nto  ada  ADA\nto  ben  BEN\n"), "{printed}");
}

#[tokio::test]
async fn what_has_failed_is_tried_again_the_next_time() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let kept = folder.path().join("cursor");
    let script = "echo $CAMPANILE_ID; [ $CAMPANILE_ID != n4 ] || [ -e again ]";
    let line = ["run", "--count", "1", "--cursor-file", "cursor", "--", "sh", "-c", script];
    let start = |count| {
        let mut line = line;
        line[2] = count;
        campanile_in(&server, folder.path(), &line)
    };
    let child = start("9");
    let mut peer = server.accept().await;
    let asked = peer.asks("notifications").await;
    peer.answer(&asked, json!({"notifications": {"nodes": [], "feedCursor": "c2"}})).await;
    let feed = peer.asks("feed").await;
    assert_eq!(feed.variables["after"], "c2");
    for event in [live("c2"), added(3), added(4)] {
        peer.tell(&feed, event).await;
    }
    let output = finish(child).await;
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(1), "n3\nn4\n"));
    assert_eq!(fs::read_to_string(&kept).unwrap(), "c3\n");

    fs::write(folder.path().join("again"), "").unwrap();
    let child = start("1");
    let mut peer = server.accept().await;
    let feed = peer.asks("feed").await;
    assert_eq!(feed.variables["after"], "c3");
    peer.tell(&feed, added(4)).await;
    let output = finish(child).await;
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), "n4\n"));
    assert_eq!(fs::read_to_string(&kept).unwrap(), "c4\n");
}

fn campanile_in(server: &Server, folder: &Path, line: &[&str]) -> Child {
    campanile(server, line).current_dir(folder).spawn().unwrap()
}

#[tokio::test]
async fn what_is_begun_is_finished_when_it_is_stopped() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    // It ends once there is a file.
    let script = "echo begun; until [ -e go ]; do :; done; echo finished";
    let line = ["run", "--after", "c0", "--", "sh", "-c", script];
    let mut child = campanile_in(&server, folder.path(), &line);
    let mut peer = server.accept().await;
    let feed = peer.asks("feed").await;
    peer.tell(&feed, added(3)).await;
    let mut printed = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    let mut read = move || {
        line.clear();
        std::io::BufRead::read_line(&mut printed, &mut line).unwrap();
        line.clone()
    };
    assert_eq!(read(), "begun\n");
    signal(&child, "TERM");
    fs::write(folder.path().join("go"), "").unwrap();
    assert_eq!(read(), "finished\n");
    assert_eq!(finish(child).await.status.code(), Some(0));
}
