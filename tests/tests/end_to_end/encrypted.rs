//! The terminal client towards a server behind TLS: whom it believes, and what it says where it does not.

use std::{ffi::OsStr, path::Path};

use anyhow::{Context, Result};
use campanile_tests::{
    binaries::{self, CLIENT},
    caller::Caller,
    directory,
    program::{Ended, Program},
    publish,
    server::Server,
    terminal::Terminal,
    tls::{Authority, TlsProxy},
};
use rstest::rstest;
use rustix::process::Signal;
use serde_json::Value;
use tokio::process::Command;

const HOST: &str = "127.0.0.1";

/// A server behind a proxy whose certificate is from a private authority; the platform, and ada, an admin of campus north.
struct Scene {
    server: Server,
    platform: Caller,
    ada: Caller,
    authority: Authority,
    proxy: TlsProxy,
}

async fn scene() -> Result<Scene> {
    let server = Server::start().await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &[])]).await?;
    directory::appoint(&platform, "ada", "north").await?;
    let ada = server.member("ada").await?;
    let authority = Authority::new("Campus authority")?;
    let proxy = TlsProxy::start(server.address(), authority.issue(HOST)?).await?;
    Ok(Scene { server, platform, ada, authority, proxy })
}

impl Scene {
    fn url(&self) -> String {
        format!("https://{}", self.proxy.address())
    }

    fn token(&self) -> &str {
        self.ada.token.as_deref().unwrap_or_default()
    }

    /// Starts the client as ada, with that environment and nothing else in it.
    fn start(&self, arguments: &[&str], environment: &[(&str, &OsStr)]) -> Result<Program> {
        let mut command = Command::new(binaries::path(CLIENT)?);
        command.args(arguments).args(["--token", self.token()]);
        command.env_clear().env("HOME", self.server.home()).envs(environment.iter().copied());
        Program::start_command(CLIENT, command)
    }

    /// Runs the client as ada, with the proxy's authority, successfully. Returns the one JSON object that it prints.
    async fn run(&self, arguments: &[&str]) -> Result<Value> {
        let url = self.url();
        let trust = ["--server", &url, "--ca-file", text(self.authority.file())?];
        let ended = self.start(&[arguments, &trust].concat(), &[])?.end().await?;
        assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
        serde_json::from_str(&ended.stdout).with_context(|| format!("not one JSON object: {}", ended.stdout))
    }

    /// Asks that address for something, in vain.
    async fn fail(&self, url: &str, authority: &Path) -> Result<Ended> {
        let arguments = ["read", "--all", "--server", url, "--ca-file", text(authority)?];
        self.start(&arguments, &[])?.end().await
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("the path is not text")
}

#[rstest]
#[case::private_authority("CAMPANILE_CA_FILE")]
// Where the system's authorities are, rustls-native-certs lets this variable say.
#[case::system_authorities("SSL_CERT_FILE")]
#[tokio::test]
async fn tail_goes_on_where_it_was_though_the_server_restarts(#[case] variable: &str) -> Result<()> {
    let mut scene = scene().await?;
    let url = scene.url().replace("https://", "wss://");
    let mut tail =
        scene.start(&["tail", "--server", &url], &[(variable, scene.authority.file().as_os_str())])?;
    tail.stdout.line_with(r#""kind":"progress""#).await?;

    publish::to_campus(&scene.platform, "north", "before").await?;
    tail.stdout.line_with("before").await?;
    scene.server.kill_9().await?;
    scene.server.restart().await?;
    publish::to_campus(&scene.platform, "north", "after").await?;
    tail.stdout.line_with("after").await?;
    tail.signal(Signal::TERM)?;

    let ended = tail.end().await?;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.stderr);
    assert_eq!(ended.stdout.matches(r#""kind":"notification""#).count(), 2, "{}", ended.stdout);
    Ok(())
}

#[tokio::test]
async fn send_and_read_are_as_without_tls() -> Result<()> {
    let scene = scene().await?;
    let sent =
        scene.run(&["send", "--campus", "north", "--title", "Closed", "--message", "Until noon."]).await?;
    assert_eq!(sent["created"], true, "{sent}");
    let read = scene.run(&["read", "--all"]).await?;
    assert_eq!(read["unreadCount"]["count"], 0, "{read}");
    Ok(())
}

#[tokio::test]
async fn the_feed_on_the_screen_is_as_without_tls() -> Result<()> {
    let scene = scene().await?;
    let (url, authority) = (scene.url(), text(scene.authority.file())?);
    let arguments = ["--server", &url, "--ca-file", authority, "--token", scene.token()];
    let mut terminal = Terminal::start(&arguments, scene.server.home())?;
    terminal.shows_text("● live").await?;
    publish::to_campus(&scene.platform, "north", "chess").await?;
    terminal.shows_text("chess").await
}

#[rstest]
#[case::of_another_name("Somebody else")]
#[case::of_the_same_name("Campus authority")]
#[tokio::test]
async fn a_certificate_from_another_authority_is_refused(#[case] name: &str) -> Result<()> {
    let scene = scene().await?;
    let other = Authority::new(name)?;
    let ended = scene.fail(&scene.url(), other.file()).await?;
    assert_refused(&ended, "name its authority with --ca-file");
    Ok(())
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() -> Result<()> {
    let scene = scene().await?;
    let issued = scene.authority.issue("campus.example")?;
    let proxy = TlsProxy::start(scene.server.address(), issued).await?;
    let ended = scene.fail(&format!("https://{}", proxy.address()), scene.authority.file()).await?;
    assert_refused(&ended, HOST);
    assert_refused(&ended, "campus.example");
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_has_expired_is_refused() -> Result<()> {
    let scene = scene().await?;
    let proxy = TlsProxy::start(scene.server.address(), scene.authority.issue_expired(HOST)?).await?;
    let ended = scene.fail(&format!("https://{}", proxy.address()), scene.authority.file()).await?;
    assert_refused(&ended, "has expired");
    Ok(())
}

#[tokio::test]
async fn an_authority_s_own_certificate_is_refused() -> Result<()> {
    let scene = scene().await?;
    let proxy = TlsProxy::start(scene.server.address(), scene.authority.as_issued()).await?;
    let ended = scene.fail(&format!("https://{}", proxy.address()), scene.authority.file()).await?;
    assert_refused(&ended, "an authority's own");
    Ok(())
}

#[tokio::test]
async fn tls_where_there_is_none_and_none_where_there_is_are_told_apart() -> Result<()> {
    let scene = scene().await?;
    let authority = scene.authority.file();
    let tls_to_plain = scene.fail(&format!("https://{}", scene.server.address()), authority).await?;
    assert_refused(&tls_to_plain, "does not speak TLS there; try http://");
    let plain_to_tls = scene.fail(&format!("http://{}", scene.proxy.address()), authority).await?;
    assert_refused(&plain_to_tls, "try https://");
    Ok(())
}

/// At once, in one line, and for good.
fn assert_refused(ended: &Ended, why: &str) {
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains(why), "{}", ended.stderr);
}
