//! Two servers on one PostgreSQL database instead of one, for the same people: what is published at the first reaches the sockets of
//! both, and a delivery costs as much as it did. The database's own CPU time is not counted; its servers' is, that of both.

use std::sync::Arc;

use anyhow::Result;

use crate::audience::Audience;
use crate::delivery::bench::Bench;
use crate::delivery::measure::{Bursts, Sample, measure_together, steadily};
use crate::delivery::report::{Bar, Row};
use crate::delivery::subject::Subject;
use crate::generator::{Crowd, Faults};
use crate::postgres::Programs;

const CAMPUS: &str = "north";
/// Notifications in all rounds.
const CAPACITY: usize = 100_000;
/// What is sent first, unmeasured.
const WARM_UP: u32 = 20;
const BAR: f64 = 1.15;

/// Servers on a database of their own, and everybody's sockets on them.
struct Side {
    campus: [Arc<Audience>; 1],
    servers: Vec<Subject>,
    crowds: Vec<Crowd>,
}

pub(super) async fn play(bench: &Bench) -> Result<Vec<Row>> {
    let Some(programs) = Programs::find() else {
        eprintln!("no PostgreSQL is installed, with psql and pgbench: two servers are left out");
        return Ok(Vec::new());
    };
    let postgres = programs.start(&bench.settings.folder).await?;
    // As many as one server has elsewhere: the cores that servers, clients and database share have no more to do, either way.
    let each_of_two = bench.scale.crowd / 2;
    let everybody = 2 * each_of_two;
    let mut sides = Vec::new();
    for (database, on_each) in [("one", vec![everybody]), ("two", vec![each_of_two; 2])] {
        postgres.ask("postgres", &format!("CREATE DATABASE {database}")).await?;
        sides.push(Side::set(bench, &postgres.url(database), &on_each).await?);
    }
    let (mut steady, mut bursts) = ([vec![], vec![]], [vec![], vec![]]);
    let mut faults = Faults::default();
    for _ in 0..bench.settings.rounds {
        faults = Faults::default();
        for (side, figures) in sides.iter().zip(&mut steady) {
            figures.push(side.steadily(bench).await?.cpu_us());
        }
        for (side, figures) in sides.iter().zip(&mut bursts) {
            let sample = side.in_bursts(bench).await?;
            figures.push(sample.cpu_us());
            faults.add(sample.faults);
        }
    }
    let (rate, burst) = (bench.scale.rate, bench.scale.burst);
    let mut rows = Vec::new();
    for (manner, [one, two]) in [(format!("{rate} a second"), steady), (format!("bursts of {burst}"), bursts)]
    {
        let name = |servers: &str| format!("{everybody} sockets on {servers}, {manner}: CPU per delivery");
        let bar = Some(Bar::times(BAR, "one server", &one));
        rows.push(Row { server: one, ..Row::new(name("one server"), "µs") });
        let two = Row { server: two, bar, ..Row::new(name("two servers"), "µs") };
        rows.push(Row { faults: faults.clone(), ..two });
    }
    for side in sides {
        for crowd in side.crowds {
            crowd.close().await?;
        }
        for server in side.servers {
            server.stop().await?;
        }
    }
    postgres.stop().await?;
    Ok(rows)
}

impl Side {
    async fn set(bench: &Bench, database: &str, on_each: &[u32]) -> Result<Self> {
        let campus = [Arc::new(Audience::new(CAMPUS, CAPACITY))];
        let (mut servers, mut crowds) = (Vec::new(), Vec::new());
        let mut first = 0;
        for sockets in on_each {
            let server = bench.server_on(database).await?;
            if first == 0 {
                server.set_up(&[(CAMPUS, 0..on_each.iter().sum())]).await?;
            }
            crowds.push(bench.crowd(&server, &campus[0], first..first + sockets).await?);
            servers.push(server);
            first += sockets;
        }
        let side = Self { campus, servers, crowds };
        side.servers[0].burst(&side.campus, WARM_UP).await?;
        for crowd in &side.crowds {
            crowd.settle().await;
        }
        Ok(side)
    }

    fn everybody(&self) -> (Vec<&Subject>, Vec<&Crowd>) {
        (self.servers.iter().collect(), self.crowds.iter().collect())
    }

    async fn steadily(&self, bench: &Bench) -> Result<Sample> {
        let (servers, crowds) = self.everybody();
        let publishing = steadily(servers[0], &self.campus[0], bench.steady_count(), bench.scale.rate);
        measure_together(servers, &crowds, publishing).await
    }

    async fn in_bursts(&self, bench: &Bench) -> Result<Sample> {
        let (servers, crowds) = self.everybody();
        let (size, times) = (bench.scale.burst, bench.scale.bursts);
        let bursts = Bursts { campuses: &self.campus, size, times, at_most: bench.settings.at_most };
        let first = servers[0];
        measure_together(servers, &crowds, bursts.publish(first, &crowds)).await
    }
}
