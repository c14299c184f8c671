//! A grown-up SQLite database moves to PostgreSQL whole: whoever comes back there finds everything as it was.

use std::path::Path;

use anyhow::{Context, Result};
use campanile_test_database::Database;
use campanile_tests::{
    binaries,
    caller::Caller,
    directory,
    feed::{Event, Feed},
    postgres::Postgres,
    program::{Ended, Program},
    publish,
    server::{Role, Server},
    wait::until,
};
use chrono::{TimeDelta, Utc};
use rstest::rstest;
use rustix::process::Signal;
use serde_json::{Value, json};

/// Everything that somebody finds.
const EVERYTHING: &str = r#"{
  notifications(first: 100) { nodes { id title message createdAt expiresAt priority type readAt status campus { key }
    sender { name } data { eventId actionUrl metadata } } feedCursor }
  archived: notifications(filter: { archived: true }) { nodes { title archivedAt } }
  unread: notifications(filter: { unread: true }) { nodes { title } }
  muted: notifications(filter: { muted: true }) { nodes { title } }
  words: notifications(filter: { search: "line breaks" }) { nodes { title } }
  phrase: notifications(filter: { search: "\"東京大学\"" }) { nodes { title } }
  many: notifications(filter: { search: "remarkable" }) { nodes { title } }
  viewer { unreadCount { count } unseenCount { count } user { key name } }
  campuses { key name timezone memberCount }
  notificationTypes { type label }
}"#;
/// Everything that is known of what was sent.
const BROADCASTS: &str = "{ broadcasts(first: 20) { edges { node {
  id state sendAt failure audience audienceSize readCount content { title } notification { id }
  recipients(first: 10) { edges { node { key } } }
} } } }";
/// To so many users that they are kept as a list.
const MANY: usize = 400;

/// A server on a file with a history of everything that there is.
async fn grown_up() -> Result<(Server, Caller)> {
    let server = Server::start_on_file(&[]).await?;
    let platform = server.service().await?;
    let people: Vec<String> = (0..MANY).map(|number| format!("person-{number}")).collect();
    let mut users: Vec<(&str, &[&str])> = vec![("ada", &["north", "south"]), ("ben", &["north"])];
    users.extend(people.iter().map(|key| (key.as_str(), &["north"] as &[&str])));
    directory::set_up(&platform, &["north", "south"], &users).await?;
    directory::appoint(&platform, "ada", "south").await?;

    let odd = json!({
        "type": "CAMPUS_UPDATE", "title": "Not null: \\N", "message": "line\nbreaks,\ttabs, \\ backslashes, \"quotes\", 🔔 and 東京大学",
        "priority": "URGENT", "expiresAt": in_days(3),
        "data": { "eventId": "e\\1", "actionUrl": "https://example.org/a?b=c", "metadata": { "a": [1, "\\\n", null] } },
    });
    let input = json!({ "campusKey": "north", "content": odd, "idempotencyKey": "odd\\key" });
    publish::publish(&platform, publish::BROADCAST_TO_CAMPUS, &input).await?;
    for title in ["read", "archived", "recalled", "unread"] {
        let id = publish::to_campus(&platform, "south", title).await?;
        let ada = server.member("ada").await?;
        let said = match title {
            "read" => "mutation ($id: ID!) { markRead(input: { ids: [$id] }) { viewer { id } } }",
            "archived" => "mutation ($id: ID!) { archive(input: { ids: [$id] }) { viewer { id } } }",
            "recalled" => "mutation ($id: ID!) { recall(input: { id: $id }) { notificationId } }",
            _ => continue,
        };
        let who = if title == "recalled" { &platform } else { &ada };
        who.ask(said, json!({ "id": id })).await?;
    }
    publish::to_all(&platform, "to all").await?;
    publish::to_user(&platform, "ada", "to ada").await?;
    let everybody: Vec<&str> = users.iter().map(|(key, _)| *key).collect();
    let content = publish::content("something remarkable");
    let input = json!({ "userKeys": everybody, "content": content });
    publish::publish(&platform, publish::NOTIFY_USERS, &input).await?;
    let later = json!({
        "campusKey": "north", "content": publish::content("tomorrow"), "sendAt": in_days(1),
    });
    let schedule =
        "mutation ($input: CampusBroadcastInput!) { broadcastToCampus(input: $input) { broadcast { id } } }";
    platform.ask(schedule, json!({ "input": later })).await?;
    let named = json!({
        "userKeys": ["ada", "ben"], "content": publish::content("to two"), "sendAt": in_days(1),
    });
    let schedule = "mutation ($input: NotifyUsersInput!) { notifyUsers(input: $input) { broadcast { id } } }";
    platform.ask(schedule, json!({ "input": named })).await?;
    let ada = server.member("ada").await?;
    let prefer = json!({
        "campusKey": "north", "types": [{ "type": "EVENT_UPDATED", "enabled": false }],
        "quietHours": { "enabled": true, "startTime": "22:00", "endTime": "07:00", "timezone": "Europe/Rome" },
    });
    let update = "mutation ($input: UpdatePreferencesInput!) { updatePreferences(input: $input) { preferences { id } } }";
    ada.ask(update, json!({ "input": prefer })).await?;
    Ok((server, platform))
}

