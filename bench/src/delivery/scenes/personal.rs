//! One person is told something, while few or many others have sockets: they must cost nothing. Two servers with the same
//! directory, one with few sockets and one with many, are measured in turn.

use std::sync::Arc;

use anyhow::{Context as _, Result};

use crate::audience::Audience;
use crate::delivery::bench::Bench;
use crate::delivery::directory::key;
use crate::delivery::measure::{Sample, measure};
use crate::delivery::report::{Bar, Row};
use crate::delivery::subject::Subject;
use crate::generator::{Crowd, Faults};

const CAMPUS: &str = "north";
/// A round is that many turns, so that a bad second of the machine meets both.
const TURNS: u32 = 10;
const BAR: f64 = 1.2;

/// A server with its sockets.
struct Side {
    subject: Subject,
    crowd: Crowd,
    /// Those who are told in turn; the others are told nothing.
    users: Vec<Arc<Audience>>,
}

pub(super) async fn play(bench: &Bench) -> Result<Vec<Row>> {
    let (few, many) = (bench.scale.few, bench.scale.many);
    let sides = [Side::new(bench, few).await?, Side::new(bench, many).await?];
    for side in &sides {
        side.turn(bench.scale.few).await?;
    }
    let (mut cpu, mut p50, mut p99) = <([Vec<f64>; 2], [Vec<f64>; 2], [Vec<f64>; 2])>::default();
    let mut faults = Faults::default();
    for _ in 0..bench.settings.rounds {
        let mut turns = [Vec::new(), Vec::new()];
        for _ in 0..TURNS {
            for (side, turns) in sides.iter().zip(&mut turns) {
                turns.push(side.turn(bench.scale.personal / TURNS).await?);
            }
        }
        faults = Faults::default();
        for (side, turns) in turns.into_iter().enumerate() {
            let round = Sample::together(turns).context("a round has turns")?;
            cpu[side].push(round.cpu_us());
            p50[side].push(round.percentile_ms(50.0));
            p99[side].push(round.percentile_ms(99.0));
            faults.add(round.faults);
        }
    }
    let mut rows = Vec::new();
    let figures = [
        ("CPU of each", "µs", cpu),
        ("publish to receipt, p50", "ms", p50),
        ("publish to receipt, p99", "ms", p99),
    ];
    for (what, unit, [of_few, of_many]) in figures {
        let name = |sockets| format!("personal, {sockets} sockets connected: {what}");
        let bar = Bar::times(BAR, &format!("the same with {few} sockets"), &of_few);
        rows.push(Row { server: of_few, ..Row::new(name(few), unit) });
        let bar = (!what.ends_with("p50")).then_some(bar);
        rows.push(Row { server: of_many, bar, faults: faults.clone(), ..Row::new(name(many), unit) });
    }
    for side in sides {
        side.crowd.close().await?;
    }
    Ok(rows)
}

impl Side {
    async fn new(bench: &Bench, sockets: u32) -> Result<Self> {
        let (few, many) = (bench.scale.few, bench.scale.many);
        let subject = bench.server(&[(CAMPUS, 0..many)]).await?;
        let capacity = (bench.settings.rounds * bench.scale.personal / few + 2 * TURNS) as usize;
        let users: Vec<_> = (0..few).map(|user| Arc::new(Audience::new(key(user), capacity))).collect();
        let others = Arc::new(Audience::new(CAMPUS, 0));
        // The recipients have connected among the others, not before them.
        let mut plans = bench.plans(&others, few..sockets, 1);
        let apart = plans.len() / users.len();
        for (user, audience) in (0..).zip(&users) {
            let at = user as usize * (apart + 1);
            plans.splice(at..at, bench.plans(audience, user..user + 1, 1));
        }
        Ok(Self { crowd: bench.crowd_of(&subject, plans).await?, subject, users })
    }

    /// Tells so many, one after the other.
    async fn turn(&self, count: u32) -> Result<Sample> {
        measure(&self.subject, &[&self.crowd], async {
            for _ in 0..count {
                let next = self.users.iter().min_by_key(|user| user.published());
                if let Some(user) = next {
                    self.subject.notify(user).await?;
                }
            }
            Ok(())
        })
        .await
    }
}
