//! The server's own TLS: everything goes over it as without, its files may change while it runs, and what cannot be used
//! is refused.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use campanile_tests::{
    binaries::{CLIENT, SERVER},
    caller::Caller,
    directory,
    program::Program,
    publish,
    server::{Role, Server},
    socket::{Frame, Socket},
    tls::{Authority, Issued},
    tunnel::{self, Tunnel},
    wait::{until, within},
};
use http_body_util::{BodyExt, Empty};
use hyper::{Request, body::Bytes, client::conn::http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncReadExt;

const HOST_NAME: &str = "127.0.0.1";

/// A server with a certificate, and a way to it for clients that speak no TLS.
struct Scene {
    server: Server,
    authority: Authority,
    tunnel: Tunnel,
    files: Files,
}

/// Where a server's certificate and key are.
struct Files {
    _folder: TempDir,
    cert: PathBuf,
    key: PathBuf,
}

impl Files {
    fn new(issued: &Issued) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        let files = Self { _folder: folder, cert, key };
        files.become_those_of(issued)?;
        Ok(files)
    }

    /// Replaced, not written over: what reads them meanwhile reads the old or the new.
    fn become_those_of(&self, issued: &Issued) -> Result<()> {
        replace(&self.key, issued.key_pem())?;
        replace(&self.cert, issued.certificate_pem())
    }

    fn options(&self) -> Result<[&str; 4]> {
        Ok(["--tls-cert", text(&self.cert)?, "--tls-key", text(&self.key)?])
    }
}

fn replace(path: &Path, text: &str) -> Result<()> {
    let new = path.with_extension("new");
    fs::write(&new, text)?;
    fs::set_permissions(&new, fs::Permissions::from_mode(0o600))?;
    fs::rename(new, path)?;
    Ok(())
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("the path is not text")
}

async fn scene() -> Result<Scene> {
    let authority = Authority::new("Campus authority")?;
    let files = Files::new(&authority.issue(HOST_NAME)?)?;
    let server = Server::start_with(&files.options()?).await?;
    let tunnel = Tunnel::start(server.address(), &authority).await?;
    Ok(Scene { server, authority, tunnel, files })
}

impl Scene {
    async fn caller(&self, subject: &str, role: Role) -> Result<Caller> {
        Ok(Caller::new(self.tunnel.address(), Some(self.server.token(subject, role).await?)))
    }

    /// A campus with ada on it, and the platform, which tells them things.
    async fn platform(&self) -> Result<Caller> {
        let platform = self.caller("platform", Role::Service).await?;
        directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
        Ok(platform)
    }

    /// A socket of ada's that listens.
    async fn listening(&self) -> Result<Socket> {
        let ada = self.caller("ada", Role::Member).await?;
        let mut socket = Socket::open(self.tunnel.address(), ada.token.as_deref()).await?;
        let feed = "subscription { feed { ... on NotificationAdded { notification { title } } ... on FeedProgress { live } } }";
        socket.subscribe("feed", feed, &Value::Null).await?;
        hears(&mut socket, "\"live\":true").await?;
        Ok(socket)
    }

    /// Waits until new connections are shown this certificate.
    async fn shows(&self, issued: &Issued) -> Result<()> {
        let shown = async || {
            let shown = tunnel::certificate(self.server.address(), &self.authority).await.ok()?;
            (shown == *issued.certificate()).then_some(())
        };
        until("the new certificate is shown", shown).await
    }
}

async fn hears(socket: &mut Socket, what: &str) -> Result<()> {
    loop {
        match socket.next().await? {
            Frame::Message(message) if message.to_string().contains(what) => return Ok(()),
            Frame::Message(_) => {}
            end => anyhow::bail!("{end:?} instead of {what}"),
        }
    }
}

#[tokio::test]
async fn queries_and_subscriptions_are_as_without() -> Result<()> {
    let scene = scene().await?;
    let platform = scene.platform().await?;
    let mut socket = scene.listening().await?;

    publish::to_campus(&platform, "north", "over TLS").await?;

    hears(&mut socket, "over TLS").await?;
    let ada = scene.caller("ada", Role::Member).await?;
    let page = ada.ask("{ notifications { nodes { title } } }", Value::Null).await?;
    assert_eq!(page["notifications"]["nodes"][0]["title"], "over TLS");
    Ok(())
}

#[tokio::test]
async fn the_terminal_client_takes_the_address_that_is_printed() -> Result<()> {
    let scene = scene().await?;
    scene.platform().await?;
    let url = format!("https://{}", scene.server.address());
    let token = scene.server.token("ada", Role::Member).await?;
    let ca_file = text(scene.authority.file())?;
    let arguments = ["read", "--all", "--server", &url, "--token", &token, "--ca-file", ca_file];

    let ended = Program::run(CLIENT, &arguments, scene.server.home()).await?;

    assert!(ended.status.success(), "{}", ended.stderr);
    Ok(())
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_asked_for() -> Result<()> {
    let scene = scene().await?;
    let stream = tunnel::connect(scene.server.address(), &scene.authority, &["h2", "http/1.1"]).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));

    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = Request::get(format!("https://{}/healthz", scene.server.address()));
    let response = within("an answer", sender.send_request(request.body(Empty::<Bytes>::new())?)).await??;

    assert_eq!(response.status(), 200);
    assert_eq!(response.into_body().collect().await?.to_bytes(), "ok\n");
    drop(sender);
    within("the connection ends", connection).await???;
    Ok(())
}