/// Waits until the file's index of texts has everything.
async fn indexed(ada: &Caller, server: &Server) -> Result<()> {
    let database = server.database()?;
    until("every text is in the index", async || {
        let whole = "SELECT (SELECT indexed_through FROM text_index) = (SELECT seq FROM log_head)";
        (database.number(whole) == 1).then_some(())
    })
    .await?;
    ada.ask(EVERYTHING, Value::Null).await.map(drop)
}

#[expect(clippy::disallowed_methods, reason = "the servers go by this machine's clock, too")]
fn in_days(days: i64) -> String {
    (Utc::now() + TimeDelta::days(days)).to_rfc3339()
}

fn copying(from: &Path, to: &str, home: &Path) -> Result<Program> {
    let from = format!("sqlite://{}", from.display());
    Program::start(binaries::SERVER, &["copy", "--from", &from, "--to", to], home)
}

async fn copy(from: &Path, to: &str, home: &Path) -> Result<Ended> {
    copying(from, to, home)?.end().await
}

/// A server on that database, which takes the tokens that were signed for another.
async fn serve_on(url: &str, signed_by: &Server) -> Result<Server> {
    let secret = signed_by.data_folder().join("jwt-secret");
    let secret = secret.to_str().context("not text")?;
    Server::start_with(&["--database-url", url, "--jwt-secret-file", secret]).await
}

#[tokio::test]
async fn everything_is_there_afterwards_and_an_old_cursor_goes_on() -> Result<()> {
    let (mut old, platform) = grown_up().await?;
    let ada = old.member("ada").await?;
    let root = old.caller("root", Role::SuperAdmin).await?;
    let mut feed = Feed::live(&ada).await?;
    publish::to_campus(&platform, "south", "seen").await?;
    feed.titles_through("seen").await?;
    let cursor = feed.cursor().context("every event has a cursor")?.to_owned();
    publish::to_campus(&platform, "south", "missed").await?;
    indexed(&ada, &old).await?;
    let (before, broadcasts) =
        (ada.ask(EVERYTHING, Value::Null).await?, root.ask(BROADCASTS, Value::Null).await?);
    let file = old.database()?.path();

    let postgres = Postgres::start().await?;
    let served = copy(&file, &postgres.url(), old.home()).await?;
    assert!(served.stderr.contains("another campanile-server is using"), "{}", served.stderr);
    old.terminate().await?;
    let copied = copy(&file, &postgres.url(), old.home()).await?;
    assert!(copied.status.success(), "{}", copied.stderr);
    assert!(copied.stderr.contains("copying notification: "), "{}", copied.stderr);
    let again = copy(&file, &postgres.url(), old.home()).await?;
    assert!(again.stderr.contains("is not empty"), "{}", again.stderr);

    let new = serve_on(&postgres.url(), &old).await?;
    let at_new = |caller: &Caller| Caller { address: new.address(), ..caller.clone() };
    let (ada, root, platform) = (at_new(&ada), at_new(&root), at_new(&platform));
    assert_eq!(ada.ask(EVERYTHING, Value::Null).await?, before);
    assert_eq!(root.ask(BROADCASTS, Value::Null).await?, broadcasts);
    let mut resumed = Feed::open(&ada, Some(&cursor), &Value::Null).await?;
    let missed = resumed.catch_up().await?;
    assert_eq!(campanile_tests::feed::titles(&missed), ["missed"]);

    // What is new gets numbers behind those that are taken; what was said under a key is not said again.
    let id = publish::to_campus(&platform, "south", "new").await?;
    let told = resumed.until(|event| event.title().is_some()).await?;
    let Some(Event::NotificationAdded { notification, .. }) = told.last() else {
        anyhow::bail!("nothing came")
    };
    assert_eq!((&notification.id, notification.title.as_str()), (&id, "new"));
    directory::set_up(&platform, &["west"], &[("newcomer", &["west"])]).await?;
    let content = publish::content("something else");
    let input = json!({ "campusKey": "north", "content": content, "idempotencyKey": "odd\\key" });
    let refused = platform.refusal(publish::BROADCAST_TO_CAMPUS, json!({ "input": input })).await?;
    assert_eq!(refused.code, "CONFLICT");
    Ok(())
}

