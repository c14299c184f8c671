//! Everyone on one campus is told: steadily, and in bursts. The server and both baselines have their sockets at the same
//! time, and are measured in turn.

use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};

use crate::audience::Audience;
use crate::baseline::process::Kind;
use crate::content;
use crate::delivery::bench::Bench;
use crate::delivery::measure::{Bursts, Sample, measure, steadily};
use crate::delivery::report::{Bar, Row};
use crate::delivery::subject::Subject;
use crate::generator::{Crowd, Faults};

/// Notifications in all rounds.
const CAPACITY: usize = 100_000;
/// What is sent first, unmeasured.
const WARM_UP: u32 = 20;
/// (a) is honest only below these, in µs on a machine like the one that the bars were set on: steady, and in bursts.
const HONEST: [f64; 2] = [8.5, 0.6];

/// Turns of a round: in each, all three are measured, so that a bad second of the machine meets all of them.
const TURNS: u32 = 5;
/// Places among the three; the server's is the first.
const BARE: usize = 1;
const TEXTBOOK: usize = 2;

/// Whoever is measured, with a crowd of its own.
struct Stand {
    subject: Subject,
    campus: Arc<Audience>,
    crowd: Crowd,
}

/// How it is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Steadily,
    InBursts,
}

/// One manner's samples, round by round: of the server, bare, textbook.
type Rounds = Vec<[Sample; 3]>;

pub(super) async fn play(bench: &Bench, sockets: u32, with_bursts: bool) -> Result<Vec<Row>> {
    let stands = [
        Stand::new(bench, bench.server(&[(content::CAMPUS, 0..sockets)]).await?, sockets)
            .await
            .context("server")?,
        Stand::new(bench, bench.baseline(Kind::Bare).await?, sockets).await.context("bare")?,
        Stand::new(bench, bench.baseline(Kind::Textbook).await?, sockets).await.context("textbook")?,
    ];
    let (mut steady, mut bursts, mut disk) = (Rounds::new(), Rounds::new(), Vec::new());
    for round in 1..=bench.settings.rounds {
        eprintln!("    round {round}");
        disk.push(bench.fdatasync_p99_ms().await?);
        steady.push(round_of(bench, &stands, Manner::Steadily).await?);
        if with_bursts {
            bursts.push(round_of(bench, &stands, Manner::InBursts).await?);
        }
    }
    for stand in stands {
        stand.crowd.close().await?;
    }
    let (rate, burst) = (bench.scale.rate, bench.scale.burst);
    let name = format!("{sockets} sockets, {rate} a second");
    let mut rows = rows(&name, &steady, &disk, with_bursts.then_some(Manner::Steadily));
    if with_bursts {
        let name = format!("{sockets} sockets, bursts of {burst}");
        rows.extend(self::rows(&name, &bursts, &disk, Some(Manner::InBursts)));
    }
    rows.push(Row {
        server: disk,
        ..Row::new(format!("{sockets} sockets: the disk's own fdatasync meanwhile, p99"), "ms")
    });
    Ok(rows)
}

impl Stand {
    async fn new(bench: &Bench, subject: Subject, sockets: u32) -> Result<Self> {
        let campus = Arc::new(Audience::new(content::CAMPUS, CAPACITY));
        let crowd = bench.crowd(&subject, &campus, 0..sockets).await?;
        let stand = Self { subject, campus, crowd };
        stand.subject.burst(std::slice::from_ref(&stand.campus), WARM_UP).await?;
        let faults = stand.crowd.settle().await;
        ensure!(faults.is_none(), "failed to warm up: {faults}");
        Ok(stand)
    }

    /// One turn of a round.
    async fn turn(&self, bench: &Bench, manner: Manner) -> Result<Sample> {
        let (subject, crowds) = (&self.subject, [&self.crowd]);
        match manner {
            Manner::Steadily => {
                let (count, rate) = (bench.steady_count().div_ceil(TURNS), bench.scale.rate);
                measure(subject, &crowds, steadily(subject, &self.campus, count, rate)).await
            }
            Manner::InBursts => {
                let campuses = std::slice::from_ref(&self.campus);
                let (size, times) = (bench.scale.burst, bench.scale.bursts.div_ceil(TURNS));
                let bursts = Bursts { campuses, size, times, at_most: bench.settings.at_most };
                measure(subject, &crowds, bursts.publish(subject, &crowds)).await
            }
        }
    }
}

