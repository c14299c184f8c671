//! The server was restarted, and everyone comes back at once with a cursor of long ago, while others are told what is new.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::time::interval;

use crate::audience::Audience;
use crate::content;
use crate::delivery::bench::Bench;
use crate::delivery::measure::{measure, steadily};
use crate::delivery::report::{Bar, Row};
use crate::delivery::subject::Subject;
use crate::generator::{Crowd, Opening, Plan, Resume};
use crate::statistics::float;

/// What is published live in all.
const LIVE: usize = 100_000;
/// How many sockets may be about to subscribe at the same time.
const AT_ONCE: usize = 1_000;

pub(super) async fn play(bench: &Bench) -> Result<Vec<Row>> {
    let (returning, missed, rate) = (bench.scale.returning, bench.scale.missed, bench.scale.rate);
    let (those, others) = (0..returning, returning..returning + bench.scale.few);
    let subject = bench.server(&[(content::CAMPUS, 0..others.end)]).await?;
    let campus = Arc::new(Audience::new(content::CAMPUS, missed as usize + LIVE));
    let cursors = bench.crowd(&subject, &campus, those.clone()).await?.close().await?;
    while campus.published() < missed {
        subject
            .burst(std::slice::from_ref(&campus), bench.scale.burst.min(missed - campus.published()))
            .await?;
    }
    let subject = bench.restart(subject, None).await?;

    let live = bench.crowd(&subject, &campus, others).await?;
    let calm = steadily(&subject, &campus, bench.steady_count() / 2, rate);
    let calm = measure(&subject, &[&live], calm).await?;

    let plans = those.zip(cursors).map(|(user, cursor)| {
        let cursor = cursor.context("a socket was told of no cursor")?;
        // Clients differ in how they say it.
        let resume = if user % 2 == 0 { Resume::After(cursor) } else { Resume::ResumeAfter(cursor) };
        let [plan] =
            <[Plan; 1]>::try_from(bench.plans(&campus, user..user + 1, 1)).ok().context("one plan")?;
        Ok(Plan { from: 0, resume: Some(resume), ..plan })
    });
    let plans = plans.collect::<Result<Vec<Plan>>>()?;
    let began = Instant::now();
    let opening = Opening { plans, at_once: AT_ONCE, ..Bench::opening(&subject) };
    let back = bench.generator.begin(opening).await?;
    let mut seconds = 0.0;
    let storm = measure(&subject, &[&live], async {
        seconds = publish_until_live(&subject, &campus, rate, &back, began).await?;
        Ok(())
    })
    .await?;
    let mut faults = back.settle().await;
    faults.add(storm.faults.clone());
    let received = back.look(|tally| tally.received);
    back.close().await?;
    live.close().await?;

    let name = format!("{returning} sockets back at once, each {missed} behind");
    Ok(vec![
        Row {
            server: vec![float(faults.lost)],
            bar: Some(Bar::fixed("all caught up, in order", 0.0, 1)),
            faults,
            notes: vec![format!("{received} received")],
            ..Row::new(format!("{name}: not received"), "")
        },
        Row { server: vec![seconds], ..Row::new(format!("{name}: until all are live"), "s") },
        Row {
            server: vec![storm.percentile_ms(99.0)],
            notes: vec![format!("{:.1} ms before", calm.percentile_ms(99.0))],
            ..Row::new(format!("{name}: publish to receipt of others meanwhile, p99"), "ms")
        },
    ])
}

/// Publishes so often a second until everyone is back; gives how long that took, in seconds.
async fn publish_until_live(
    subject: &Subject,
    campus: &Audience,
    rate: u32,
    back: &Crowd,
    began: Instant,
) -> Result<f64> {
    let done = AtomicBool::new(false);
    let publishing = async {
        let mut ticks = interval(Duration::from_secs(1) / rate);
        while !done.load(Ordering::Relaxed) {
            ticks.tick().await;
            subject.publish(campus).await?;
        }
        Ok(())
    };
    let returning = async {
        let live = back.until_live().await;
        done.store(true, Ordering::Relaxed);
        live.map(|()| began.elapsed().as_secs_f64())
    };
    let (published, seconds) = tokio::join!(publishing, returning);
    published.and(seconds)
}