#[tokio::test]
async fn a_copy_that_is_cut_off_leaves_nothing_and_is_begun_again() -> Result<()> {
    let (mut old, _) = grown_up().await?;
    old.terminate().await?;
    let file = old.database()?.path();
    let postgres = Postgres::start().await?;
    // The tables, as a copy leaves them that was cut off as soon as it began.
    let made = ["migrate", "--database-url", &postgres.url()];
    assert!(Program::run(binaries::SERVER, &made, old.home()).await?.status.success());
    postgres.execute("postgres", "DELETE FROM notification_type").await?;
    // Whoever looks at one of the last holds it up in the middle.
    let reader = postgres.connect("postgres").await?;
    reader.batch_execute("BEGIN; LOCK TABLE text_index IN ACCESS SHARE MODE").await?;

    let mut cut_off = copying(&file, &postgres.url(), old.home())?;
    cut_off.stderr.line_with("copying text_index").await?;
    cut_off.signal(Signal::KILL)?;
    cut_off.exit().await?;
    assert_eq!(postgres.number("SELECT count(*) FROM app_user").await?, 0, "nothing is seen of it");
    reader.batch_execute("COMMIT").await?;

    let copied = copy(&file, &postgres.url(), old.home()).await?;
    assert!(copied.status.success(), "{}", copied.stderr);
    let new = serve_on(&postgres.url(), &old).await?;
    let ada = old.token("ada", Role::Member).await?;
    let page = Caller::new(new.address(), Some(ada)).ask(EVERYTHING, Value::Null).await?;
    assert_eq!(page["unread"]["nodes"].as_array().map(Vec::len), Some(5), "{page}");
    Ok(())
}

#[tokio::test]
async fn every_table_that_a_database_has_is_copied() -> Result<()> {
    let mut old = Server::start_on_file(&[]).await?;
    old.terminate().await?;
    let postgres = Postgres::start().await?;
    let copied = copy(&old.database()?.path(), &postgres.url(), old.home()).await?;
    assert!(copied.status.success(), "a migration added something that is not copied: {}", copied.stderr);
    // But those that do not outlast a crash.
    let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relpersistence = 'p' AND relname NOT LIKE '\\_\\_diesel%'";
    let said = copied.stdout.lines().filter(|line| line.contains(" rows  checksum ")).count();
    assert_eq!(postgres.number(tables).await?, i64::try_from(said)?, "{}", copied.stdout);
    // What refers to something, and what speeds things up, is as the migrations make it.
    postgres.execute("postgres", "CREATE DATABASE fresh").await?;
    let migrated =
        Program::run(binaries::SERVER, &["migrate", "--database-url", &postgres.url_of("fresh")], old.home())
            .await?;
    assert!(migrated.status.success(), "{}", migrated.stderr);
    let shape = "SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
        SELECT pg_get_indexdef(indexrelid) AS line FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
        UNION ALL SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace) lines";
    let shape_of = async |database: &str| -> Result<String> {
        Ok(postgres.connect(database).await?.query_one(shape, &[]).await?.try_get(0)?)
    };
    assert_eq!(shape_of("postgres").await?, shape_of("fresh").await?);
    Ok(())
}

#[rstest]
#[case::nothing_there("sqlite://nowhere.db", None, "cannot use the database nowhere.db")]
#[case::no_database_of_ours("sqlite://letter.db", None, "letter.db is not as this version keeps it")]
#[case::the_other_way_round(
    "postgres://postgres@127.0.0.1:1/postgres",
    None,
    "copies only --from sqlite://PATH"
)]
#[case::something_of_somebody_elses(
    "sqlite://campanile.db",
    Some("CREATE TABLE theirs (id int)"),
    "something in its table theirs"
)]
#[tokio::test]
async fn what_cannot_be_copied_is_refused_in_a_line(
    #[case] from: &str,
    #[case] there: Option<&str>,
    #[case] expected: &str,
) -> Result<()> {
    let mut old = Server::start_on_file(&[]).await?;
    old.terminate().await?;
    // And what SQLite keeps beside it.
    let database = old.database()?.path();
    for file in std::fs::read_dir(database.parent().context("a file is in a folder")?)? {
        let file = file?;
        std::fs::copy(file.path(), old.home().join(file.file_name()))?;
    }
    let letter = Database::file();
    letter.run("CREATE TABLE letter (text)");
    std::fs::copy(letter.path(), old.home().join("letter.db"))?;
    let postgres = Postgres::start().await?;
    if let Some(there) = there {
        postgres.execute("postgres", there).await?;
    }
    let arguments = ["copy", "--from", from, "--to", &postgres.url()];
    let Ended { status, stderr, .. } = Program::run(binaries::SERVER, &arguments, old.home()).await?;
    assert_eq!(status.code(), Some(1));
    assert!(stderr.contains(expected), "{stderr}");
    assert_eq!(
        stderr.trim_end().lines().filter(|line| line.starts_with("campanile-server: ")).count(),
        1,
        "{stderr}"
    );
    Ok(())
}
