//! Starting: with nothing configured it works, and where it cannot, it says why in one line.

use std::{
    fs, io,
    net::{SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use campanile_tests::{
    binaries::SERVER,
    program::Program,
    server::{self, Server},
};
use rstest::rstest;
use serde_json::Value;

const ANY_PORT: &str = "127.0.0.1:0";

#[tokio::test]
async fn with_nothing_configured_it_makes_what_it_needs_and_says_where() -> Result<()> {
    let home = tempfile::tempdir()?;
    let mut program = Program::start(SERVER, &["--listen", ANY_PORT], home.path())?;

    let address = server::address_on_screen(&mut program).await?;

    let screen = program.stdout.text();
    let files = files_under(home.path())?;
    let database = files.iter().find(|path| is_sqlite(path)).context("there is a SQLite file")?;
    assert!(screen.contains(&*database.to_string_lossy()), "{screen}");
    assert!(screen.contains(&format!("http://{address}/graphiql")), "{screen}");
    assert!(screen.contains("campanile-server token"), "{screen}");
    assert!(screen.lines().count() <= 24, "{screen}");
    let secret = files.iter().find(|path| path.to_string_lossy().contains("secret"));
    let mode = fs::metadata(secret.context("there is a secret")?)?.permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else reads the secret");
    Ok(())
}

#[tokio::test]
async fn a_token_stays_good_when_the_server_starts_again() -> Result<()> {
    let mut server = Server::start().await?;
    let ada = server.member("ada").await?;
    server.terminate().await?;
    server.restart().await?;
    ada.ask("{ viewer { id } }", Value::Null).await?;
    Ok(())
}

#[tokio::test]
async fn a_port_in_use_is_refused_in_one_line() -> Result<()> {
    let taken = TcpListener::bind(ANY_PORT)?;
    let address = taken.local_addr()?;
    refuses_to_start(address, &[], &address.to_string()).await
}

#[tokio::test]
async fn a_short_secret_is_refused_in_one_line() -> Result<()> {
    refuses_to_start(ANY_PORT.parse()?, &["--jwt-secret", "short"], "secret").await
}

#[rstest]
#[case::a_database_url("--database-url", "mysql://localhost/campanile")]
#[case::a_listen_address("--listen", "nowhere")]
#[tokio::test]
async fn an_option_that_makes_no_sense_is_refused(#[case] option: &str, #[case] value: &str) -> Result<()> {
    let home = tempfile::tempdir()?;
    let ended = Program::run(SERVER, &["serve", option, value], home.path()).await?;
    assert!(!ended.status.success());
    assert!(ended.stderr.contains(value), "{}", ended.stderr);
    Ok(())
}

#[tokio::test]
async fn a_second_server_on_the_same_file_is_refused_in_one_line() -> Result<()> {
    let server = Server::start().await?;
    let ended = server::serve(server.home(), ANY_PORT.parse()?, &[])?.end().await?;
    assert!(!ended.status.success());
    is_one_line_with(&ended.stderr, &server.database()?.to_string_lossy());
    server.member("ada").await?.ask("{ viewer { id } }", Value::Null).await?;
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_in_one_line() -> Result<()> {
    let mut server = Server::start().await?;
    let database = server.database()?;
    server.terminate().await?;
    let garbage = "This was a database once. ".repeat(1000);
    fs::write(&database, &garbage)?;
    // From its write-ahead log SQLite would restore it.
    remove_if_there(&database.with_extension("db-wal"))?;

    let ended = server::serve(server.home(), ANY_PORT.parse()?, &[])?.end().await?;

    assert!(!ended.status.success());
    is_one_line_with(&ended.stderr, &database.to_string_lossy());
    assert_eq!(fs::read_to_string(&database)?, garbage, "it is left as it was");
    Ok(())
}

async fn refuses_to_start(listen: SocketAddr, options: &[&str], word: &str) -> Result<()> {
    let home = tempfile::tempdir()?;
    let options: Vec<_> = options.iter().map(|&option| option.to_owned()).collect();
    let ended = server::serve(home.path(), listen, &options)?.end().await?;
    assert!(!ended.status.success());
    assert!(!ended.stdout.contains("/graphql"), "it must not pretend to serve: {}", ended.stdout);
    is_one_line_with(&ended.stderr, word);
    Ok(())
}

fn is_one_line_with(text: &str, word: &str) {
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains(word), "{text} does not name {word}");
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

fn is_sqlite(path: &Path) -> bool {
    fs::read(path).is_ok_and(|content| content.starts_with(b"SQLite format 3\0"))
}

/// All files under a folder, however deep.
fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_under(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
