//! What a subscribed socket costs in memory, when it is idle again after much was delivered to it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::time::sleep;

use crate::audience::Audience;
use crate::baseline::process::Kind;
use crate::content;
use crate::delivery::bench::Bench;
use crate::delivery::report::{Bar, Row};
use crate::delivery::subject::Subject;
use crate::memory::pss_kib;
use crate::statistics::float;
use crate::tls::Certificate;

const BAR_KIB: f64 = 4.0;
const BAR_OVER_TLS_KIB: f64 = 12.0;
/// The textbook needs this much longer for everything; it is told less.
const LESS: u32 = 10;
/// Memory that changes by less than a hundredth in this time is what it stays at.
const CALM: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(500);
/// It is not waited for longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// KiB of PSS.
struct Memory {
    /// By socket, without what the process had before.
    each: f64,
    /// The same before anything was delivered.
    at_first: f64,
    /// Of the whole process.
    whole: u64,
}

pub(super) async fn play(bench: &Bench) -> Result<Vec<Row>> {
    let notifications = bench.scale.before_idle;
    let server = idle_again(bench, server(bench, None).await?, notifications).await?;
    let bare = idle_again(bench, bench.baseline(Kind::Bare).await?, notifications).await?;
    let textbook = idle_again(bench, bench.baseline(Kind::Textbook).await?, notifications / LESS).await?;
    let row = row(bench, "memory", &server, BAR_KIB);
    let mut row = Row { bare: vec![bare.each], textbook: vec![textbook.each], ..row };
    row.notes.push(format!("the textbook after {} deliveries", notifications / LESS));
    Ok(vec![row])
}

pub(super) async fn play_over_tls(bench: &Bench) -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let certificate = Certificate::make(folder.path())?;
    let subject = server(bench, Some(&certificate)).await?;
    let server = idle_again(bench, subject, bench.scale.before_idle).await?;
    Ok(vec![row(bench, "memory over TLS", &server, BAR_OVER_TLS_KIB)])
}

fn row(bench: &Bench, what: &str, memory: &Memory, bar_kib: f64) -> Row {
    let (sockets, notifications) = (bench.scale.idle, bench.scale.before_idle);
    let name =
        format!("{what}: {sockets} sockets, idle again after {notifications} deliveries each: PSS of each");
    let whole = float(memory.whole);
    Row {
        server: vec![memory.each],
        bar: Some(Bar::fixed(format!("at most {bar_kib} KiB"), bar_kib, 1)),
        notes: vec![format!(
            "without what the server had before, and {:.2} KiB before any delivery; with it {:.2} KiB, {:.1} MiB in all",
            memory.at_first,
            whole / f64::from(sockets),
            whole / 1_024.0
        )],
        ..Row::new(name, "KiB")
    }
}

/// A server that has just begun: what it took to make the directory is not what a socket costs, nor may sockets use it.
async fn server(bench: &Bench, certificate: Option<&Certificate>) -> Result<Subject> {
    let subject = bench.server(&[(content::CAMPUS, 0..bench.scale.idle)]).await?;
    bench.restart(subject, certificate).await
}

async fn idle_again(bench: &Bench, subject: Subject, notifications: u32) -> Result<Memory> {
    let (sockets, burst) = (bench.scale.idle, bench.scale.burst);
    let campus = [Arc::new(Audience::new(content::CAMPUS, notifications as usize))];
    let before = when_calm(subject.pid()).await?;
    let crowd = bench.crowd(&subject, &campus[0], 0..sockets).await?;
    let first = when_calm(subject.pid()).await?;
    while campus[0].published() < notifications {
        subject.burst(&campus, burst.min(notifications - campus[0].published())).await?;
        let faults = crowd.settle().await;
        ensure!(faults.is_none(), "{faults}");
    }
    let whole = when_calm(subject.pid()).await?;
    crowd.close().await?;
    let each = |whole: u64| float(whole.saturating_sub(before)) / f64::from(sockets);
    Ok(Memory { each: each(whole), at_first: each(first), whole })
}

async fn when_calm(pid: u32) -> Result<u64> {
    let (began, mut since, mut then) = (Instant::now(), Instant::now(), pss_kib(pid)?);
    while since.elapsed() < CALM && began.elapsed() < PATIENCE {
        sleep(LOOK).await;
        let now = pss_kib(pid)?;
        if now.abs_diff(then) > then / 100 {
            (since, then) = (Instant::now(), now);
        }
    }
    pss_kib(pid)
}
