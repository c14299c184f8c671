//! What a notification costs on its way to thousands of sockets: CPU time, latency and memory of the real server, beside
//! the two of [`crate::baseline`], which meet the same clients, the same load and the same minute of the machine.
//!
//! A [`scenes`] module sets one scene, with the servers and the sockets that it needs, and gives [`report::Row`]s.
//! [`subject`] is whoever is measured, [`measure`] how.

mod bench;
mod directory;
mod measure;
mod report;
mod scale;
mod scenes;
mod subject;

use std::time::Duration;

use anyhow::Result;

use bench::Bench;
pub use report::Report;

use crate::settings::Settings;

/// How long one figure of one round takes, as a rule.
const AT_MOST: Duration = Duration::from_secs(10);
/// The same in a quick run.
const AT_MOST_QUICK: Duration = Duration::from_secs(3);

/// Measures everything, as the environment says (see [`Settings`]). A scene that fails is reported as failed, and the
/// others go on.
pub async fn run() -> Result<Report> {
    let settings = Settings::from_env(AT_MOST, AT_MOST_QUICK)?;
    let bench = Bench::prepare(settings).await?;
    let mut report = Report::new(&bench);
    for scene in scenes::Scene::ALL {
        if !bench.settings.wants(scene.name()) {
            continue;
        }
        eprintln!("{}", scene.name());
        match scene.play(&bench).await {
            Ok(rows) => {
                for row in rows {
                    eprintln!("    {row}");
                    report.add(row);
                }
            }
            Err(error) => report.fail(scene.name(), &error),
        }
    }
    Ok(report)
}
