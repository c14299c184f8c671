//! How long it takes to read one's history, and to say what of it is read, when the log holds ten thousand notifications and
//! when it holds ten million; and to publish to ten people and to a million. And for how long the server's own [`upkeep`] holds its
//! writer.
//!
//! [`fill`] writes logs, [`kept`] keeps them; a [`stage`] is a server with one of them; [`measure`] asks each [`figure`].

mod figure;
mod fill;
mod kept;
mod measure;
mod moved;
mod people;
mod publish;
mod report;
mod stage;
mod upkeep;

use std::time::Duration;

use anyhow::{Context as _, Result};

use figure::{BLOCK, Figure, TURNS};
use kept::Kept;
use measure::Amount;
use moved::Moved;
use people::Person;
pub use report::Report;
use stage::Stage;

use crate::disk;
use crate::postgres::Programs;
use crate::server::Executable;
use crate::settings::Settings;
use crate::statistics::percentile_ms;

/// How long the calls of one figure with one size take at most, in one round.
const AT_MOST: Duration = Duration::from_secs(10);
/// The same in a quick run.
const AT_MOST_QUICK: Duration = Duration::from_secs(5);
/// How long the disk is measured in each round.
const DISK: Duration = Duration::from_secs(2);
/// Bytes that a database takes while it is filled, for each notification or member.
const SPACE: u64 = 1_024;
/// So many times that, where it is moved to PostgreSQL.
const MOVED: u64 = 3;

/// How much of everything there is.
struct Scale {
    /// Notifications of each log.
    sizes: &'static [u32],
    /// Of the large campus.
    members: u32,
    /// Calls of each figure with each size in one round.
    calls: usize,
    /// Publishes to each campus in one round: what is compared is the slowest hundredth of a millisecond's work.
    publishes: usize,
}

const FULL: Scale =
    Scale { sizes: &[10_000, 1_000_000, 10_000_000], members: 1_000_000, calls: 600, publishes: 6_000 };
const QUICK: Scale = Scale { sizes: &[10_000, 100_000], members: 50_000, calls: 300, publishes: 1_000 };

/// Measures everything, as the environment says (see [`Settings`]).
pub async fn run() -> Result<Report> {
    let settings = Settings::from_env(AT_MOST, AT_MOST_QUICK)?;
    disk::check_is_real(&settings.folder)?;
    eprintln!("building campanile-server");
    let server = Executable::build(&settings.build).await?;
    let scale = if settings.quick { QUICK } else { FULL };
    let kept = Kept::open(&settings.folder).await?;
    let programs =
        settings.on_postgres.then(|| Programs::find().context("no PostgreSQL is installed")).transpose()?;
    let moved = async |name: &str, filled, space| match &programs {
        Some(programs) => Moved::from(name, filled, &kept, MOVED * space, programs, &server).await,
        None => Ok(filled),
    };
    let mut report = Report::new(&settings, scale.sizes, scale.members);

    let figures = figures(&settings);
    let (mut stages, mut overdue) = (Vec::new(), None);
    for &size in scale.sizes {
        // It works on a file, past any server.
        let has_upkeep = programs.is_none() && settings.wants(upkeep::NAME) && size == scale.sizes[1];
        if figures.is_empty() && !has_upkeep {
            continue;
        }
        let name = format!("{size}-notifications");
        let fill = async |database: &std::path::Path| fill::notifications(database, size).await;
        let space = u64::from(size) * SPACE;
        let filled = moved(&name, kept.database(&name, space, fill).await?, space).await?;
        report.found(&name, &filled);
        if has_upkeep {
            overdue = Some(filled.clone());
        }
        if !figures.is_empty() {
            stages.push(Stage::set(size, filled, &server).await?);
        }
    }
    let mut campuses = None;
    if settings.wants(publish::NAME) {
        let (members, name) = (scale.members, format!("{}-members", scale.members));
        let fill = async |database: &std::path::Path| fill::members(database, members).await;
        let space = u64::from(members) * SPACE;
        let filled = moved(&name, kept.database(&name, space, fill).await?, space).await?;
        report.found(&name, &filled);
        campuses = Some(filled);
    }

    let amount = Amount { blocks: scale.calls.div_ceil(BLOCK), at_most: settings.at_most };
    for round in 1..=settings.rounds {
        eprintln!("round {round} of {}", settings.rounds);
        report.add_disk(fdatasync_p99_ms(&settings).await?);
        report.add(&figures, measure::round(&mut stages, &figures, amount).await?);
        if let Some(filled) = &campuses {
            report.add_publishes(publish::round(filled, &server, scale.publishes, settings.at_most).await?);
        }
        if let Some(filled) = &overdue {
            report.add_upkeep(upkeep::round(filled, settings.at_most).await?);
        }
        eprintln!("{report}");
    }
    for stage in &mut stages {
        stage.stop().await?;
    }
    for moved in
        stages.iter().map(|stage| &stage.filled).chain(&campuses).filter_map(|filled| filled.moved.as_ref())
    {
        moved.stop().await?;
    }
    Ok(report)
}

/// Those that are asked for.
fn figures(settings: &Settings) -> Vec<Figure> {
    let asks = || TURNS.iter().flat_map(|(_, asks)| *asks);
    let all = Person::ALL.into_iter().flat_map(|person| asks().map(move |ask| Figure { person, ask: *ask }));
    all.filter(|figure| settings.wants(&figure.to_string())).collect()
}

async fn fdatasync_p99_ms(settings: &Settings) -> Result<f64> {
    let folder = tempfile::Builder::new().prefix("campanile-bench-").tempdir_in(&settings.folder)?;
    let times = tokio::task::spawn_blocking(move || disk::append_and_sync(folder.path(), DISK)).await??;
    percentile_ms(&times, 99).context("nothing was synced")
}
