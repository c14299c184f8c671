//! Publishing to a campus of a million members and to one of ten, in turn: it should cost the same.

use std::ffi::OsStr;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::json;

use super::fill::{LARGE_CAMPUS, SMALL_CAMPUS};
use super::kept::Filled;
use super::measure::Sample;
use crate::content;
use crate::http::Connection;
use crate::server::{Executable, Server};
use crate::statistics::percentile_ms;
use crate::tokens::{SECRET, Tokens};

/// As it is chosen on the command line.
pub(super) const NAME: &str = "publish";
/// Publishes to each campus that are not measured.
const WARM_UP: usize = 20;

const BROADCAST: &str = "mutation Broadcast($input: CampusBroadcastInput!) {
    published: broadcastToCampus(input: $input) { created notification { id } }
}";

#[derive(Deserialize)]
struct Answer {
    published: Published,
}

#[derive(Deserialize)]
struct Published {
    created: bool,
}

/// One round, on a server of its own: the small campus, then the large one.
pub(super) async fn round(
    filled: &Filled,
    executable: &Executable,
    times: usize,
    at_most: Duration,
) -> Result<[Sample; 2]> {
    let database = filled.options();
    let options = ["--jwt-secret", SECRET].into_iter().chain(database.iter().map(String::as_str));
    let options: Vec<&OsStr> = options.map(OsStr::new).collect();
    let server = executable.start(&filled.folder, &options).await?;
    let measured = publishes(&server, times, at_most).await;
    server.stop().await?;
    let samples = measured?.map(|times| Sample {
        p50_ms: percentile_ms(&times, 50),
        p99_ms: percentile_ms(&times, 99),
        calls: times.len(),
        ..Sample::default()
    });
    Ok(samples)
}

async fn publishes(server: &Server, times: usize, at_most: Duration) -> Result<[Vec<Duration>; 2]> {
    let mut sender = Connection::open(server.address(), None, &Tokens::new()?.service()).await?;
    let (began, mut took) = (Instant::now(), [Vec::new(), Vec::new()]);
    for number in 0..WARM_UP + times {
        // The first of two alternates too.
        let order = if number % 2 == 0 { [0, 1] } else { [1, 0] };
        for campus in order {
            let from = Instant::now();
            publish(&mut sender, [SMALL_CAMPUS, LARGE_CAMPUS][campus]).await?;
            if number >= WARM_UP {
                took[campus].push(from.elapsed());
            }
        }
        // Two figures.
        if began.elapsed() > 2 * at_most {
            break;
        }
    }
    Ok(took)
}

async fn publish(sender: &mut Connection, campus: &str) -> Result<()> {
    let variables = json!({ "input": {
        "campusKey": campus,
        "content": {
            "type": content::TYPE,
            "title": content::TITLE,
            "message": content::MESSAGE,
            "data": { "eventId": content::EVENT, "actionUrl": content::ACTION_URL },
        },
    }});
    let answer: Answer = sender.execute(BROADCAST, &variables).await?;
    ensure!(answer.published.created, "nothing was published");
    Ok(())
}
