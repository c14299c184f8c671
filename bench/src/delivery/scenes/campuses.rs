//! Three campuses in turn instead of one: that neighbours in a burst are for others must not cost a write for each.

use std::sync::Arc;

use anyhow::Result;

use crate::audience::Audience;
use crate::delivery::bench::Bench;
use crate::delivery::measure::{Bursts, measure};
use crate::delivery::report::{Bar, Row};
use crate::generator::Faults;

const THREE: [&str; 3] = ["east", "west", "south"];
/// Notifications in all rounds.
const CAPACITY: usize = 100_000;
/// What is sent first, unmeasured.
const WARM_UP: u32 = 21;
const BAR: f64 = 1.3;

pub(super) async fn play(bench: &Bench) -> Result<Vec<Row>> {
    // As many sockets on the three together as on the one.
    let third = bench.scale.crowd / 3;
    let sockets = 3 * third;
    let directory = [
        ("north", 0..sockets),
        (THREE[0], sockets..sockets + third),
        (THREE[1], sockets + third..sockets + 2 * third),
        (THREE[2], sockets + 2 * third..2 * sockets),
    ];
    let subject = bench.server(&directory).await?;
    let (mut campuses, mut crowds) = (Vec::new(), Vec::new());
    for (key, users) in directory {
        let campus = Arc::new(Audience::new(key, CAPACITY));
        crowds.push(bench.crowd(&subject, &campus, users).await?);
        campuses.push(campus);
    }
    let crowds: Vec<_> = crowds.iter().collect();
    let burst = bench.scale.burst;
    // In the last one each socket receives as much as in the first, in the second each publish counts as much.
    let sides = [
        ("one campus", &campuses[..1], &crowds[..1], burst),
        ("three campuses in turn", &campuses[1..], &crowds[1..], burst),
        ("three campuses in turn", &campuses[1..], &crowds[1..], 3 * burst),
    ];
    let mut figures = [vec![], vec![], vec![]];
    let mut faults = Faults::default();
    for (_, campuses, crowds, _) in sides {
        subject.burst(campuses, WARM_UP).await?;
        for crowd in crowds {
            crowd.settle().await;
        }
    }
    for _ in 0..bench.settings.rounds {
        faults = Faults::default();
        for ((_, campuses, crowds, size), figures) in sides.iter().zip(&mut figures) {
            let (size, times) = (*size, bench.scale.bursts);
            let bursts = Bursts { campuses, size, times, at_most: bench.settings.at_most };
            let sample = measure(&subject, crowds, bursts.publish(&subject, crowds)).await?;
            figures.push(sample.cpu_us());
            faults.add(sample.faults);
        }
    }
    let one = figures[0].clone();
    let rows = sides.iter().zip(figures).map(|((name, campuses, _, size), figures)| {
        let name = format!("{sockets} sockets, {name}, bursts of {size}: CPU per delivery");
        let bar = (campuses.len() > 1).then(|| Bar::times(BAR, "one campus", &one));
        Row { server: figures, bar, faults: faults.clone(), ..Row::new(name, "µs") }
    });
    Ok(rows.collect())
}