#[tokio::test]
async fn who_speaks_no_tls_or_nothing_is_cut_off() -> Result<()> {
    let authority = Authority::new("Campus authority")?;
    let files = Files::new(&authority.issue(HOST_NAME)?)?;
    let patience = ["--tls-timeout", "100ms", "--head-timeout", "100ms"];
    let server = Server::start_with(&[&files.options()?[..], &patience].concat()).await?;

    let plain = Caller::new(server.address(), None).get("/healthz").await;
    assert!(plain.is_err(), "{plain:?}");
    let mut silent = tokio::net::TcpStream::connect(server.address()).await?;
    assert_eq!(within("it is cut off", silent.read(&mut [0])).await??, 0);
    for protocol in ["h2", "http/1.1"] {
        let mut silent = tunnel::connect(server.address(), &authority, &[protocol]).await?;
        within("it is cut off", silent.read_to_end(&mut vec![])).await?.ok();
    }
    Ok(())
}

#[tokio::test]
async fn new_files_are_taken_and_nobody_is_cut_off() -> Result<()> {
    let scene = scene().await?;
    let platform = scene.platform().await?;
    let mut before = scene.listening().await?;

    let renewed = scene.authority.issue(HOST_NAME)?;
    scene.files.become_those_of(&renewed)?;

    scene.shows(&renewed).await?;
    let mut after = scene.listening().await?;
    publish::to_campus(&platform, "north", "renewed").await?;
    hears(&mut before, "renewed").await?;
    hears(&mut after, "renewed").await
}

#[tokio::test]
async fn new_files_that_are_bad_leave_the_old_ones() -> Result<()> {
    let authority = Authority::new("Campus authority")?;
    let issued = authority.issue(HOST_NAME)?;
    let files = Files::new(&issued)?;
    let home = tempfile::tempdir()?;
    let arguments = [&["--listen", "127.0.0.1:0"][..], &files.options()?].concat();
    let mut program = Program::start(SERVER, &arguments, home.path())?;
    let address = campanile_tests::server::address_on_screen(&mut program).await?;

    // A pair that is half renewed.
    replace(&files.cert, authority.issue(HOST_NAME)?.certificate_pem())?;

    program.stderr.line_with("going on with the old TLS certificate").await?;
    assert_eq!(tunnel::certificate(address, &authority).await?, *issued.certificate());
    Ok(())
}

#[tokio::test]
async fn a_key_that_everyone_may_read_is_warned_of() -> Result<()> {
    let authority = Authority::new("Campus authority")?;
    let files = Files::new(&authority.issue(HOST_NAME)?)?;
    fs::set_permissions(&files.key, fs::Permissions::from_mode(0o644))?;
    let home = tempfile::tempdir()?;
    let arguments = [&["--listen", "127.0.0.1:0"][..], &files.options()?].concat();

    let mut program = Program::start(SERVER, &arguments, home.path())?;

    let warning = program.stderr.line_with("every user of this machine may read the TLS key").await?;
    assert!(warning.contains(text(&files.key)?), "{warning}");
    Ok(())
}

#[rstest]
#[case::missing_certificate(|files: &Files| Ok(fs::remove_file(&files.cert)?), "cert.pem: No such file")]
#[case::missing_key(|files: &Files| Ok(fs::remove_file(&files.key)?), "key.pem: No such file")]
#[case::empty_certificate(|files: &Files| replace(&files.cert, ""), "cert.pem has no certificate")]
#[case::swapped(|files: &Files| Ok(fs::copy(&files.key, &files.cert).map(drop)?), "cert.pem has no certificate")]
#[case::no_key(|files: &Files| Ok(fs::copy(&files.cert, &files.key).map(drop)?), "key.pem has no private key")]
#[case::garbage(
    |files: &Files| replace(&files.cert, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
    "cert.pem"
)]
#[case::cut_short(|files: &Files| replace(&files.key, "-----BEGIN PRIVATE KEY-----\nAAAA\n"), "key.pem")]
#[case::of_two_pairs(
    |files: &Files| replace(&files.key, Authority::new("other")?.issue(HOST_NAME)?.key_pem()),
    "is not that of the certificate"
)]
#[tokio::test]
async fn files_that_cannot_be_used_are_refused_in_one_line(
    #[case] spoil: fn(&Files) -> Result<()>,
    #[case] why: &str,
) -> Result<()> {
    let files = Files::new(&Authority::new("Campus authority")?.issue(HOST_NAME)?)?;
    spoil(&files)?;
    let home = tempfile::tempdir()?;

    let arguments = [&["--listen", "127.0.0.1:0"][..], &files.options()?].concat();
    let ended = Program::run(SERVER, &arguments, home.path()).await?;

    assert!(!ended.status.success());
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains(why), "{}", ended.stderr);
    Ok(())
}

#[rstest]
#[case("--tls-cert", "--tls-key")]
#[case("--tls-key", "--tls-cert")]
#[tokio::test]
async fn one_file_without_the_other_is_refused(#[case] given: &str, #[case] missing: &str) -> Result<()> {
    let home = tempfile::tempdir()?;

    let ended = Program::run(SERVER, &[given, "file.pem"], home.path()).await?;

    assert!(!ended.status.success());
    assert!(ended.stderr.contains(missing), "{}", ended.stderr);
    Ok(())
}
