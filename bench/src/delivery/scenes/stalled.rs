//! Many sockets stop to read while much is published: the server needs no more memory than when they read all the time, and
//! when they read again each receives everything, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::time::{MissedTickBehavior, interval, sleep_until};

use crate::audience::Audience;
use crate::content;
use crate::delivery::bench::Bench;
use crate::delivery::report::{Bar, Row};
use crate::delivery::subject::Subject;
use crate::memory::pss_kib;
use crate::statistics::float;

/// How long they do not read.
const STALL: Duration = Duration::from_secs(20);
/// What is published in most of it.
const FLOOD: Duration = Duration::from_secs(15);
const LOOK: Duration = Duration::from_millis(500);
/// Memory that grows by no more than this has stayed as it was. A queue for each of 1,000 sockets would need far more. What
/// the same flood takes anyway (requests, the database's caches) is not counted: it comes first, to sockets that read.
const BAR_MIB: f64 = 32.0;

pub(super) async fn play(bench: &Bench) -> Result<Vec<Row>> {
    let (sockets, flood, burst) = (bench.scale.stalled, bench.scale.flood, bench.scale.burst);
    let subject = bench.server(&[(content::CAMPUS, 0..sockets)]).await?;
    let campus = [Arc::new(Audience::new(content::CAMPUS, (2 * flood + 2 * burst) as usize))];
    let crowd = bench.crowd(&subject, &campus[0], 0..sockets).await?;
    let (before, done) = (pss_kib(subject.pid())?, AtomicBool::new(false));
    let reading = async {
        publish(&subject, &campus, flood, burst).await?;
        let faults = crowd.settle().await;
        done.store(true, Ordering::Relaxed);
        Ok(faults)
    };
    let (_, anyway) = tokio::try_join!(reading, most_memory(subject.pid(), &done))?;

    let done = AtomicBool::new(false);
    let (mut stalled, mut caught_up) = (0.0, 0.0);
    let flooding = async {
        let began = Instant::now();
        crowd.read(false)?;
        publish(&subject, &campus, flood, burst).await?;
        sleep_until((began + STALL).into()).await;
        stalled = began.elapsed().as_secs_f64();
        crowd.read(true)?;
        let faults = crowd.settle().await;
        caught_up = began.elapsed().as_secs_f64() - stalled;
        done.store(true, Ordering::Relaxed);
        Ok(faults)
    };
    let (faults, most) = tokio::try_join!(flooding, most_memory(subject.pid(), &done))?;
    let grown = float(most.saturating_sub(anyway)) / 1_024.0;
    let received = crowd.look(|tally| tally.received);
    crowd.close().await?;

    let name = format!("{sockets} sockets stall during {flood} notifications");
    let notes = vec![format!(
        "{:.1} MiB before, at most {:.1} MiB during a flood that is read at once, {:.1} MiB during one that is not; {stalled:.0} s \
         without reading, {caught_up:.0} s to catch up",
        float(before) / 1_024.0,
        float(anyway) / 1_024.0,
        float(most) / 1_024.0
    )];
    Ok(vec![
        Row {
            server: vec![grown],
            bar: Some(Bar::fixed(
                format!("flat: at most {BAR_MIB} MiB more than where all is read at once"),
                BAR_MIB,
                1,
            )),
            notes,
            ..Row::new(format!("{name}: PSS grows by at most"), "MiB")
        },
        Row {
            server: vec![float(faults.lost)],
            bar: Some(Bar::fixed("each receives every one, in order", 0.0, 1)),
            faults,
            notes: vec![format!("{received} received")],
            ..Row::new(format!("{name}: not received"), "")
        },
    ])
}

/// Publishes so much, evenly over [`FLOOD`] if that can be done.
async fn publish(subject: &Subject, campus: &[Arc<Audience>], count: u32, burst: u32) -> Result<()> {
    let calls = count.div_ceil(burst);
    let mut ticks = interval(FLOOD / calls);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let end = campus[0].published() + count;
    while campus[0].published() < end {
        ticks.tick().await;
        subject.burst(campus, burst.min(end - campus[0].published())).await?;
    }
    Ok(())
}

/// The most that the process has in memory, in KiB, until it is done.
async fn most_memory(pid: u32, done: &AtomicBool) -> Result<u64> {
    let mut ticks = interval(LOOK);
    let mut most = 0;
    while !done.load(Ordering::Relaxed) {
        ticks.tick().await;
        most = most.max(pss_kib(pid)?);
    }
    Ok(most)
}
