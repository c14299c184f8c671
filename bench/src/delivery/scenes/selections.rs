//! Ten selections instead of one: what sockets ask for alike is to be executed once.

use std::sync::Arc;

use anyhow::Result;

use crate::audience::Audience;
use crate::delivery::bench::Bench;
use crate::delivery::measure::{Bursts, Sample, measure, steadily};
use crate::delivery::report::{Bar, Row};
use crate::delivery::subject::Subject;
use crate::generator::{Crowd, Faults};

const SELECTIONS: usize = 10;
/// Notifications in all rounds.
const CAPACITY: usize = 100_000;
/// What is sent first, unmeasured.
const WARM_UP: u32 = 20;
const BAR: f64 = 1.3;

/// A campus whose people share so many selections.
struct Side {
    campus: [Arc<Audience>; 1],
    crowd: Crowd,
}

pub(super) async fn play(bench: &Bench) -> Result<Vec<Row>> {
    let sockets = bench.scale.crowd;
    let subject = bench.server(&[("one", 0..sockets), ("ten", sockets..2 * sockets)]).await?;
    let mut sides = Vec::new();
    for (key, users, selections) in [("one", 0..sockets, 1), ("ten", sockets..2 * sockets, SELECTIONS)] {
        let campus = [Arc::new(Audience::new(key, CAPACITY))];
        let crowd = bench.crowd_of(&subject, bench.plans(&campus[0], users, selections)).await?;
        subject.burst(&campus, WARM_UP).await?;
        crowd.settle().await;
        sides.push(Side { campus, crowd });
    }
    let (mut steady, mut bursts, mut faults) = ([vec![], vec![]], [vec![], vec![]], Faults::default());
    for _ in 0..bench.settings.rounds {
        faults = Faults::default();
        for (side, figures) in sides.iter().zip(&mut steady) {
            figures.push(side.steadily(bench, &subject).await?.cpu_us());
        }
        for (side, figures) in sides.iter().zip(&mut bursts) {
            let sample = side.in_bursts(bench, &subject).await?;
            figures.push(sample.cpu_us());
            faults.add(sample.faults);
        }
    }
    let (rate, burst) = (bench.scale.rate, bench.scale.burst);
    let mut rows = Vec::new();
    for (manner, [one, ten]) in [(format!("{rate} a second"), steady), (format!("bursts of {burst}"), bursts)]
    {
        let name = |selections: &str| format!("{sockets} sockets, {selections}, {manner}: CPU per delivery");
        let bar = Some(Bar::times(BAR, "one selection", &one));
        rows.push(Row { server: one, ..Row::new(name("one selection"), "µs") });
        let ten = Row { server: ten, bar, ..Row::new(name(&format!("{SELECTIONS} selections")), "µs") };
        rows.push(Row { faults: faults.clone(), ..ten });
    }
    for side in sides {
        side.crowd.close().await?;
    }
    Ok(rows)
}

impl Side {
    async fn steadily(&self, bench: &Bench, subject: &Subject) -> Result<Sample> {
        let publishing = steadily(subject, &self.campus[0], bench.steady_count(), bench.scale.rate);
        measure(subject, &[&self.crowd], publishing).await
    }

    async fn in_bursts(&self, bench: &Bench, subject: &Subject) -> Result<Sample> {
        let crowds = [&self.crowd];
        let (size, times) = (bench.scale.burst, bench.scale.bursts);
        let bursts = Bursts { campuses: &self.campus, size, times, at_most: bench.settings.at_most };
        measure(subject, &crowds, bursts.publish(subject, &crowds)).await
    }
}
