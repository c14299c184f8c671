//! Who asks and where: logging in and out, profiles and views of the config file, and what is said of them.

use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    scripts::{bare, finish, text},
    server::{Peer, Server},
};

/// For somebody whose home this is.
fn at_home(home: &Path, line: &[&str]) -> Command {
    let mut command = bare(line);
    command.env("XDG_CONFIG_HOME", home.join("config")).env("XDG_DATA_HOME", home.join("data"));
    command
}

/// With this on the standard input.
fn told(mut command: Command, input: &str) -> std::process::Child {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // One that has ended already reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child
}

async fn greet(peer: &mut Peer) {
    let asked = peer.asks("viewer").await;
    peer.answer(&asked, json!({"viewer": {"user": {"key": "ada", "name": "Ada\u{1b} Lovelace"}}})).await;
}

fn config(home: &Path, text: &str) {
    let folder = home.join("config").join("campanile");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), text).unwrap();
    fs::set_permissions(folder.join("config.toml"), fs::Permissions::from_mode(0o600)).unwrap();
}

#[tokio::test]
async fn a_token_is_kept_for_its_server_until_it_is_forgotten() {
    let (server, other, home) = (Server::start().await, Server::start().await, tempfile::tempdir().unwrap());
    let url = server.url();
    let child = told(at_home(home.path(), &["login", "--server", &url]), "kept.to.ken\n");
    let mut peer = server.accept().await;
    assert_eq!(peer.init, json!({"authorization": "Bearer kept.to.ken"}));
    greet(&mut peer).await;
    let output = finish(child).await;
    let path = home.path().join("data/campanile/tokens.json");
    let said: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    assert_eq!(
        said,
        json!({"key": "ada", "name": "Ada Lovelace", "server": url, "storedIn": path.to_str().unwrap()})
    );
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    let child = at_home(home.path(), &["read", "n1", "--server", &url]).spawn().unwrap();
    let peer = server.meet().await;
    assert_eq!(peer.init, json!({"authorization": "Bearer kept.to.ken"}));
    peer.close(4403, "it has expired").await;
    assert_eq!(finish(child).await.status.code(), Some(4));

    let line = ["read", "n1", "--server", &other.url()];
    assert_eq!(finish(at_home(home.path(), &line).spawn().unwrap()).await.status.code(), Some(4));

    let output = finish(at_home(home.path(), &["config", "show", "--server", &url]).spawn().unwrap()).await;
    let shown: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    assert_eq!(shown["token"], json!({"value": "(not shown)", "from": "file of tokens"}));

    for printed in [format!("removed from {}\n", path.display()), format!("no token was kept for {url}\n")] {
        let line = ["logout", "--server", &url, "--plain"];
        let output = finish(at_home(home.path(), &line).spawn().unwrap()).await;
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), printed));
    }
    assert!(!path.exists());
}

#[tokio::test]
async fn a_token_that_the_server_does_not_take_is_not_kept() {
    let (server, home) = (Server::start().await, tempfile::tempdir().unwrap());
    let child = told(at_home(home.path(), &["login", "--server", &server.url()]), "old\n");
    server.meet().await.close(4403, "it has expired").await;
    let output = finish(child).await;
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(!home.path().join("data").exists());
}

#[rstest]
#[case::nothing("", "no token was given")]
#[case::something_else("not a token\n", "that is no token")]
#[tokio::test]
async fn what_is_no_token_is_shown_to_nobody(#[case] input: &str, #[case] why: &str) {
    let home = tempfile::tempdir().unwrap();
    let output = finish(told(at_home(home.path(), &["login"]), input)).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains(why), "{output:?}");
}

#[tokio::test]
async fn a_profile_has_a_server_and_an_identity_of_its_own() {
    let (server, home) = (Server::start().await, tempfile::tempdir().unwrap());
    let url = server.url();
    config(
        home.path(),
        &format!(
            "server = \"http://127.0.0.1:1\"\ntoken = \"general\"\n[profiles.work]\nserver = \"{url}\"\ntoken_command = [\"echo\", \"of-work\"]"
        ),
    );
    let mut command = at_home(home.path(), &["read", "n1"]);
    let child = command.env("CAMPANILE_PROFILE", "work").spawn().unwrap();
    let peer = server.meet().await;
    assert_eq!(peer.init, json!({"authorization": "Bearer of-work"}));
    peer.close(4403, "").await;
    finish(child).await;

    let output = finish(at_home(home.path(), &["config", "show", "-p", "work"]).spawn().unwrap()).await;
    let shown: Value = serde_json::from_str(&text(&output.stdout)).unwrap();
    assert_eq!(shown["server"], json!({"value": url, "from": "profile"}));
    assert_eq!(shown["token"], json!({"value": "(printed by echo of-work)", "from": "profile"}));
    assert_eq!(shown["profile"]["from"], "command line");
}

#[tokio::test]
async fn a_view_is_a_part_of_the_history_that_can_be_narrowed() {
    let (server, home) = (Server::start().await, tempfile::tempdir().unwrap());
    config(
        home.path(),
        "[views.loud]\nmin_priority = \"high\"\nunread = true\n[ui]\ntimezone = \"Europe/Rome\"",
    );
    let line = [
        "history",
        "--view",
        "loud",
        "--campus",
        "north",
        "--since",
        "2026-11-01",
        "--server",
        &server.url(),
    ];
    let child = at_home(home.path(), &[&line[..], &["--token", "t"]].concat()).spawn().unwrap();
    let mut peer = server.accept().await;
    let asked = peer.asks("notifications").await;
    let filter = json!({"unread": true, "campusKeys": ["north"], "minPriority": "HIGH", "since": "2026-10-31T23:00:00Z"});
    assert_eq!(asked.variables["filter"], filter);
    let info = json!({"hasNextPage": false, "endCursor": null});
    peer.answer(&asked, json!({"notifications": {"nodes": [], "pageInfo": info, "feedCursor": "c1"}})).await;
    assert_eq!(finish(child).await.status.code(), Some(0));
}

#[rstest]
#[case::right("[views.a]\nunread = true\n[keys]\nquit = [\"q\"]", 0, "")]
#[case::a_field(
    "server = \"http://x\"\ntokn = \"secret\"",
    2,
    "line 2: unknown field `tokn`; did you mean `token`?"
)]
#[case::a_view(
    "[views.a]\nmin_priority = \"hot\"",
    2,
    "line 2: \"hot\" is none of low, medium, high, urgent"
)]
#[case::a_moment("[views.a]\nsince = \"soon\"", 2, "views.a: \"soon\" is no moment")]
#[case::a_zone("[ui]\n\ntimezone = \"Rome\"", 2, "line 3: \"Rome\" is no time zone")]
#[case::an_address("server = \"ftp://x\"", 2, "not ftp://")]
#[tokio::test]
async fn what_is_wrong_with_the_file_is_said(#[case] file: &str, #[case] code: i32, #[case] why: &str) {
    let home = tempfile::tempdir().unwrap();
    config(home.path(), file);
    let output = finish(at_home(home.path(), &["config", "check"]).spawn().unwrap()).await;
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(why) && !said.contains("secret"), "{said}");
}
