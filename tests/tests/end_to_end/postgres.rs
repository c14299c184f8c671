//! A PostgreSQL from outside: how it is reached, and that one line says why it is not.

use std::net::TcpListener;

use anyhow::{Context, Result};
use campanile_test_database::Database;
use campanile_tests::{
    directory,
    feed::Feed,
    postgres::Postgres,
    publish,
    server::{self, Server},
    tls::Authority,
};
use rstest::rstest;
use tokio::try_join;

const HBA: &str = "
    hostssl all ada 127.0.0.1/32 scram-sha-256
    host all ada 127.0.0.1/32 reject
    host all postgres 127.0.0.1/32 trust
";

/// What a server that cannot be reached is said to be.
async fn refusal(url: &str) -> Result<String> {
    let home = tempfile::tempdir()?;
    let options = ["--database-url", url, "--database-timeout", "2s"].map(str::to_owned);
    let ended = server::serve(home.path(), ([127, 0, 0, 1], 0).into(), &options)?.end().await?;
    assert!(!ended.status.success(), "{url}: {}", ended.stdout);
    assert!(!ended.stdout.contains("/graphql"), "it must not pretend to serve: {}", ended.stdout);
    assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    assert!(!ended.stderr.contains("secret"), "{}", ended.stderr);
    Ok(ended.stderr)
}

#[tokio::test]
async fn where_nobody_listens_it_says_so() -> Result<()> {
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let line = refusal(&format!("postgres://ada:secret@{free}/campanile")).await?;
    assert!(line.contains(&format!("postgres://ada:***@{free}/campanile: ")), "{line}");
    assert!(line.contains("refused"), "{line}");
    Ok(())
}

#[tokio::test]
async fn where_nobody_answers_it_says_so() -> Result<()> {
    // The system takes connections for it, and nobody ever reads what they say.
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let line = refusal(&format!("postgres://ada:secret@{}/campanile", silent.local_addr()?)).await?;
    assert!(line.contains("does not answer in time"), "{line}");
    Ok(())
}

#[rstest]
#[case::no_such_database("", "does not exist")]
#[case::not_in_unicode(
    "CREATE DATABASE other ENCODING 'SQL_ASCII' TEMPLATE template0",
    "its encoding is SQL_ASCII, and UTF8 is needed"
)]
#[tokio::test]
async fn a_database_that_will_not_do_is_refused(#[case] before: &str, #[case] why: &str) -> Result<()> {
    let postgres = Postgres::start().await?;
    postgres.execute("postgres", before).await?;
    let line = refusal(&postgres.url_of("other")).await?;
    assert!(line.contains(&postgres.url_of("other")) && line.contains(why), "{line}");
    Ok(())
}

#[rstest]
#[case::a_mode("postgres://ada:secret@127.0.0.1/campanile?sslmode=verify-ca", "sslmode")]
#[case::a_parameter("postgres://ada:secret@127.0.0.1/campanile?nonsense=1", "nonsense")]
#[case::a_port("postgres://ada:secret@db:notaport/campanile", "port")]
#[case::a_password_that_would_be_shown("postgres://127.0.0.1/campanile?password=secret", "password")]
#[case::another_kind("mysql://ada:secret@127.0.0.1/campanile", "postgres://")]
#[tokio::test]
async fn an_address_that_makes_no_sense_is_refused_and_not_repeated(
    #[case] url: &str,
    #[case] why: &str,
) -> Result<()> {
    let home = tempfile::tempdir()?;
    let options = ["--database-url", url].map(str::to_owned);
    let ended = server::serve(home.path(), ([127, 0, 0, 1], 0).into(), &options)?.end().await?;
    assert!(!ended.status.success());
    assert!(ended.stderr.contains(why) && !ended.stderr.contains("secret"), "{}", ended.stderr);
    Ok(())
}

#[tokio::test]
async fn it_is_reached_by_tls_as_far_as_it_is_told_to() -> Result<()> {
    let (authority, stranger) = (Authority::new("Campus authority")?, Authority::new("Stranger")?);
    let issued = authority.issue("127.0.0.1")?;
    let files = [
        ("postgresql.conf", "ssl = on\n"),
        ("server.crt", issued.certificate_pem()),
        ("server.key", issued.key_pem()),
        ("hba.conf", HBA),
        ("postgresql.conf", "hba_file = 'data/hba.conf'\n"),
    ];
    let postgres = Postgres::start_with(&files).await?;
    postgres.execute("postgres", "CREATE ROLE ada LOGIN PASSWORD 'secret'").await?;
    postgres.execute("postgres", "CREATE DATABASE campanile OWNER ada").await?;
    let port = postgres.address().port();
    let address = |password: &str, host: &str, query: &str| {
        format!("postgres://ada:{password}@{host}:{port}/campanile?{query}")
    };
    let roots = |authority: &Authority| -> Result<String> {
        Ok(format!("sslrootcert={}", authority.file().to_str().context("not text")?))
    };
    let (ours, theirs) = (roots(&authority)?, roots(&stranger)?);

    for query in ["", "sslmode=prefer", "sslmode=require", &format!("sslmode=verify-full&{ours}")] {
        let server = Server::start_with(&["--database-url", &address("secret", "127.0.0.1", query)]).await?;
        let platform = server.service().await?;
        directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
        let mut feed = Feed::live(&server.member("ada").await?).await?;
        let title = format!("by {query}");
        publish::to_campus(&platform, "north", &title).await?;
        assert_eq!(feed.titles_through(&title).await?, [title]);
        let of_ours =
            "FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE application_name LIKE 'campanile%'";
        let plain = postgres.number(&format!("SELECT count(*) {of_ours} AND NOT ssl")).await?;
        let secured = postgres.number(&format!("SELECT count(*) {of_ours} AND ssl")).await?;
        assert!(plain == 0 && secured > 1, "{query}: {plain} connections without TLS, {secured} with it");
    }
    let strangers = format!("sslmode=verify-full&{theirs}");
    let ours = format!("sslmode=verify-full&{ours}");
    for (password, host, query, why) in [
        ("secret", "127.0.0.1", "sslmode=disable", "pg_hba.conf"),
        ("secret", "127.0.0.1", &strangers, "certificate"),
        // Its certificate is for another name.
        ("secret", "localhost", &ours, "certificate"),
        (
            "secret",
            "127.0.0.1",
            "sslmode=verify-full&sslrootcert=nowhere.pem",
            "cannot read sslrootcert nowhere.pem",
        ),
        ("secret2", "127.0.0.1", &ours, "password authentication failed"),
    ] {
        let line = refusal(&address(password, host, query)).await?;
        assert!(line.contains(why), "{query}: {line}");
    }
    Ok(())
}

#[tokio::test]
async fn servers_that_start_at_once_make_the_tables_once() -> Result<()> {
    let database = Database::postgres();
    let url = database.url();
    let options = ["--database-url", &url];
    let start = || Server::start_with(&options);
    let (first, second, third) = try_join!(start(), start(), start())?;
    for server in [&first, &second, &third] {
        let platform = server.service().await?;
        directory::set_up(&platform, &["north"], &[("ada", &["north"])]).await?;
        publish::to_campus(&platform, "north", "hello").await?;
    }
    assert_eq!(database.number("SELECT count(*) FROM notification"), 3);
    assert_eq!(database.number("SELECT count(*) FROM log_head"), 1);
    Ok(())
}
