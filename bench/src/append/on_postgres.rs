//! The log on PostgreSQL, and beside it what pgbench makes of the same rows: one connection, groups as large as the log's were.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use super::Measured;
use super::log::Opened;
use super::report::Sample;
use super::written::Written;
use crate::content::{ACTION_URL, EVENT, MESSAGE, TITLE};
use crate::load::{Load, drive};
use crate::postgres::Programs;

const DATABASE: &str = "postgres";
/// As `Written` counts a file.
const COUNTS: &str = "SELECT (SELECT count(*) FROM notification), (SELECT count(*) FROM feed_entry),
    (SELECT count(*) FROM log_entry WHERE kind = 1), (SELECT count(*) FROM log_entry), (SELECT coalesce(max(seq), 0) FROM log_entry),
    (SELECT count(DISTINCT group_id) FROM log_entry WHERE kind = 1)";

/// So many publishers at once.
pub(super) async fn measure(
    programs: &Programs,
    folder: &Path,
    publishers: u32,
    keyed: bool,
    load: Load,
) -> Result<Measured> {
    let postgres = programs.start(folder).await?;
    let opened = Opened::open(&postgres.url(DATABASE).parse()?).await?;
    let publishers = (0..publishers).map(|_| opened.publisher(keyed)).collect();
    let outcome = drive(publishers, load, std::process::id()).await?;
    opened.close().await?;
    let counts = postgres.ask(DATABASE, COUNTS).await?;
    let counts: Vec<u32> =
        counts.split('|').map(str::parse).collect::<Result<_, _>>().context(counts.clone())?;
    let [publishes, in_feeds, in_log, entries, last, commits] = counts[..] else {
        anyhow::bail!("other counts than were asked for: {counts:?}");
    };
    ensure!(
        [publishes, in_feeds, in_log] == [outcome.done; 3] && entries == last,
        "{} publishes were acknowledged, but the database has {counts:?}",
        outcome.done
    );
    postgres.stop().await?;
    Ok(Measured { written: Written { publishes, commits }, outcome, publishes: 1 })
}

/// What pgbench makes of groups of this size, with nobody who waits for an answer and nothing to decide.
pub(super) async fn pgbench(
    programs: &Programs,
    folder: &Path,
    group: u32,
    keyed: bool,
    load: Load,
) -> Result<Sample> {
    let postgres = programs.start(folder).await?;
    let opened = Opened::open(&postgres.url(DATABASE).parse()?).await?;
    let scene = opened.scene.clone();
    opened.close().await?;
    let script = script(group, keyed, scene.campus.0, scene.sender.id.0, scene.type_id.0);
    let per_second = postgres.pgbench(DATABASE, &script, load.at_most).await?;
    postgres.stop().await?;
    let group = f64::from(group);
    Ok(Sample { per_second: Some(per_second * group), per_commit: Some(group), ..Sample::default() })
}

/// One group, as the writer writes it.
fn script(group: u32, keyed: bool, campus: i64, sender: i64, type_id: i32) -> String {
    let rows = format!("FROM generate_series(1, {group}) n;\n");
    let key = format!("'{EVENT}/revision/' || (:seq)::bigint + n");
    let mut script = String::from(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;\n\
         SELECT seq, user_count FROM log_head FOR UPDATE \\gset\n",
    );
    if keyed {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(
            script,
            "SELECT count(*) FROM idempotency WHERE sender_id = {sender} AND key IN (SELECT {key} FROM generate_series(1, {group}) n);"
        );
    }
    let _ = write!(
        script,
        "SELECT member_count FROM campus WHERE id = {campus} \\gset\n\
         INSERT INTO log_entry (seq, group_id, kind, created_at) SELECT (:seq)::bigint + n, (:seq)::bigint, 1, now() {rows}\
         INSERT INTO notification (seq, created_at, audience_kind, campus_id, audience_size, type_id, priority, title, message, \
         event_id, action_url, sender_id) SELECT (:seq)::bigint + n, now(), 1, {campus}, (:member_count)::bigint, {type_id}, 1, \
         {}, {}, {}, {}, {sender} {rows}\
         INSERT INTO feed_entry (audience, seq, type_id, priority, recalled) \
         SELECT {}, (:seq)::bigint + n, {type_id}, 1, false {rows}",
        text(TITLE),
        text(MESSAGE),
        text(EVENT),
        text(ACTION_URL),
        4 * campus + 1
    );
    if keyed {
        let _ = write!(
            script,
            "INSERT INTO idempotency (sender_id, key, fingerprint, seq, created_at) \
             SELECT {sender}, {key}, decode(repeat('ab', 32), 'hex'), (:seq)::bigint + n, now() {rows}"
        );
    }
    let _ = write!(
        script,
        "UPDATE log_head SET seq = (:seq)::bigint + {group}, created_at = now(), user_count = (:user_count)::bigint;\nCOMMIT;\n"
    );
    script
}

/// As SQL has it; a colon would be taken for one of pgbench's variables.
fn text(text: &str) -> String {
    format!("E'{}'", text.replace('\'', "''").replace(':', "\\072"))
}