/// A round: all have their turns one after the other, several times.
async fn round_of(bench: &Bench, stands: &[Stand; 3], manner: Manner) -> Result<[Sample; 3]> {
    let mut turns = [const { Vec::new() }; 3];
    for turn in 0..TURNS {
        for (who, (stand, turns)) in stands.iter().zip(&mut turns).enumerate() {
            // The textbook takes a minute where others take a second.
            let once = manner == Manner::InBursts && who == TEXTBOOK;
            if turn == 0 || !once {
                turns.push(stand.turn(bench, manner).await?);
            }
        }
    }
    let samples = turns.into_iter().map(|turns| Sample::together(turns).context("a round has turns"));
    let samples = samples.collect::<Result<Vec<_>>>()?;
    let faults = &samples[BARE].faults;
    ensure!(faults.is_none(), "nothing can be compared with a baseline of which {faults}");
    <[Sample; 3]>::try_from(samples).ok().context("three have turns")
}

/// `bar`: the manner whose bar of CPU time there is.
fn rows(name: &str, rounds: &Rounds, disk: &[f64], bar: Option<Manner>) -> Vec<Row> {
    let mut cpu = row(format!("{name}: CPU per delivery"), "µs", rounds, Sample::cpu_us);
    if let Some(manner) = bar {
        let (bar, honest) = cpu_bar(manner, &cpu);
        let holds = if cpu.bare.iter().all(|&figure| figure < honest) { "" } else { "NOT " };
        cpu.notes.push(format!("(a) is {holds}below {honest} in every round"));
        cpu.bar = Some(bar);
    }
    cpu.faults = rounds.last().map_or_else(Faults::default, |samples| samples[0].faults.clone());
    if let Some([server, bare, textbook]) = rounds.last() {
        let bytes = [server, bare, textbook].map(|sample| format!("{:.0}", sample.bytes_each()));
        cpu.notes.push(format!("bytes of a delivery: {}", bytes.join(", ")));
        if !textbook.faults.is_none() {
            cpu.notes.push(format!("textbook: {}", textbook.faults));
        }
    }
    let p50 =
        row(format!("{name}: publish to receipt, p50"), "ms", rounds, |sample| sample.percentile_ms(50.0));
    let mut p99 =
        row(format!("{name}: publish to receipt, p99"), "ms", rounds, |sample| sample.percentile_ms(99.0));
    let limits = p99.bare.iter().zip(disk).map(|(bare, disk)| 1.5 * bare + 2.0 * disk).collect();
    p99.bar = Some(Bar { words: "at most 1.5 × (a) + 2 × fdatasync p99".into(), limits });
    vec![cpu, p50, p99]
}

fn row(name: String, unit: &'static str, rounds: &Rounds, figure: impl Fn(&Sample) -> f64) -> Row {
    let of = |who: usize| rounds.iter().map(|samples| figure(&samples[who])).collect();
    Row { server: of(0), bare: of(BARE), textbook: of(TEXTBOOK), ..Row::new(name, unit) }
}

/// The bar, and what (a) must be below to be worth comparing with.
fn cpu_bar(manner: Manner, cpu: &Row) -> (Bar, f64) {
    let both = cpu.bare.iter().zip(&cpu.textbook);
    match manner {
        Manner::Steadily => {
            let limits = both.map(|(bare, textbook)| (1.15 * bare).min(0.5 * textbook)).collect();
            (Bar { words: "at most 1.15 × (a), and half of (b)".into(), limits }, HONEST[0])
        }
        Manner::InBursts => {
            let limits = both.map(|(bare, textbook)| (2.0 * bare).max(1.0).min(textbook / 15.0)).collect();
            (Bar { words: "at most 1 µs or 2 × (a), and a fifteenth of (b)".into(), limits }, HONEST[1])
        }
    }
}
