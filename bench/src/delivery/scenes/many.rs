//! As many sockets as a process may have descriptors: all of them receive everything.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;

use crate::audience::Audience;
use crate::baseline::process::Kind;
use crate::content;
use crate::delivery::bench::Bench;
use crate::delivery::measure::{Sample, measure, steadily};
use crate::delivery::report::{Bar, Row};
use crate::delivery::subject::Subject;
use crate::statistics::float;

pub(super) async fn play(bench: &Bench) -> Result<Vec<Row>> {
    let (sockets, notifications) = (bench.scale.many, bench.scale.to_many);
    let (server, seconds) = tell(bench, bench.server(&[(content::CAMPUS, 0..sockets)]).await?).await?;
    let (bare, bare_seconds) = tell(bench, bench.baseline(Kind::Bare).await?).await?;
    let (textbook, textbook_seconds) = tell(bench, bench.baseline(Kind::Textbook).await?).await?;
    let all = [&server, &bare, &textbook];
    let of = |figure: fn(&Sample) -> f64| all.map(|sample| vec![figure(sample)]);
    let name = format!("{sockets} sockets, {notifications} to each");
    let [server_cpu, bare_cpu, textbook_cpu] = of(Sample::cpu_us);
    let [server_lost, bare_lost, textbook_lost] = of(|sample| float(sample.faults.lost));
    Ok(vec![
        Row {
            server: server_lost,
            bare: bare_lost,
            textbook: textbook_lost,
            bar: Some(Bar::fixed("all received, none dropped", 0.0, 1)),
            faults: server.faults.clone(),
            notes: vec![format!("{} received", server.deliveries)],
            ..Row::new(format!("{name}: not received"), "")
        },
        Row {
            server: server_cpu,
            bare: bare_cpu,
            textbook: textbook_cpu,
            ..Row::new(format!("{name}: CPU per delivery"), "µs")
        },
        Row {
            server: vec![seconds],
            bare: vec![bare_seconds],
            textbook: vec![textbook_seconds],
            ..Row::new(format!("{name}: until all have all"), "s")
        },
    ])
}

async fn tell(bench: &Bench, subject: Subject) -> Result<(Sample, f64)> {
    let (sockets, notifications) = (bench.scale.many, bench.scale.to_many);
    let campus = Arc::new(Audience::new(content::CAMPUS, notifications as usize));
    let crowd = bench.crowd(&subject, &campus, 0..sockets).await?;
    let began = Instant::now();
    let sample =
        measure(&subject, &[&crowd], steadily(&subject, &campus, notifications, bench.scale.rate)).await?;
    let seconds = began.elapsed().as_secs_f64();
    crowd.close().await?;
    Ok((sample, seconds))
}
