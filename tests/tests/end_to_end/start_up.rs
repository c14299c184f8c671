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
    directory,
    program::Program,
    publish,
    server::{self, Server},
};
use rstest::rstest;
use serde_json::{Value, json};

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
    assert!(ended.stderr.contains(option), "{}", ended.stderr);
    Ok(())
}

#[tokio::test]
async fn a_second_server_on_the_same_file_is_refused_in_one_line() -> Result<()> {
    let server = Server::start_on_file(&[]).await?;
    let ended = server::serve(server.home(), ANY_PORT.parse()?, server.options())?.end().await?;
    assert!(!ended.status.success());
    is_one_line_with(&ended.stderr, &server.database()?.path().to_string_lossy());
    server.member("ada").await?.ask("{ viewer { id } }", Value::Null).await?;
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_in_one_line() -> Result<()> {
    let mut server = Server::start_on_file(&[]).await?;
    let database = server.database()?.path();
    server.terminate().await?;
    let garbage = "This was a database once. ".repeat(1000);
    fs::write(&database, &garbage)?;
    // From its write-ahead log SQLite would restore it.
    remove_if_there(&database.with_extension("db-wal"))?;

    let ended = server::serve(server.home(), ANY_PORT.parse()?, server.options())?.end().await?;

    assert!(!ended.status.success());
    is_one_line_with(&ended.stderr, &database.to_string_lossy());
    assert_eq!(fs::read_to_string(&database)?, garbage, "it is left as it was");
    Ok(())
}

#[rstest]
#[case::one_that_is_not_there(None, "types.toml")]
#[case::one_with_an_error(
    Some("[[type]]\nname = \"LOAN_DUE\"\nlabel = \"Loan due\"\ncategory = \"LIBRARY\"\n"),
    "types.toml, line 4: category"
)]
#[tokio::test]
async fn a_file_of_types_that_cannot_be_used_is_refused_in_one_line(
    #[case] content: Option<&str>,
    #[case] word: &str,
) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("types.toml");
    if let Some(content) = content {
        fs::write(&file, content)?;
    }
    refuses_to_start(ANY_PORT.parse()?, &["--types", &file.to_string_lossy()], word).await
}

#[rstest]
#[case::too_short("500ms", "400days", "--archive-after")]
#[case::deleted_before_it_is_archived("30days", "29days", "--keep-for")]
#[tokio::test]
async fn ages_that_make_no_sense_are_refused_in_one_line(
    #[case] archive_after: &str,
    #[case] keep_for: &str,
    #[case] word: &str,
) -> Result<()> {
    let options = ["--archive-after", archive_after, "--keep-for", keep_for];
    refuses_to_start(ANY_PORT.parse()?, &options, word).await
}

#[tokio::test]
async fn a_type_of_a_file_is_used_until_the_file_names_it_no_more() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("types.toml");
    let loan_due = "[[type]]\nname = \"LOAN_DUE\"\ncategory = \"ACCOUNT\"\nlabel = \"Loan due\"\n";
    fs::write(&file, loan_due)?;
    let mut server = Server::start_with(&["--types", &file.to_string_lossy()]).await?;
    let platform = server.service().await?;
    directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
    let ada = server.member("ada").await?;
    let listed = "{ notificationTypes { type category label } }";
    let of_file = json!({ "type": "LOAN_DUE", "category": "ACCOUNT", "label": "Loan due" });
    let types = ada.ask(listed, Value::Null).await?["notificationTypes"].clone();
    assert!(types.as_array().is_some_and(|types| types.contains(&of_file)), "{types}");
    let content = json!({ "type": "LOAN_DUE", "title": "Bring it back", "message": "Please." });
    let input = json!({ "campusKey": "north", "content": content });
    publish::publish(&platform, publish::BROADCAST_TO_CAMPUS, &input).await?;

    fs::write(&file, "")?;
    server.terminate().await?;
    server.restart().await?;

    let types = ada.ask(listed, Value::Null).await?["notificationTypes"].clone();
    assert!(types.as_array().is_some_and(|types| !types.is_empty() && !types.contains(&of_file)), "{types}");
    let refusal = platform.refusal(publish::BROADCAST_TO_CAMPUS, json!({ "input": input })).await?;
    assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), ("BAD_USER_INPUT", Some("content.type")));
    for filter in [json!({ "types": ["LOAN_DUE"] }), json!({ "categories": ["ACCOUNT"] })] {
        let page =
            "query ($filter: NotificationFilter) { notifications(filter: $filter) { nodes { type title } } }";
        let found = ada.ask(page, json!({ "filter": filter })).await?;
        let expected = json!([{ "type": "LOAN_DUE", "title": "Bring it back" }]);
        assert_eq!(found["notifications"]["nodes"], expected);
    }
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
